package dev.autograd.kernel.linalg;

/// Factorisations `A = L Lᵀ` of symmetric positive definite f64 matrices.
///
/// G. Golub, C. Van Loan, Matrix Computations, §4.2, row by row.
public final class Cholesky {
  private Cholesky() {}

  /// Factors a contiguous `[n, n]` matrix in place, of which the lower triangle is read; zeros go
  /// above the diagonal.
  ///
  /// @return 0, or the order of the first leading minor that is not positive
  public static int factor(int n, double[] a, int offset) {
    for (int i = 0; i < n; i++) {
      int row = offset + i * n;
      for (int j = 0; j < i; j++) {
        int other = offset + j * n;
        a[row + j] = (a[row + j] - dot(a, row, other, j)) / a[other + j];
      }
      double square = a[row + i] - dot(a, row, row, i);
      if (!(square > 0) || square == Double.POSITIVE_INFINITY) {
        return i + 1;
      }
      a[row + i] = Math.sqrt(square);
      for (int j = i + 1; j < n; j++) {
        a[row + j] = 0;
      }
    }
    return 0;
  }

  private static double dot(double[] a, int first, int second, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += a[first + k] * a[second + k];
    }
    return sum;
  }
}
