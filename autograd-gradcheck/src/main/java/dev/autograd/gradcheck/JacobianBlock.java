package dev.autograd.gradcheck;

import dev.autograd.Tensor;
import java.util.Locale;

/// The derivatives of one output with respect to one input, twice: by the graph and by differences.
///
/// @param output the output's number
/// @param input the input's number
/// @param y the output
/// @param x the input
/// @param analytic a row for each element of the input, a column for each of the output
/// @param numeric the same by differences
record JacobianBlock(
    int output, int input, Tensor y, Tensor x, double[] analytic, double[] numeric) {
  private static final int SMALL = 10;

  Comparison compare(Tolerance tolerance) {
    return Comparison.of(tolerance, analytic, numeric);
  }

  /// Returns the place in the input of an entry.
  int inputElement(int entry) {
    return entry / y.numel();
  }

  /// Returns the place in the output of an entry.
  int outputElement(int entry) {
    return entry % y.numel();
  }

  /// Returns both matrices, or nothing where they are large.
  String matrices() {
    if (x.numel() > SMALL || y.numel() > SMALL) {
      return "";
    }
    return "\nnumeric, a row for each element of the input:\n"
        + matrix(numeric)
        + "\nanalytic:\n"
        + matrix(analytic);
  }

  private String matrix(double[] values) {
    int columns = y.numel();
    StringBuilder b = new StringBuilder();
    for (int row = 0; row < x.numel(); row++) {
      b.append(row == 0 ? "[[" : "\n [");
      for (int column = 0; column < columns; column++) {
        b.append(column == 0 ? "" : ", ");
        b.append(String.format(Locale.ROOT, "%.7g", values[row * columns + column]));
      }
      b.append(']');
    }
    return b.append(']').toString();
  }
}
