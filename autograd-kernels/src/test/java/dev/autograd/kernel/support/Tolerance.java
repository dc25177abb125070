package dev.autograd.kernel.support;

/// How far a result may be from a plain loop in double precision, by the type it was computed in.
public final class Tolerance {
  /// Some thousand roundings of a double; those of a float are half a billion times larger.
  private static final double DOUBLES = 1e-6;

  private Tolerance() {}

  /// Returns the bound for floats.
  public static double of(float[] results, double bound) {
    return bound;
  }

  /// Returns the bound for doubles, which is a millionth of that for floats.
  public static double of(double[] results, double bound) {
    return bound * DOUBLES;
  }
}
