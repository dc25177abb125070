package dev.autograd.kernel.linalg;

import java.util.Arrays;

/// Eigenvalues and eigenvectors of symmetric f64 matrices.
///
/// Householder reflections make the matrix tridiagonal, QR steps with Wilkinson's shift make that
/// diagonal: G. Golub, C. Van Loan, Matrix Computations, §8.3. An eigenvector's component of the
/// greatest size, the first of equals, is made positive.
public final class SymmetricEigen {
  private static final double EPSILON = 0x1p-53;
  private static final int STEPS_PER_VALUE = 60;

  private final int n;

  /// The matrix, later the diagonal's transformation: row k is eigenvector k in the end.
  private final double[] z;

  private final double[] d;
  private final double[] e;

  private SymmetricEigen(int n) {
    this.n = n;
    z = new double[n * n];
    d = new double[n];
    e = new double[Math.max(0, n - 1)];
  }

  /// Decomposes a contiguous symmetric `[n, n]` matrix.
  ///
  /// @param w gets the eigenvalues in ascending order
  /// @param v gets the eigenvectors as columns, contiguous `[n, n]`; may be `a` itself
  /// @return whether the iteration converged, which it does for finite matrices
  public static boolean decompose(
      int n, double[] a, int offset, double[] w, int wOffset, double[] v, int vOffset) {
    var eigen = new SymmetricEigen(n);
    int exponent = exponent(a, offset, n * n);
    if (exponent > Double.MAX_EXPONENT) {
      return false;
    }
    double[] scaled = new double[n * n];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = Math.scalb(a[offset + i], -exponent);
    }
    eigen.tridiagonalise(scaled);
    if (!eigen.diagonalise()) {
      return false;
    }
    eigen.write(exponent, w, wOffset, v, vOffset);
    return true;
  }

  /// Returns the exponent of the greatest element, above the greatest possible one if there are
  /// NaNs or infinities.
  private static int exponent(double[] a, int offset, int count) {
    double greatest = 0;
    for (int i = 0; i < count; i++) {
      greatest = Math.max(greatest, Math.abs(a[offset + i]));
    }
    return greatest == 0 ? 0 : Math.getExponent(greatest);
  }

  private void tridiagonalise(double[] a) {
    for (int i = 0; i < n; i++) {
      z[i * n + i] = 1;
    }
    double[] v = new double[n];
    double[] p = new double[n];
    for (int k = 0; k < n - 1; k++) {
      double beta = reflection(a, k, v);
      if (beta != 0) {
        reflectBothSides(a, k + 1, beta, v, p);
        reflectRows(k + 1, beta, v, p);
      }
    }
    for (int k = 0; k < n; k++) {
      d[k] = a[k * n + k];
    }
  }

  /// Finds the reflection `I − β v vᵀ` that clears column `k` below its subdiagonal element, which
  /// goes to `e`.
  private double reflection(double[] a, int k, double[] v) {
    double rest = 0;
    for (int i = k + 2; i < n; i++) {
      rest = Math.max(rest, Math.abs(a[i * n + k]));
    }
    double head = a[(k + 1) * n + k];
    if (rest == 0) {
      e[k] = head;
      return 0;
    }
    double scale = Math.max(rest, Math.abs(head));
    double square = 0;
    for (int i = k + 1; i < n; i++) {
      v[i] = a[i * n + k] / scale;
      square += v[i] * v[i];
    }
    double length = Math.sqrt(square);
    double target = v[k + 1] > 0 ? -length : length;
    e[k] = target * scale;
    v[k + 1] -= target;
    double norm = 0;
    for (int i = k + 1; i < n; i++) {
      norm += v[i] * v[i];
    }
    return 2 / norm;
  }

  /// Replaces the lower right block of `a` by `H a H`, with `H = I − β v vᵀ`.
  private void reflectBothSides(double[] a, int from, double beta, double[] v, double[] p) {
    double along = 0;
    for (int i = from; i < n; i++) {
      double sum = 0;
      for (int j = from; j < n; j++) {
        sum += a[i * n + j] * v[j];
      }
      p[i] = beta * sum;
      along += p[i] * v[i];
    }
    double half = beta * along / 2;
    for (int i = from; i < n; i++) {
      p[i] -= half * v[i];
    }
    for (int i = from; i < n; i++) {
      for (int j = from; j < n; j++) {
        a[i * n + j] -= v[i] * p[j] + p[i] * v[j];
      }
    }
  }

  /// Replaces `z` by `H z`.
  private void reflectRows(int from, double beta, double[] v, double[] sum) {
    Arrays.fill(sum, 0);
    for (int i = from; i < n; i++) {
      for (int j = 0; j < n; j++) {
        sum[j] += v[i] * z[i * n + j];
      }
    }
    for (int i = from; i < n; i++) {
      double factor = beta * v[i];
      for (int j = 0; j < n; j++) {
        z[i * n + j] -= factor * sum[j];
      }
    }
  }

  private boolean diagonalise() {
    int last = n - 1;
    for (int steps = STEPS_PER_VALUE * n; last > 0; steps--) {
      int first = last;
      while (first > 0 && !negligible(first - 1)) {
        first--;
      }
      if (first == last) {
        last--;
      } else if (steps == 0) {
        return false;
      } else {
        step(first, last);
      }
    }
    return true;
  }

  private boolean negligible(int k) {
    return Math.abs(e[k]) <= EPSILON * (Math.abs(d[k]) + Math.abs(d[k + 1]));
  }

  /// Does an implicit QR step on rows `first` to `last`.
  private void step(int first, int last) {
    double half = (d[last - 1] - d[last]) / 2;
    double off = e[last - 1];
    double root = hypotenuse(half, off);
    double x = d[first] - d[last] + off * (off / (half + (half < 0 ? -root : root)));
    double y = e[first];
    for (int k = first; k < last; k++) {
      double r = hypotenuse(x, y);
      double c = r == 0 ? 1 : x / r;
      double s = r == 0 ? 0 : y / r;
      if (k > first) {
        e[k - 1] = r;
      }
      double upper = d[k];
      double lower = d[k + 1];
      double between = 2 * c * s * e[k];
      d[k] = c * c * upper + between + s * s * lower;
      d[k + 1] = s * s * upper - between + c * c * lower;
      e[k] = c * s * (lower - upper) + (c * c - s * s) * e[k];
      if (k + 1 < last) {
        x = e[k];
        y = s * e[k + 1];
        e[k + 1] *= c;
      }
      rotate(k, c, s);
    }
  }

  private void rotate(int k, double c, double s) {
    int a = k * n;
    int b = a + n;
    for (int j = 0; j < n; j++) {
      double u = z[a + j];
      double v = z[b + j];
      z[a + j] = c * u + s * v;
      z[b + j] = c * v - s * u;
    }
  }

  /// Returns `√(x² + y²)`; in both directions of the exponent without a detour over infinity.
  private static double hypotenuse(double x, double y) {
    double longer = Math.max(Math.abs(x), Math.abs(y));
    if (longer == 0) {
      return 0;
    }
    double u = x / longer;
    double v = y / longer;
    return longer * Math.sqrt(u * u + v * v);
  }

  private void write(int exponent, double[] w, int wOffset, double[] v, int vOffset) {
    int[] order = ascending();
    for (int k = 0; k < n; k++) {
      int row = order[k] * n;
      w[wOffset + k] = Math.scalb(d[order[k]], exponent);
      int greatest = 0;
      for (int i = 1; i < n; i++) {
        if (Math.abs(z[row + i]) > Math.abs(z[row + greatest])) {
          greatest = i;
        }
      }
      double sign = z[row + greatest] < 0 ? -1 : 1;
      for (int i = 0; i < n; i++) {
        v[vOffset + i * n + k] = sign * z[row + i];
      }
    }
  }

  /// Returns the places of the eigenvalues in ascending order, equal ones as they come.
  private int[] ascending() {
    int[] order = new int[n];
    for (int k = 0; k < n; k++) {
      int at = k;
      while (at > 0 && d[order[at - 1]] > d[k]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = k;
    }
    return order;
  }
}
