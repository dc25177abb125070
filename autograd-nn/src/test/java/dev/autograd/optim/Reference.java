package dev.autograd.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Tensor;

/// A parameter of a few doubles, and a sequence of gradients that depend on it and on the step.
final class Reference {
  static final int STEPS = 8;

  private Reference() {}

  static double[] start() {
    return new double[] {1.5, -0.7, 0.1, 3};
  }

  /// Returns the gradient at step `t`, counted from 1, in the point `p`.
  static double[] gradient(double[] p, int t) {
    double[] g = new double[p.length];
    for (int i = 0; i < g.length; i++) {
      g[i] = 2 * p[i] + Math.sin(3 * t + i);
    }
    return g;
  }

  /// Lets the optimizer take one step from where the parameter is.
  static void step(Optimizer optimizer, Tensor parameter, int t) {
    parameter.grad(Tensor.of(gradient(parameter.toDoubleArray(), t)));
    optimizer.step();
  }

  static void assertAt(Tensor parameter, double[] expected, int t) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(parameter.at(i))
          .as("element %d after step %d", i, t)
          .isCloseTo(expected[i], within(1e-12));
    }
  }
}
