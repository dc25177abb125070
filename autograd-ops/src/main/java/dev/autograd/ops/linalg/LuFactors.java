package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.linalg.Lu;
import dev.autograd.ops.operand.Operands;

/// The LU factors of a stack of square matrices.
///
/// @param n the order of the matrices
/// @param lead the dimensions that are stacked
/// @param values the factors, contiguous
/// @param rows which row of its matrix each row of the factors is
/// @param signs the determinant of each permutation
record LuFactors(int n, Shape lead, double[] values, int[] rows, int[] signs) {

  static LuFactors of(String who, Tensor x) {
    MatrixStack a = MatrixStack.square(who, x);
    int n = a.order();
    int count = a.count();
    int[] rows = new int[count * n];
    int[] signs = new int[count];
    MatrixStack.each(
        count,
        (double) n * n * n,
        i -> signs[i] = Lu.factor(n, a.values(), i * n * n, rows, i * n));
    return new LuFactors(n, MatrixStack.leading(x.shape()), a.values(), rows, signs);
  }

  /// Returns element `i` of the diagonal of U of a matrix.
  double pivot(int matrix, int i) {
    return values[matrix * n * n + i * n + i];
  }

  /// Refuses matrices that have no inverse.
  ///
  /// @throws AutogradException (`ARGUMENT`) if there is one
  void requireRegular(String who) {
    for (int m = 0; m < signs.length; m++) {
      int at = Lu.singularAt(n, values, m * n * n);
      if (at >= 0) {
        throw Operands.argument(
            who
                + ": matrices must have an inverse, "
                + MatrixStack.which(lead, m)
                + " of order "
                + n
                + " is singular (pivot "
                + at
                + " is 0). Add a small multiple of the identity?");
      }
    }
  }

  /// Solves for `m` columns with one matrix.
  void solve(int matrix, int m, double[] b, int bOffset, double[] x, int xOffset) {
    Lu.solve(n, m, values, matrix * n * n, rows, matrix * n, b, bOffset, x, xOffset);
  }
}
