package dev.autograd.gradcheck;

/// How far a gradient may be from its finite difference: `|a − n| ≤ absolute + relative · max(|a|,
/// |n|)`.
///
/// @param absolute the absolute part
/// @param relative the relative part
public record Tolerance(double absolute, double relative) {
  /// What first derivatives in `f64` keep with room to spare: the differences used are of fourth
  /// order and good to about 1e-9.
  public static final Tolerance FIRST_ORDER = new Tolerance(1e-7, 1e-6);

  /// What second derivatives keep, which are differences of first ones.
  public static final Tolerance SECOND_ORDER = new Tolerance(1e-6, 1e-5);

  /// What results in `f32` keep against those in `f64`, and derivatives in `f32` against
  /// differences.
  public static final Tolerance SINGLE = new Tolerance(1e-4, 1e-3);

  /// What derivatives of any function in `f64` keep, where differences are extrapolated.
  public static final Tolerance EXTRAPOLATED = new Tolerance(1e-6, 1e-5);

  /// What they keep where differences are plain, with a step of the user's; PyTorch's defaults.
  public static final Tolerance CENTRAL = new Tolerance(1e-5, 1e-3);

  /// Tells whether two values agree; NaN agrees with NaN, infinities with themselves.
  public boolean accepts(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.isNaN(a) && Double.isNaN(b);
    }
    if (Double.isInfinite(a) || Double.isInfinite(b)) {
      return a == b;
    }
    return Math.abs(a - b) <= absolute + relative * Math.max(Math.abs(a), Math.abs(b));
  }
}
