package dev.autograd.train.metrics;

/// Averages values with weights, such as the losses of batches of different sizes.
///
/// The sum is kept with its rounding error (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur
/// Summation endlicher Summen", ZAMM 54, 1974).
public final class RunningMean {
  private double sum;
  private double correction;
  private double weight;

  /// Starts with no values.
  public RunningMean() {}

  /// Adds a value that counts `weight` times; weight 0 adds nothing.
  public void add(double value, double weight) {
    if (!(weight >= 0)) {
      throw new IllegalArgumentException("weight must be >= 0, got " + weight);
    }
    if (weight == 0) {
      return;
    }
    double term = value * weight;
    double next = sum + term;
    // With an infinity in it the correction would turn the sum into NaN.
    if (Double.isFinite(next)) {
      correction += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
    }
    sum = next;
    this.weight += weight;
  }

  /// Returns the mean, or NaN when nothing was added.
  public double value() {
    return (sum + correction) / weight;
  }

  /// Returns the sum of the weights.
  public double weight() {
    return weight;
  }
}
