package dev.autograd.gradcheck.difference;

import dev.autograd.DType;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Derivatives of functions of tensors by finite differences.
///
/// Central differences at two steps are extrapolated (Richardson), which leaves an error of the
/// fourth order in the step; of several steps the one whose two differences agree best is taken,
/// which balances truncation against round-off for each result by itself. Where the caller fixes
/// the step, it is one central difference.
public final class Differences {
  /// A function of tensors whose results are read as one row of numbers.
  @FunctionalInterface
  public interface Numbers {
    double[] at(List<Tensor> inputs);
  }

  private final Numbers f;
  private final List<Tensor> point;
  private final Steps steps;

  public Differences(Numbers f, List<Tensor> point, Steps steps) {
    this.f = f;
    this.point = point;
    this.steps = steps;
  }

  /// Returns the derivative of a scalar `f` with respect to every element of input `i`, in
  /// row-major order.
  public static double[] of(ToDoubleFunction<List<Tensor>> f, List<Tensor> point, int i) {
    Differences d = new Differences(in -> new double[] {f.applyAsDouble(in)}, point, Steps.DOUBLE);
    double[][] rows = d.jacobian(i);
    double[] gradient = new double[rows.length];
    for (int e = 0; e < rows.length; e++) {
      gradient[e] = rows[e][0];
    }
    return gradient;
  }

  /// Returns a row for every element of input `i`: the derivatives of all results with respect to
  /// it.
  public double[][] jacobian(int i) {
    double[][] rows = new double[point.get(i).numel()][];
    for (int e = 0; e < rows.length; e++) {
      double[] unit = new double[rows.length];
      unit[e] = 1;
      rows[e] = along(i, unit);
    }
    return rows;
  }

  /// Returns the derivatives of all results as input `i` moves in a direction of unit length.
  public double[] along(int i, double[] direction) {
    double[] values = point.get(i).toDoubleArray();
    if (!steps.extrapolates()) {
      return central(i, values, direction, steps.widths()[0]);
    }
    double reach = 1;
    for (int e = 0; e < values.length; e++) {
      if (direction[e] != 0) {
        reach = Math.max(reach, Math.abs(values[e]));
      }
    }
    double[] best = {};
    double[] bestError = {};
    for (double width : steps.widths()) {
      double[] wide = central(i, values, direction, width * reach);
      double[] narrow = central(i, values, direction, width * reach / 2);
      if (best.length != wide.length) {
        best = new double[wide.length];
        bestError = new double[wide.length];
        Arrays.fill(best, Double.NaN);
        Arrays.fill(bestError, Double.POSITIVE_INFINITY);
      }
      boolean agree = true;
      for (int k = 0; k < best.length; k++) {
        double error = Math.abs(wide[k] - narrow[k]);
        if (error < bestError[k]) {
          bestError[k] = error;
          best[k] = (4 * narrow[k] - wide[k]) / 3;
        }
        agree &= bestError[k] <= steps.agreement() * Math.max(1, Math.abs(best[k]));
      }
      if (agree) {
        break;
      }
    }
    return best;
  }

  private double[] central(int i, double[] values, double[] direction, double h) {
    Tensor up = moved(point.get(i), values, direction, h);
    Tensor down = moved(point.get(i), values, direction, -h);
    double[] difference = at(i, up);
    double[] low = at(i, down);
    double taken = distance(down, up, direction);
    for (int k = 0; k < difference.length; k++) {
      difference[k] = (difference[k] - low[k]) / taken;
    }
    return difference;
  }

  /// Returns the slope of one result towards one side, by a step of `h`, which may be negative.
  ///
  /// @param here the result at the point
  public double slope(int i, int entry, double here, double[] direction, double h) {
    Tensor x = point.get(i);
    Tensor there = moved(x, x.toDoubleArray(), direction, h);
    double slope = (at(i, there)[entry] - here) / distance(x, there, direction);
    return slope + 0.0; // a slope of −0 is one of 0
  }

  /// Returns the results with input `i` replaced.
  private double[] at(int i, Tensor x) {
    List<Tensor> all = new ArrayList<>(point);
    all.set(i, x);
    return f.at(all);
  }

  /// Returns how far two points are apart along a direction of unit length: the step that was
  /// really taken, after rounding.
  private static double distance(Tensor from, Tensor to, double[] direction) {
    double[] a = from.toDoubleArray();
    double[] b = to.toDoubleArray();
    double sum = 0;
    for (int e = 0; e < direction.length; e++) {
      if (direction[e] != 0) {
        sum += (b[e] - a[e]) * direction[e];
      }
    }
    return sum;
  }

  /// Returns `x`, whose values are given, moved by `t` in a direction, of the same type and layout.
  public static Tensor moved(Tensor x, double[] values, double[] direction, double t) {
    double[] to = values.clone();
    for (int e = 0; e < to.length; e++) {
      // Others stay as they are, to the sign of a zero.
      if (direction[e] != 0) {
        to[e] += t * direction[e];
      }
    }
    Tensor flat = Tensor.of(Storage.of(to, DType.F64), x.shape());
    return Layouts.as(x, flat.to(x.dtype()));
  }
}
