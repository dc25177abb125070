package dev.autograd.ops.pointwise;

import dev.autograd.DType;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The range of values on which a formula is checked, and the kinks in it to keep away from.
///
/// @param low the least value
/// @param high the greatest value
/// @param kinks points where the derivative jumps or does not exist
public record Domain(double low, double high, List<Double> kinks) {
  /// Any number.
  public static final Domain REAL = new Domain(-3, 3, List.of());

  /// Any number but 0.
  public static final Domain NONZERO = REAL.avoiding(0);

  /// Positive numbers.
  public static final Domain POSITIVE = new Domain(0.2, 4, List.of());

  /// Numbers between 0 and 1.
  public static final Domain OPEN_UNIT = new Domain(0.05, 0.95, List.of());

  /// How far samples stay from a kink: much more than the step of a finite difference.
  private static final double MARGIN = 0.06;

  /// Returns the range `[low, high]`.
  public static Domain of(double low, double high) {
    return new Domain(low, high, List.of());
  }

  /// Returns this range with more points to keep away from.
  public Domain avoiding(double... more) {
    List<Double> all = new ArrayList<>(kinks);
    Arrays.stream(more).forEach(all::add);
    return new Domain(low, high, List.copyOf(all));
  }

  /// Returns this range, keeping away from every multiple of `step` in it.
  public Domain avoidingMultiplesOf(double step) {
    List<Double> all = new ArrayList<>(kinks);
    for (double k = Math.ceil(low / step); k * step <= high; k++) {
      all.add(k * step);
    }
    return new Domain(low, high, List.copyOf(all));
  }

  /// Makes values of this range.
  public Tensor sample(Samples samples, int... shape) {
    Tensor x = samples.uniform(low, high, shape);
    if (kinks.isEmpty()) {
      return x;
    }
    double[] values = x.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      for (double kink : kinks) {
        if (Math.abs(values[i] - kink) < MARGIN) {
          values[i] = values[i] < kink ? kink - MARGIN : kink + MARGIN;
        }
      }
    }
    return Tensor.of(Storage.of(values, DType.F64), x.shape()).to(x.dtype());
  }
}
