package dev.autograd.gradcheck;

import java.util.ArrayList;
import java.util.List;

/// Counts comparisons and keeps what went wrong.
final class Tally {
  private final List<Finding> findings = new ArrayList<>();
  private long comparisons;
  private double worstError;

  void add(Finding finding) {
    findings.add(finding);
  }

  void compared(long count) {
    comparisons += count;
  }

  /// Counts one accepted gradient.
  void accepted(double analytic, double numeric) {
    comparisons++;
    double error = Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric));
    if (error > worstError) {
      worstError = error;
    }
  }

  List<Finding> findings() {
    return findings;
  }

  long comparisons() {
    return comparisons;
  }

  double worstError() {
    return worstError;
  }
}
