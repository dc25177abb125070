package dev.autograd.gradcheck.difference;

import dev.autograd.DType;

/// How far finite differences step.
///
/// @param widths the steps, in the order in which they are tried
/// @param agreement how near the differences at a width and at its half must be to each other,
///   relative to `max(1, |difference|)`, for the other widths to be left out
/// @param extrapolates whether each width is tried whole and halved and the two are extrapolated,
///   the widths growing with the point; else the one width is taken as it is
public record Steps(double[] widths, double agreement, boolean extrapolates) {
  /// What suits values in double precision: the small steps are for points near a singularity or a
  /// kink, the large one for noisy functions.
  public static final Steps DOUBLE =
      new Steps(new double[] {5e-4, 6e-5, 6e-6, 4e-3, 6e-7}, 1e-7, true);

  /// What suits values in single precision, of which the steps above would leave three digits.
  public static final Steps SINGLE = new Steps(new double[] {2e-2, 6e-2, 6e-3, 2e-3}, 1e-5, true);

  /// Returns one step of a width.
  public static Steps fixed(double eps) {
    return new Steps(new double[] {eps}, 0, false);
  }

  /// Returns the steps for functions of this precision.
  public static Steps of(DType dtype) {
    return dtype == DType.F64 ? DOUBLE : SINGLE;
  }
}
