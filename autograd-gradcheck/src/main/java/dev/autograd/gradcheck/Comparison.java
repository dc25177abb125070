package dev.autograd.gradcheck;

/// How two rows of numbers compare.
///
/// @param size how many numbers were compared
/// @param bad how many differ by more than the tolerance
/// @param worst where they differ most, −1 where none is bad
/// @param unknown where the first number is that is NaN on both sides, −1 if there is none
/// @param error the largest finite difference, relative to `max(1, |reference|)`
record Comparison(int size, int bad, int worst, int unknown, double error) {

  /// Compares numbers with their references.
  static Comparison of(Tolerance tolerance, double[] values, double[] references) {
    int worst = -1;
    int bad = 0;
    int unknown = -1;
    double largest = -1;
    double error = 0;
    for (int e = 0; e < values.length; e++) {
      double apart = Math.abs(values[e] - references[e]);
      double relative = apart / Math.max(1, Math.abs(references[e]));
      if (Double.isFinite(relative)) {
        error = Math.max(error, relative);
      }
      if (tolerance.accepts(values[e], references[e])) {
        if (unknown < 0 && Double.isNaN(values[e])) {
          unknown = e;
        }
        continue;
      }
      bad++;
      if (worst < 0 || !(apart <= largest)) {
        worst = e;
        largest = apart;
      }
    }
    return new Comparison(values.length, bad, worst, unknown, error);
  }
}
