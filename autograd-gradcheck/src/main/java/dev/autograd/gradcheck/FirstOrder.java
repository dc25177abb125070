package dev.autograd.gradcheck;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares the gradient of a weighted sum of an operation's outputs with finite differences.
final class FirstOrder {
  private static final GradOptions ONCE = GradOptions.defaults().allowingUnused();

  private final Case c;
  private final Tolerance tolerance;
  private final Tally tally;
  private final int findingsBefore;

  FirstOrder(Case c, Tolerance tolerance, Tally tally) {
    this.c = c;
    this.tolerance = tolerance;
    this.tally = tally;
    this.findingsBefore = tally.findings().size();
  }

  boolean passed() {
    return tally.findings().size() == findingsBefore;
  }

  /// Returns fresh leaves of the sample's inputs; those that are compared require grad.
  static List<Tensor> leaves(Case c) {
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < c.inputs().size(); i++) {
      Tensor x = c.inputs().get(i);
      all.add(c.compares(i) ? x.detach().requiresGrad(true) : x);
    }
    return all;
  }

  void check() {
    List<Tensor> in = leaves(c);
    List<Tensor> out = Case.apply(c.operation(), in);
    List<Tensor> again = Case.apply(c.operation(), leaves(c));
    sameBits("forward", out, again);
    List<Integer> compared = compared();
    boolean asks = !compared.isEmpty();
    List<Tensor> tracked = out.stream().filter(Tensor::requiresGrad).toList();
    if (!c.operation().differentiable()) {
      if (!tracked.isEmpty()) {
        tally.add(
            Finding.of(
                Finding.Kind.GRADCHECK_NONDIFF, c, "an output requires grad; " + c.shapes()));
      }
      return;
    }
    if (!asks) {
      return;
    }
    untrackedDoNotDepend(out, compared);
    if (tracked.isEmpty()) {
      return;
    }
    List<Tensor> weights = Weights.like(tracked, c.seed());
    List<Tensor> wanted = compared.stream().map(in::get).toList();
    List<@Nullable Tensor> grads =
        Autograd.grad(tracked, wanted, weights, new GradOptions(true, false, true));
    List<@Nullable Tensor> second = Autograd.grad(tracked, wanted, weights, ONCE);
    for (int k = 0; k < compared.size(); k++) {
      compare(compared.get(k), grads.get(k), second.get(k), tracked.size(), weights);
    }
    zeroSeed(compared);
  }

  private List<Integer> compared() {
    List<Integer> compared = new ArrayList<>();
    for (int i = 0; i < c.inputs().size(); i++) {
      if (c.compares(i)) {
        compared.add(i);
      }
    }
    return compared;
  }

  private void compare(
      int i,
      @Nullable Tensor grad,
      @Nullable Tensor second,
      int trackedOutputs,
      List<Tensor> weights) {
    Tensor x = c.inputs().get(i);
    if (grad != null && (!grad.shape().equals(x.shape()) || grad.dtype() != DType.F64)) {
      tally.add(
          Finding.of(
              Finding.Kind.GRADCHECK_SHAPE,
              c,
              "the gradient of input "
                  + i
                  + " is "
                  + grad.dtype()
                  + grad.shape()
                  + "; "
                  + c.shapes()));
      return;
    }
    if (grad != null && second != null) {
      sameBits("backward", List.of(grad), List.of(second));
    }
    double[] analytic = grad == null ? new double[x.numel()] : grad.toDoubleArray();
    double[] numeric =
        Differences.of(in -> Weights.dot(tracked(in, trackedOutputs), weights), c.inputs(), i);
    report(Finding.Kind.GRADCHECK_MISMATCH, c, tolerance, tally, i, x.shape(), analytic, numeric);
  }

  /// Returns the outputs that carry gradients, computed without recording.
  private List<Tensor> tracked(List<Tensor> in, int count) {
    try (var _ = GradMode.noGrad()) {
      // Outputs without gradient are of other types or come after: their number tells them apart.
      return Case.apply(c.operation(), in).stream()
          .filter(t -> t.dtype().isFloating())
          .limit(count)
          .toList();
    }
  }

  /// Compares gradients element by element; reports the worst element of an input only.
  static void report(
      Finding.Kind kind,
      Case c,
      Tolerance tolerance,
      Tally tally,
      int input,
      Shape shape,
      double[] analytic,
      double[] numeric) {
    int worst = -1;
    double worstError = -1;
    int bad = 0;
    for (int e = 0; e < analytic.length; e++) {
      if (tolerance.accepts(analytic[e], numeric[e])) {
        tally.accepted(analytic[e], numeric[e]);
        continue;
      }
      bad++;
      double error = Math.abs(analytic[e] - numeric[e]);
      if (worst < 0 || !(error <= worstError)) {
        worst = e;
        worstError = error;
      }
    }
    if (worst >= 0) {
      tally.add(
          new Finding(
              kind,
              c.operation().toString(),
              c.seed(),
              c.index(),
              input,
              Arrays.toString(position(shape, worst)),
              analytic[worst],
              numeric[worst],
              bad + " of " + analytic.length + " elements differ; " + c.shapes()));
    }
  }

  private static int[] position(Shape shape, int flat) {
    int[] at = new int[shape.rank()];
    int rest = flat;
    for (int d = at.length - 1; d >= 0; d--) {
      at[d] = rest % shape.size(d);
      rest /= shape.size(d);
    }
    return at;
  }

  private void sameBits(String what, List<Tensor> a, List<Tensor> b) {
    for (int k = 0; k < a.size(); k++) {
      double[] x = a.get(k).toDoubleArray();
      double[] y = b.get(k).toDoubleArray();
      tally.compared(x.length);
      if (!Arrays.equals(x, y)) {
        tally.add(
            Finding.of(
                Finding.Kind.GRADCHECK_NONDET,
                c,
                what + " gives other bits when it is run again; " + c.shapes()));
      }
    }
  }

  /// A floating output without gradient must not depend on the inputs.
  private void untrackedDoNotDepend(List<Tensor> out, List<Integer> compared) {
    for (int k = 0; k < out.size(); k++) {
      Tensor y = out.get(k);
      if (y.requiresGrad() || !y.dtype().isFloating()) {
        continue;
      }
      int output = k;
      List<Tensor> weights = Weights.like(List.of(y), c.seed());
      for (int i : compared) {
        double[] numeric =
            Differences.of(
                in -> {
                  try (var _ = GradMode.noGrad()) {
                    return Weights.dot(List.of(Case.apply(c.operation(), in).get(output)), weights);
                  }
                },
                c.inputs(),
                i);
        for (double d : numeric) {
          if (!tolerance.accepts(0, d)) {
            tally.add(
                Finding.of(
                    Finding.Kind.GRADCHECK_NONDIFF,
                    c,
                    "output " + output + " does not require grad, but depends on input " + i));
            return;
          }
        }
        tally.compared(numeric.length);
      }
    }
  }

  private void zeroSeed(List<Integer> compared) {
    List<Tensor> in = leaves(c);
    List<Tensor> tracked =
        Case.apply(c.operation(), in).stream().filter(Tensor::requiresGrad).toList();
    List<Tensor> zeros = tracked.stream().map(t -> Tensor.zeros(t.shape(), t.dtype())).toList();
    List<@Nullable Tensor> grads =
        Autograd.grad(tracked, compared.stream().map(in::get).toList(), zeros, ONCE);
    for (int k = 0; k < grads.size(); k++) {
      Tensor g = grads.get(k);
      if (g == null) {
        continue;
      }
      for (double v : g.toDoubleArray()) {
        if (v != 0) {
          tally.add(
              Finding.of(
                  Finding.Kind.GRADCHECK_NOT_LINEAR,
                  c,
                  "a zero gradient of the outputs gives "
                      + v
                      + " for input "
                      + compared.get(k)
                      + "; backward must be a multiple of the gradient it is given"));
          return;
        }
      }
      tally.compared(g.numel());
    }
  }
}
