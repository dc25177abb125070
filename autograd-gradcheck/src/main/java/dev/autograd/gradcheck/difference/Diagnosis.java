package dev.autograd.gradcheck.difference;

import dev.autograd.Tensor;

/// Tells from slopes at several steps why a derivative and its difference quotient may be apart.
public final class Diagnosis {
  private final Differences differences;
  private final int input;
  private final int entry;
  private final double here;
  private final double[] unit;

  /// Looks at one result as one element of an input moves.
  ///
  /// @param here the result where nothing has moved
  public Diagnosis(
      Differences differences, Tensor x, int input, int element, int entry, double here) {
    this.differences = differences;
    this.input = input;
    this.entry = entry;
    this.here = here;
    this.unit = new double[x.numel()];
    this.unit[element] = 1;
  }

  private record Slopes(double left, double right) {
    double gap() {
      return Math.abs(right - left);
    }

    double middle() {
      return (left + right) / 2;
    }
  }

  private Slopes slopes(double h) {
    return new Slopes(
        differences.slope(input, entry, here, unit, -h),
        differences.slope(input, entry, here, unit, h));
  }

  /// Says whether there is a kink, or a slope that does not depend on the step, or neither.
  ///
  /// @param apart how far the two derivatives are apart
  /// @param coarse the larger of the two steps that are compared
  /// @param fine the smaller one
  public String of(double apart, double coarse, double fine) {
    Slopes wide = slopes(coarse);
    Slopes narrow = slopes(fine);
    double enough = 0.1 * apart;
    if (narrow.gap() > enough && narrow.gap() > wide.gap() / 2) {
      return "The function has a kink or a jump here: its slope is "
          + narrow.left
          + " from the left and "
          + narrow.right
          + " from the right. Check at a point where it is smooth.";
    }
    String quotients =
        wide.middle() + " at a step of " + coarse + " and " + narrow.middle() + " at " + fine;
    if (Math.abs(wide.middle() - narrow.middle()) <= enough) {
      return "The difference quotient is "
          + quotients
          + ": the gradient is what is wrong, not the step.";
    }
    return "The difference quotient changes with the step, it is "
        + quotients
        + ": the function is steep, noisy or not smooth here; another point or eps may tell more.";
  }
}
