package dev.autograd.gradcheck;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Counts what was compared on an operation, and keeps what is wrong.
final class Tally {
  private final List<Finding> findings = new ArrayList<>();
  private long comparisons;
  private long gradients;
  private boolean excused;
  private double worstError;

  /// Takes the faults of one case.
  private record Of(Tally tally, Case c) implements Fault.Sink {
    @Override
    public void add(Fault fault) {
      tally.findings.add(Finding.of(fault, c, fault.detail() + "; " + c.shapes()));
    }

    @Override
    public void compared(long count) {
      tally.comparisons += count;
    }
  }

  /// Returns where the faults of a case go.
  Fault.Sink of(Case c) {
    return new Of(this, c);
  }

  /// Adds a fault that is no matter of certain inputs.
  void addBare(Fault fault, Case c) {
    findings.add(Finding.of(fault, c, fault.detail()));
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
    Comparison found = Comparison.of(tolerance, analytic, numeric);
    comparisons += found.size();
    gradients += found.size();
    worstError = Math.max(worstError, found.error());
    int worst = found.worst();
    if (worst >= 0) {
      of(c)
          .add(
              Fault.at(
                  kind,
                  input,
                  shape,
                  worst,
                  analytic[worst],
                  numeric[worst],
                  what + found.bad() + " of " + found.size() + " elements differ"));
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
    of(c)
        .add(
            Fault.at(
                Finding.Kind.GRADCHECK_NONDET,
                input,
                a.shape(),
                e,
                x[e],
                e < y.length ? y[e] : Double.NaN,
                what + " has other bits when it is computed again"));
    return false;
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
