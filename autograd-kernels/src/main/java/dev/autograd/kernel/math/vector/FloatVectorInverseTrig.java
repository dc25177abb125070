// Twin: DoubleVectorInverseTrig.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.math.vector;

import dev.autograd.kernel.math.FloatInverseTrig;
import jdk.incubator.vector.FloatVector;

/// The functions of [FloatInverseTrig] on every lane.
public final class FloatVectorInverseTrig {

  private FloatVectorInverseTrig() {}

  /// Returns the arc sine.
  public static FloatVector asin(FloatVector x) {
    return Lanes.each(x, FloatInverseTrig::asin);
  }

  /// Returns the arc cosine.
  public static FloatVector acos(FloatVector x) {
    return Lanes.each(x, FloatInverseTrig::acos);
  }

  /// Returns the arc tangent.
  public static FloatVector atan(FloatVector x) {
    return Lanes.each(x, FloatInverseTrig::atan);
  }

  /// Returns the angle of the point `(x, y)`.
  public static FloatVector atan2(FloatVector y, FloatVector x) {
    return Lanes.each(y, x, FloatInverseTrig::atan2);
  }
}
