package dev.autograd.gradcheck.property;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Gradients, and slopes to hold them to that owe nothing to the checker's own differences.
final class Slopes {
  private static final double STEP = 1e-3;

  private Slopes() {}

  /// Returns values between −1 and 1.
  static Tensor uniform(Shape shape, long seed) {
    return Tensor.rand(shape, DType.F64, new Generator(seed)).mul(2).sub(1);
  }

  /// Returns the gradients of `y`, weighted by `seed`: zeros where `y` does not depend on an input.
  static List<Tensor> grad(Tensor y, List<Tensor> inputs, Tensor seed, boolean record) {
    List<Tensor> all = new ArrayList<>();
    List<@Nullable Tensor> found =
        y.requiresGrad()
            ? Autograd.grad(List.of(y), inputs, List.of(seed), new GradOptions(true, record, true))
            : new ArrayList<>(Collections.nCopies(inputs.size(), null));
    for (int i = 0; i < inputs.size(); i++) {
      Tensor g = found.get(i);
      all.add(g == null ? Tensor.zeros(inputs.get(i).shape(), inputs.get(i).dtype()) : g);
    }
    return all;
  }

  /// Returns the slope of `f` along each element of input `i`, by five points.
  static double[] of(ToDoubleFunction<List<Tensor>> f, List<Tensor> inputs, int i) {
    double[] values = inputs.get(i).detach().toDoubleArray();
    double[] slopes = new double[values.length];
    for (int e = 0; e < values.length; e++) {
      double near = at(f, inputs, i, values, e, STEP) - at(f, inputs, i, values, e, -STEP);
      double far = at(f, inputs, i, values, e, 2 * STEP) - at(f, inputs, i, values, e, -2 * STEP);
      slopes[e] = (8 * near - far) / (12 * STEP);
    }
    return slopes;
  }

  private static double at(
      ToDoubleFunction<List<Tensor>> f,
      List<Tensor> inputs,
      int i,
      double[] values,
      int e,
      double step) {
    double[] moved = values.clone();
    moved[e] += step;
    List<Tensor> all = new ArrayList<>();
    inputs.forEach(t -> all.add(t.detach().requiresGrad(true)));
    all.set(i, Tensor.of(Storage.of(moved, DType.F64), inputs.get(i).shape()).requiresGrad(true));
    return f.applyAsDouble(all);
  }

  /// Returns `Σ a · b` in plain arithmetic.
  static double dot(Tensor a, Tensor b) {
    double[] x = a.detach().toDoubleArray();
    double[] y = b.detach().toDoubleArray();
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
