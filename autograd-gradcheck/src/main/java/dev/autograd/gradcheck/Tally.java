package dev.autograd.gradcheck;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Compares, counts what was compared, and keeps what is wrong.
final class Tally {
  private final List<Finding> findings = new ArrayList<>();
  private long comparisons;
  private long gradients;
  private boolean excused;
  private double worstError;

  void add(Finding finding) {
    findings.add(finding);
  }

  void compared(long count) {
    comparisons += count;
  }

  /// Compares gradients element by element; reports the worst element of an input only.
  void compare(
      Finding.Kind kind,
      Case c,
      Tolerance tolerance,
      int input,
      Shape shape,
      double[] analytic,
      double[] numeric,
      String what) {
    int worst = -1;
    double largest = -1;
    int bad = 0;
    for (int e = 0; e < analytic.length; e++) {
      measured(analytic[e], numeric[e]);
      if (tolerance.accepts(analytic[e], numeric[e])) {
        continue;
      }
      bad++;
      double error = Math.abs(analytic[e] - numeric[e]);
      if (worst < 0 || !(error <= largest)) {
        worst = e;
        largest = error;
      }
    }
    if (worst >= 0) {
      add(
          Finding.at(
              kind,
              c,
              input,
              shape,
              worst,
              analytic[worst],
              numeric[worst],
              what + bad + " of " + analytic.length + " elements differ; " + c.shapes()));
    }
  }

  /// Tells whether two runs gave the same bits; reports the first that differ.
  boolean sameBits(Case c, String what, int input, Tensor a, Tensor b) {
    double[] x = a.toDoubleArray();
    double[] y = b.toDoubleArray();
    compared(x.length);
    int e = Arrays.mismatch(x, y);
    if (e < 0) {
      return true;
    }
    add(
        Finding.at(
            Finding.Kind.GRADCHECK_NONDET,
            c,
            input,
            a.shape(),
            e,
            x[e],
            e < y.length ? y[e] : Double.NaN,
            what + " has other bits when it is computed again; " + c.shapes()));
    return false;
  }

  private void measured(double analytic, double numeric) {
    comparisons++;
    gradients++;
    double error = Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric));
    if (Double.isFinite(error)) {
      worstError = Math.max(worstError, error);
    }
  }

  List<Finding> findings() {
    return findings;
  }

  /// Notes a sample that asks for no gradient, by what it says or by its inputs' types.
  void excuse() {
    excused = true;
  }

  /// Tells whether an element of a gradient was compared, or a sample asked for none.
  boolean comparedGradients() {
    return gradients > 0 || excused;
  }

  long comparisons() {
    return comparisons;
  }

  double worstError() {
    return worstError;
  }
}
