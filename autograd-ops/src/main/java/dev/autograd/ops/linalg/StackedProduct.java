package dev.autograd.ops.linalg;

import dev.autograd.Tensor;
import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.linalg.MatrixF32;
import dev.autograd.kernel.linalg.MatrixF64;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.ops.operand.Operands;
import org.jspecify.annotations.Nullable;

/// The strides of a product of two stacks of matrices, as few loops as the layouts allow.
///
/// Nothing is copied: transposed, sliced and expanded operands are strides to the kernel.
final class StackedProduct {
  private static final double PRODUCTS_PER_CHUNK = 1 << 20;

  private final Tensor a;
  private final Tensor b;
  private int m;
  private final int k;
  private final int n;
  private int aRow;
  private final int aColumn;
  private final int bRow;
  private final int bColumn;

  // The stack, innermost dimension last; neighbours that lie in memory as one are one.
  private int depth;
  private final int[] size;
  private final int[] aStep;
  private final int[] bStep;
  private final int[] yStep;

  private StackedProduct(Tensor a, Tensor b) {
    this.a = a;
    this.b = b;
    int[] as = a.strides();
    int[] bs = b.strides();
    int ra = as.length;
    int rb = bs.length;
    k = a.size(-1);
    m = ra > 1 ? a.size(-2) : 1;
    n = rb > 1 ? b.size(-1) : 1;
    aColumn = as[ra - 1];
    aRow = ra > 1 ? as[ra - 2] : 0;
    bRow = rb > 1 ? bs[rb - 2] : bs[0];
    bColumn = rb > 1 ? bs[rb - 1] : 1;
    int rank = Math.max(0, Math.max(ra, rb) - 2);
    size = new int[rank];
    aStep = new int[rank];
    bStep = new int[rank];
    yStep = new int[rank];
    stack(as, bs, rank);
    if (m == 1 && depth > 0) {
      // The stride of a single row is free: let a stack of rows be a matrix.
      aRow = aStep[depth - 1];
    }
    if (depth > 0 && bStep[depth - 1] == 0 && aStep[depth - 1] == m * aRow) {
      // One b for rows that follow each other is one tall product.
      m *= size[--depth];
    }
  }

  static StackedProduct of(Tensor a, Tensor b) {
    return new StackedProduct(a, b);
  }

  private void stack(int[] as, int[] bs, int rank) {
    int[] sizes = new int[rank];
    for (int i = 0; i < rank; i++) {
      int ia = i - rank + as.length - 2;
      int ib = i - rank + bs.length - 2;
      sizes[i] = Math.max(ia < 0 ? 1 : a.size(ia), ib < 0 ? 1 : b.size(ib));
    }
    int[] ySteps = new int[rank];
    int step = m * n;
    for (int i = rank - 1; i >= 0; i--) {
      ySteps[i] = step;
      step *= sizes[i];
    }
    for (int i = 0; i < rank; i++) {
      if (sizes[i] == 1) {
        continue;
      }
      int ia = i - rank + as.length - 2;
      int ib = i - rank + bs.length - 2;
      int sa = ia < 0 || a.size(ia) == 1 ? 0 : as[ia];
      int sb = ib < 0 || b.size(ib) == 1 ? 0 : bs[ib];
      int outer = depth - 1;
      if (outer >= 0
          && aStep[outer] == sizes[i] * sa
          && bStep[outer] == sizes[i] * sb
          && yStep[outer] == sizes[i] * ySteps[i]) {
        size[outer] *= sizes[i];
      } else {
        outer = depth++;
        size[outer] = sizes[i];
      }
      aStep[outer] = sa;
      bStep[outer] = sb;
      yStep[outer] = ySteps[i];
    }
  }

  /// Writes the product into `y`, contiguous and owned by the caller.
  void into(Tensor y) {
    plus(null, y);
  }

  /// Writes the product plus a vector of `n` elements, unless it is `null`, for each of its rows
  /// into `y`, contiguous and owned by the caller.
  void plus(@Nullable Tensor vector, Tensor y) {
    if (y.numel() == 0) {
      return;
    }
    Tensor row = vector == null ? null : TensorCopy.dense(vector);
    switch (y.dtype()) {
      case F32 -> {
        float[] af = a.memory().floats();
        float[] bf = b.memory().floats();
        float[] yf = y.memory().floats();
        MatrixF32 added =
            row == null ? null : new MatrixF32(row.memory().floats(), row.offset(), 0);
        each(
            y,
            (ai, bi, yi) -> {
              MatrixF32 left = new MatrixF32(af, ai, aRow, aColumn);
              MatrixF32 right = new MatrixF32(bf, bi, bRow, bColumn);
              Gemm.affine(m, n, k, left, right, added, new MatrixF32(yf, yi, n));
            });
      }
      case F64 -> {
        double[] af = a.memory().doubles();
        double[] bf = b.memory().doubles();
        double[] yf = y.memory().doubles();
        MatrixF64 added =
            row == null ? null : new MatrixF64(row.memory().doubles(), row.offset(), 0);
        each(
            y,
            (ai, bi, yi) -> {
              MatrixF64 left = new MatrixF64(af, ai, aRow, aColumn);
              MatrixF64 right = new MatrixF64(bf, bi, bRow, bColumn);
              Gemm.affine(m, n, k, left, right, added, new MatrixF64(yf, yi, n));
            });
      }
      default -> throw Operands.notFloating("matmul", y.dtype());
    }
  }

  /// One product of the stack, of matrices that begin at these places.
  @FunctionalInterface
  private interface Product {
    void run(int a, int b, int y);
  }

  private void each(Tensor y, Product product) {
    int batch = batch();
    int aOffset = a.offset();
    int bOffset = b.offset();
    int yOffset = y.offset();
    if (batch == 1) {
      product.run(aOffset, bOffset, yOffset);
      return;
    }
    Workers.forRange(
        batch,
        grain(batch),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            product.run(aOffset + at(i, aStep), bOffset + at(i, bStep), yOffset + i * m * n);
          }
        });
  }

  private int batch() {
    int batch = 1;
    for (int i = 0; i < depth; i++) {
      batch *= size[i];
    }
    return batch;
  }

  /// Returns where matrix `i` of the stack begins.
  private int at(int i, int[] step) {
    int offset = 0;
    for (int d = depth - 1; d > 0; d--) {
      offset += i % size[d] * step[d];
      i /= size[d];
    }
    return offset + i * step[0];
  }

  /// Returns the matrices per chunk; a few large products cut themselves up instead.
  private int grain(int batch) {
    double each = (double) m * n * k;
    return each > 16 * PRODUCTS_PER_CHUNK && batch < 16
        ? batch
        : (int) Math.max(1, Math.min(batch, PRODUCTS_PER_CHUNK / each));
  }
}
