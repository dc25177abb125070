package dev.autograd.kernel.math.vector;

import dev.autograd.kernel.math.DoublePow;
import jdk.incubator.vector.DoubleVector;

/// The power of [DoublePow] on every lane.
public final class DoubleVectorPow {

  private DoubleVectorPow() {}

  /// Returns `x^y`.
  public static DoubleVector pow(DoubleVector x, DoubleVector y) {
    return Lanes.each(x, y, DoublePow::pow);
  }
}
