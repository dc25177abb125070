package dev.autograd.train.metrics;

/// Measures how far predicted numbers are from the right ones.
public final class RegressionErrors {
  private final RunningMean absolute = new RunningMean();
  private final RunningMean squared = new RunningMean();
  private final RunningMean actual = new RunningMean();
  private double first;
  private final RunningMean shifted = new RunningMean();
  private final RunningMean shiftedSquares = new RunningMean();

  /// Starts with no answers.
  public RegressionErrors() {}

  /// Counts one answer.
  public void add(double right, double predicted) {
    if (actual.weight() == 0) {
      first = right;
    }
    double error = predicted - right;
    absolute.add(Math.abs(error), 1);
    squared.add(error * error, 1);
    actual.add(right, 1);
    // Variance about the first value: subtracting squares of large means would cancel.
    shifted.add(right - first, 1);
    shiftedSquares.add((right - first) * (right - first), 1);
  }

  /// Returns the mean absolute error; NaN when nothing was counted.
  public double mae() {
    return absolute.value();
  }

  /// Returns the mean squared error; NaN when nothing was counted.
  public double mse() {
    return squared.value();
  }

  /// Returns the root of the mean squared error.
  public double rmse() {
    return Math.sqrt(mse());
  }

  /// Returns the share of the variance that is explained, `1 - mse / variance`; NaN when all right
  /// numbers are equal.
  public double r2() {
    double variance = shiftedSquares.value() - shifted.value() * shifted.value();
    return variance > 0 ? 1 - mse() / variance : Double.NaN;
  }
}
