package dev.autograd.kernel.math.vector;

import dev.autograd.kernel.math.DoubleInverseTrig;
import jdk.incubator.vector.DoubleVector;

/// The functions of [DoubleInverseTrig] on every lane.
public final class DoubleVectorInverseTrig {

  private DoubleVectorInverseTrig() {}

  /// Returns the arc sine.
  public static DoubleVector asin(DoubleVector x) {
    return Lanes.each(x, DoubleInverseTrig::asin);
  }

  /// Returns the arc cosine.
  public static DoubleVector acos(DoubleVector x) {
    return Lanes.each(x, DoubleInverseTrig::acos);
  }

  /// Returns the arc tangent.
  public static DoubleVector atan(DoubleVector x) {
    return Lanes.each(x, DoubleInverseTrig::atan);
  }

  /// Returns the angle of the point `(x, y)`.
  public static DoubleVector atan2(DoubleVector y, DoubleVector x) {
    return Lanes.each(y, x, DoubleInverseTrig::atan2);
  }
}
