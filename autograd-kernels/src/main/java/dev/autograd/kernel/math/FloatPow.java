package dev.autograd.kernel.math;

/// The power of a float, within 2 ulp: the double one, rounded.
public final class FloatPow {

  private FloatPow() {}

  /// Returns `x^y` with the special cases of C99.
  public static float pow(float x, float y) {
    return (float) DoublePow.pow(x, y);
  }
}
