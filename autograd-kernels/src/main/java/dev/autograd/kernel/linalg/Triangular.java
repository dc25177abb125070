package dev.autograd.kernel.linalg;

/// Solutions of triangular systems `T X = B` in f64, in place: X takes the place of B.
///
/// T is `[n, n]` and X `[n, m]`, rows first, with any distance between rows. Only the triangle that
/// is named is read. Rows are solved in blocks; what a block contributes to the others is one
/// matrix product.
public final class Triangular {
  /// Rows in a block; part of the result's definition.
  private static final int BLOCK = 32;

  private Triangular() {}

  /// Solves with the lower triangle, from the first row down.
  ///
  /// @param unit whether the diagonal counts as ones and is not read
  public static void solveLower(
      int n,
      int m,
      double[] t,
      int tOffset,
      int tRow,
      boolean unit,
      double[] x,
      int xOffset,
      int xRow) {
    for (int first = 0; first < n; first += BLOCK) {
      int end = Math.min(n, first + BLOCK);
      for (int i = first; i < end; i++) {
        int row = tOffset + i * tRow;
        int target = xOffset + i * xRow;
        for (int k = first; k < i; k++) {
          subtract(m, t[row + k], x, xOffset + k * xRow, target);
        }
        if (!unit) {
          divide(m, t[row + i], x, target);
        }
      }
      int below = tOffset + end * tRow + first;
      Products.subtract(
          n - end,
          m,
          end - first,
          t,
          below,
          tRow,
          x,
          xOffset + first * xRow,
          xRow,
          x,
          xOffset + end * xRow,
          xRow);
    }
  }

  /// Solves with the upper triangle, from the last row up.
  public static void solveUpper(
      int n, int m, double[] t, int tOffset, int tRow, double[] x, int xOffset, int xRow) {
    for (int end = n; end > 0; end -= BLOCK) {
      int first = Math.max(0, end - BLOCK);
      for (int i = end - 1; i >= first; i--) {
        int row = tOffset + i * tRow;
        int target = xOffset + i * xRow;
        for (int k = i + 1; k < end; k++) {
          subtract(m, t[row + k], x, xOffset + k * xRow, target);
        }
        divide(m, t[row + i], x, target);
      }
      Products.subtract(
          first,
          m,
          end - first,
          t,
          tOffset + first,
          tRow,
          x,
          xOffset + first * xRow,
          xRow,
          x,
          xOffset,
          xRow);
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
