package dev.autograd.kernel.linalg;

/// Solutions of triangular systems `T X = B` in f64, in place: X takes the place of B.
///
/// T is `[n, n]` and X `[n, m]`; the rows of X are contiguous. Only the triangle that is named is
/// read. Rows are solved in blocks; what a block contributes to the others is one matrix product.
public final class Triangular {
  /// Rows in a block; part of the result's definition.
  private static final int BLOCK = 32;

  private Triangular() {}

  /// Solves with the lower triangle, from the first row down.
  ///
  /// @param unit whether the diagonal counts as ones and is not read
  public static void solveLower(int n, int m, MatrixF64 t, boolean unit, MatrixF64 x) {
    x.requireContiguousRows(m);
    for (int first = 0; first < n; first += BLOCK) {
      int end = Math.min(n, first + BLOCK);
      for (int i = first; i < end; i++) {
        for (int k = first; k < i; k++) {
          subtract(m, t.array()[t.index(i, k)], x.array(), x.index(k, 0), x.index(i, 0));
        }
        if (!unit) {
          divide(m, t.array()[t.index(i, i)], x.array(), x.index(i, 0));
        }
      }
      Products.subtract(n - end, m, end - first, t.at(end, first), x.at(first, 0), x.at(end, 0));
    }
  }

  /// Solves with the upper triangle, from the last row up.
  public static void solveUpper(int n, int m, MatrixF64 t, MatrixF64 x) {
    x.requireContiguousRows(m);
    for (int end = n; end > 0; end -= BLOCK) {
      int first = Math.max(0, end - BLOCK);
      for (int i = end - 1; i >= first; i--) {
        for (int k = i + 1; k < end; k++) {
          subtract(m, t.array()[t.index(i, k)], x.array(), x.index(k, 0), x.index(i, 0));
        }
        divide(m, t.array()[t.index(i, i)], x.array(), x.index(i, 0));
      }
      Products.subtract(first, m, end - first, t.at(0, first), x.at(first, 0), x);
    }
  }

  private static void subtract(int m, double factor, double[] x, int row, int target) {
    for (int j = 0; j < m; j++) {
      x[target + j] -= factor * x[row + j];
    }
  }

  private static void divide(int m, double divisor, double[] x, int target) {
    for (int j = 0; j < m; j++) {
      x[target + j] /= divisor;
    }
  }
}
