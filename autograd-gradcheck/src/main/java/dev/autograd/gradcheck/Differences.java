package dev.autograd.gradcheck;

import dev.autograd.DType;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Derivatives of a scalar function of tensors by finite differences.
///
/// Central differences at two steps are extrapolated (Richardson), which leaves an error of the
/// fourth order in the step; of several steps the one whose two differences agree best is taken,
/// which balances truncation against round-off for each element by itself.
final class Differences {
  private static final double[] STEPS = {4e-3, 5e-4, 6e-5};

  private Differences() {}

  /// Returns the derivative of `f` with respect to every element of input `i`, in row-major order.
  static double[] of(ToDoubleFunction<List<Tensor>> f, List<Tensor> inputs, int i) {
    Tensor x = inputs.get(i);
    double[] values = x.toDoubleArray();
    double[] result = new double[values.length];
    for (int e = 0; e < values.length; e++) {
      result[e] = best(f, inputs, i, values, e);
    }
    return result;
  }

  private static double best(
      ToDoubleFunction<List<Tensor>> f, List<Tensor> inputs, int i, double[] values, int e) {
    double best = Double.NaN;
    double bestError = Double.POSITIVE_INFINITY;
    for (double step : STEPS) {
      double h = step * Math.max(1, Math.abs(values[e]));
      double wide = central(f, inputs, i, values, e, h);
      double narrow = central(f, inputs, i, values, e, h / 2);
      double error = Math.abs(wide - narrow);
      if (error < bestError) {
        bestError = error;
        best = (4 * narrow - wide) / 3;
      }
    }
    return best;
  }

  private static double central(
      ToDoubleFunction<List<Tensor>> f,
      List<Tensor> inputs,
      int i,
      double[] values,
      int e,
      double h) {
    double up = values[e] + h;
    double down = values[e] - h;
    // The step that was really taken, after rounding.
    return (at(f, inputs, i, values, e, up) - at(f, inputs, i, values, e, down)) / (up - down);
  }

  private static double at(
      ToDoubleFunction<List<Tensor>> f,
      List<Tensor> inputs,
      int i,
      double[] values,
      int e,
      double value) {
    double[] moved = values.clone();
    moved[e] = value;
    List<Tensor> all = new ArrayList<>(inputs);
    all.set(i, like(inputs.get(i), moved));
    return f.applyAsDouble(all);
  }

  /// Returns a tensor of these values, given in row-major order, with the strides of `x`.
  static Tensor like(Tensor x, double[] values) {
    Tensor flat = Tensor.full(x.shape(), 0, DType.F64);
    System.arraycopy(values, 0, flat.storage().doubles(), 0, values.length);
    return Layouts.as(x, flat);
  }
}
