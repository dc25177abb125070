package dev.autograd.ops.linalg;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What makes singular matrices regular: a product `U Vᵀ` to add, so that cofactors can be had from
/// an inverse.
///
/// With `B = A + U Vᵀ`, `det A = det B · det(I − Vᵀ B⁻¹ U)` for every `A` near by: an identity of
/// polynomials, to be differentiated as often as one likes. Each column of `U` fills one pivot that
/// is 0 to working precision. Matrices that lack more than three have cofactors that vanish with
/// their first and second derivatives, so three columns are enough.
///
/// @param added `U Vᵀ`, `[*, n, n]`; null if all matrices are regular
/// @param u the first three columns of U, `[*, n, 3]`
/// @param v the same of V
/// @param reached 1 for matrices that lack three or less, 0 for others, `[*, 1, 1]`
record Bordered(
    @Nullable Tensor added, @Nullable Tensor u, @Nullable Tensor v, @Nullable Tensor reached) {
  private static final Bordered REGULAR = new Bordered(null, null, null, null);
  private static final int COLUMNS = 3;

  static Bordered of(LuFactors lu, DType dtype) {
    int n = lu.n();
    int count = lu.signs().length;
    boolean regular = true;
    double[] added = new double[count * n * n];
    double[] u = new double[count * n * COLUMNS];
    double[] v = new double[count * n * COLUMNS];
    double[] reached = new double[count];
    for (int m = 0; m < count; m++) {
      double greatest = greatest(lu, m);
      double size = greatest == 0 ? 1 : greatest;
      int lacking = 0;
      for (int j = 0; j < n; j++) {
        if (Math.abs(lu.pivot(m, j)) > n * 0x1p-52 * greatest) {
          continue;
        }
        for (int i = j; i < n; i++) {
          double l = i == j ? 1 : lu.values()[m * n * n + i * n + j];
          int row = lu.rows()[m * n + i];
          added[m * n * n + row * n + j] = size * l;
          if (lacking < COLUMNS) {
            u[(m * n + row) * COLUMNS + lacking] = size * l;
          }
        }
        if (lacking < COLUMNS) {
          v[(m * n + j) * COLUMNS + lacking] = 1;
        }
        lacking++;
      }
      reached[m] = lacking <= COLUMNS ? 1 : 0;
      regular &= lacking == 0;
    }
    if (regular) {
      return REGULAR;
    }
    Shape columns = MatrixStack.extended(lu.lead(), n, COLUMNS);
    return new Bordered(
        MatrixStack.tensor(added, MatrixStack.extended(lu.lead(), n, n), dtype),
        MatrixStack.tensor(u, columns, dtype),
        MatrixStack.tensor(v, columns, dtype),
        MatrixStack.tensor(reached, MatrixStack.extended(lu.lead(), 1, 1), dtype));
  }

  private static double greatest(LuFactors lu, int matrix) {
    double greatest = 0;
    for (int i = 0; i < lu.n(); i++) {
      for (int j = i; j < lu.n(); j++) {
        greatest = Math.max(greatest, Math.abs(lu.values()[(matrix * lu.n() + i) * lu.n() + j]));
      }
    }
    return greatest;
  }

  boolean isRegular() {
    return added == null;
  }

  /// Returns the cofactors of `a`, the matrices that this was made for.
  Tensor cofactors(Tensor a) {
    if (added == null || u == null || v == null || reached == null) {
      throw new IllegalStateException("regular matrices have an inverse");
    }
    Tensor b = a.add(added);
    Tensor y = Inverse.inverse(b);
    Tensor yt = y.transpose(-2, -1);
    double[] ones = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    Tensor identity = Tensor.of(ones, COLUMNS, COLUMNS).to(a.dtype());
    Tensor small = identity.sub(v.transpose(-2, -1).matmul(y).matmul(u));
    Tensor first = small.select(-2, 0);
    Tensor second = small.select(-2, 1);
    Tensor third = small.select(-2, 2);
    Tensor firstCofactors = cross(second, third);
    Tensor cofactors =
        Tensor.stack(List.of(firstCofactors, cross(third, first), cross(first, second)), -2);
    Tensor det = first.mul(firstCofactors).sum(new int[] {-1}, true).unsqueeze(-1);
    Tensor inside = yt.matmul(v).matmul(cofactors).matmul(u.transpose(-2, -1)).matmul(yt);
    Tensor outer = Det.det(b).unsqueeze(-1).unsqueeze(-1).mul(reached);
    return outer.mul(yt.mul(det).add(inside));
  }

  /// Returns the cross products of vectors of three.
  private static Tensor cross(Tensor a, Tensor b) {
    return turned(a, 1).mul(turned(b, 2)).sub(turned(a, 2).mul(turned(b, 1)));
  }

  private static Tensor turned(Tensor x, int by) {
    return Tensor.cat(List.of(x.narrow(-1, by, COLUMNS - by), x.narrow(-1, 0, by)), -1);
  }
}
