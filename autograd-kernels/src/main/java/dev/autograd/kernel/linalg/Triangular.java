package dev.autograd.kernel.linalg;

/// Solutions of triangular systems `T X = B` in f64, in place: X takes the place of B.
///
/// T is `[n, n]` and X `[n, m]`, both contiguous with rows first. Only the triangle that is named
/// is read. Rows of X are taken off each other in one fixed order.
public final class Triangular {
  private Triangular() {}

  /// Solves with the lower triangle, from the first row down.
  ///
  /// @param unit whether the diagonal counts as ones and is not read
  public static void solveLower(
      int n, int m, double[] t, int tOffset, boolean unit, double[] x, int xOffset) {
    for (int i = 0; i < n; i++) {
      int row = tOffset + i * n;
      int target = xOffset + i * m;
      for (int k = 0; k < i; k++) {
        subtract(m, t[row + k], x, xOffset + k * m, target);
      }
      if (!unit) {
        divide(m, t[row + i], x, target);
      }
    }
  }

  /// Solves with the upper triangle, from the last row up.
  public static void solveUpper(int n, int m, double[] t, int tOffset, double[] x, int xOffset) {
    for (int i = n - 1; i >= 0; i--) {
      int row = tOffset + i * n;
      int target = xOffset + i * m;
      for (int k = i + 1; k < n; k++) {
        subtract(m, t[row + k], x, xOffset + k * m, target);
      }
      divide(m, t[row + i], x, target);
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
