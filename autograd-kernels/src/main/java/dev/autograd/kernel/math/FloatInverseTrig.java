package dev.autograd.kernel.math;

/// Inverse trigonometric functions of a float, within 2 ulp: the double ones, rounded.
public final class FloatInverseTrig {

  private FloatInverseTrig() {}

  /// Returns the arc sine: NaN outside `[-1, 1]`.
  public static float asin(float x) {
    return (float) DoubleInverseTrig.asin(x);
  }

  /// Returns the arc cosine: NaN outside `[-1, 1]`.
  public static float acos(float x) {
    return (float) DoubleInverseTrig.acos(x);
  }

  /// Returns the arc tangent.
  public static float atan(float x) {
    return (float) DoubleInverseTrig.atan(x);
  }

  /// Returns the angle of the point `(x, y)` in `[-π, π]`.
  public static float atan2(float y, float x) {
    return (float) DoubleInverseTrig.atan2(y, x);
  }
}
