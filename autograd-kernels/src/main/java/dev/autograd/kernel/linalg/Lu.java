package dev.autograd.kernel.linalg;

/// Factorisations `P A = L U` of square f64 matrices with partial pivoting.
///
/// G. Golub, C. Van Loan, Matrix Computations, §3.4. The pivot is the element of the greatest size
/// in its column, the first of equals; a column without one but 0 is left as it is, which makes a 0
/// on the diagonal of U. Columns are factored in blocks, and what a block contributes to the
/// columns after it is one matrix product (§3.2.11 there).
public final class Lu {
  /// Columns in a block; part of the result's definition.
  private static final int BLOCK = 32;

  private Lu() {}

  /// Factors a contiguous `[n, n]` matrix in place: U on and above the diagonal, L below it, whose
  /// own diagonal is ones.
  ///
  /// @param rows gets, for each row of `P A`, which row of A it is
  /// @return the determinant of P, 1 or −1
  public static int factor(int n, double[] a, int offset, int[] rows, int rowsOffset) {
    MatrixF64 all = new MatrixF64(a, offset, n);
    int sign = 1;
    for (int i = 0; i < n; i++) {
      rows[rowsOffset + i] = i;
    }
    for (int first = 0; first < n; first += BLOCK) {
      int end = Math.min(n, first + BLOCK);
      for (int k = first; k < end; k++) {
        int best = pivot(n, a, offset, k);
        if (best != k) {
          swap(n, a, offset + k * n, offset + best * n);
          int row = rows[rowsOffset + k];
          rows[rowsOffset + k] = rows[rowsOffset + best];
          rows[rowsOffset + best] = row;
          sign = -sign;
        }
        eliminate(n, a, offset, k, end);
      }
      MatrixF64 right = all.at(first, end);
      Triangular.solveLower(end - first, n - end, all.at(first, first), true, right);
      Products.subtract(n - end, n - end, end - first, all.at(end, first), right, all.at(end, end));
    }
    return sign;
  }

  /// Clears column `k` below the diagonal, in the columns before `end`.
  private static void eliminate(int n, double[] a, int offset, int k, int end) {
    int top = offset + k * n;
    double pivot = a[top + k];
    if (pivot == 0) {
      return;
    }
    for (int i = k + 1; i < n; i++) {
      int row = offset + i * n;
      double factor = a[row + k] / pivot;
      a[row + k] = factor;
      for (int j = k + 1; j < end; j++) {
        a[row + j] -= factor * a[top + j];
      }
    }
  }

  private static int pivot(int n, double[] a, int offset, int k) {
    int best = k;
    for (int i = k + 1; i < n; i++) {
      if (Math.abs(a[offset + i * n + k]) > Math.abs(a[offset + best * n + k])) {
        best = i;
      }
    }
    return best;
  }

  private static void swap(int n, double[] a, int first, int second) {
    for (int j = 0; j < n; j++) {
      double v = a[first + j];
      a[first + j] = a[second + j];
      a[second + j] = v;
    }
  }

  /// Solves `A X = B` with the factors of A; B and X are contiguous `[n, m]` and not the same
  /// array.
  public static void solve(
      int n,
      int m,
      double[] factors,
      int offset,
      int[] rows,
      int rowsOffset,
      double[] b,
      int bOffset,
      double[] x,
      int xOffset) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(b, bOffset + rows[rowsOffset + i] * m, x, xOffset + i * m, m);
    }
    MatrixF64 lu = new MatrixF64(factors, offset, n);
    MatrixF64 solution = new MatrixF64(x, xOffset, m);
    Triangular.solveLower(n, m, lu, true, solution);
    Triangular.solveUpper(n, m, lu, solution);
  }

  /// Returns the first place on the diagonal of U that holds a 0, or −1.
  public static int singularAt(int n, double[] factors, int offset) {
    for (int i = 0; i < n; i++) {
      if (factors[offset + i * n + i] == 0) {
        return i;
      }
    }
    return -1;
  }
}
