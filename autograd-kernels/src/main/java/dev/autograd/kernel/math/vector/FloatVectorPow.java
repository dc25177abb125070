// Twin: DoubleVectorPow.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.math.vector;

import dev.autograd.kernel.math.FloatPow;
import jdk.incubator.vector.FloatVector;

/// The power of [FloatPow] on every lane.
public final class FloatVectorPow {

  private FloatVectorPow() {}

  /// Returns `x^y`.
  public static FloatVector pow(FloatVector x, FloatVector y) {
    return Lanes.each(x, y, FloatPow::pow);
  }
}
