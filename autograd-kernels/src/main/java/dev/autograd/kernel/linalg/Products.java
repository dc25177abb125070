package dev.autograd.kernel.linalg;

/// Products to be taken off a matrix, as factorisations by blocks need them.
final class Products {
  private Products() {}

  /// Computes `C[m, n] -= A[m, k] B[k, n]`, rows first; C shares no elements with A or B.
  static void subtract(int m, int n, int k, MatrixF64 a, MatrixF64 b, MatrixF64 c) {
    if (m == 0 || n == 0 || k == 0) {
      return;
    }
    double[] minus = new double[m * k];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < k; j++) {
        minus[i * k + j] = -a.array()[a.index(i, j)];
      }
    }
    Gemm.multiply(m, n, k, new MatrixF64(minus, 0, k), b, c, true);
  }
}
