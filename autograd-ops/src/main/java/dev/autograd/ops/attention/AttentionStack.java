package dev.autograd.ops.attention;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.attention.AttentionShape;
import dev.autograd.kernel.attention.Matrices;
import dev.autograd.ops.operand.Operands;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The heads of one attention: operands of any strides as stacks of as many matrices.
///
/// @param lead the leading dimensions, broadcast
/// @param shape the sizes
record AttentionStack(Shape lead, AttentionShape shape) {
  private static final String NAME = "scaled_dot_product_attention";

  /// Returns the stack of operands, after a check that they fit together.
  ///
  /// @param scale `null` for `1 / √E`
  static AttentionStack of(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, @Nullable Double scale, boolean causal) {
    check(q.shape(), k.shape(), v.shape());
    int l = q.size(-2);
    int s = k.size(-2);
    Shape lead = leading(leading(leading(q.shape()), leading(k.shape())), leading(v.shape()));
    if (mask != null && !mask.shape().broadcastsTo(stacked(lead, l, s))) {
      throw Operands.shape(
          NAME
              + ": the mask must broadcast to the products of queries and keys, got mask "
              + mask.shape()
              + " and products "
              + stacked(lead, l, s));
    }
    double factor = scale(scale, q.shape());
    var shape = new AttentionShape(lead.numel(), l, s, q.size(-1), v.size(-1), factor, causal);
    return new AttentionStack(lead, shape);
  }

  /// Returns the stack with the leading dimensions of a result.
  AttentionStack with(Shape y) {
    Shape all = leading(y);
    var of = shape;
    return new AttentionStack(
        all,
        new AttentionShape(
            all.numel(),
            of.queries(),
            of.keys(),
            of.size(),
            of.valueSize(),
            of.scale(),
            of.causal()));
  }

  private static void check(Shape q, Shape k, Shape v) {
    boolean ranks = q.rank() > 1 && k.rank() > 1 && v.rank() > 1;
    if (!ranks || q.size(-1) != k.size(-1) || k.size(-2) != v.size(-2)) {
      throw Operands.shape(
          NAME
              + ": takes q [*, L, E], k [*, S, E] and v [*, S, F], got q "
              + q
              + ", k "
              + k
              + " and v "
              + v);
    }
  }

  /// Returns what products of queries of a shape are multiplied by.
  static double scale(@Nullable Double scale, Shape q) {
    return scale == null ? 1 / Math.sqrt(q.size(-1)) : scale;
  }

  /// Returns the dimensions before those of the matrices.
  static Shape leading(Shape of) {
    return Shape.of(Arrays.copyOf(of.dims(), of.rank() - 2));
  }

  /// Returns the broadcast leading dimensions of two stacks.
  static Shape leading(Shape a, Shape b) {
    return Shape.broadcast(NAME, a, b);
  }

  /// Returns the shape of a stack of matrices.
  static Shape stacked(Shape lead, int rows, int columns) {
    int[] dims = Arrays.copyOf(lead.dims(), lead.rank() + 2);
    dims[lead.rank()] = rows;
    dims[lead.rank() + 1] = columns;
    return Shape.of(dims);
  }

  /// Returns the matrices of a tensor, one for each head, without copying any; `null` for `null`.
  @Nullable Matrices optional(@Nullable Tensor t, int rows, int columns) {
    return t == null ? null : matrices(t, rows, columns);
  }

  /// Returns the matrices of a tensor, one for each head, without copying any.
  ///
  /// @param rows their rows, which a single one is repeated for
  /// @param columns their columns, likewise
  Matrices matrices(Tensor t, int rows, int columns) {
    int rank = lead.rank();
    int[] own = t.strides();
    int[] strides = new int[rank + 2];
    int skipped = rank + 2 - own.length;
    for (int d = skipped; d < strides.length; d++) {
      int size = d < rank ? lead.size(d) : d == rank ? rows : columns;
      strides[d] = t.size(d - skipped) == size ? own[d - skipped] : 0;
    }
    int[] at = new int[lead.numel()];
    int[] index = new int[rank];
    int offset = t.offset();
    for (int b = 0; b < at.length; b++) {
      at[b] = offset;
      for (int d = rank - 1; d >= 0; d--) {
        offset += strides[d];
        if (++index[d] < lead.size(d)) {
          break;
        }
        offset -= strides[d] * index[d];
        index[d] = 0;
      }
    }
    Object data =
        switch (t.dtype()) {
          case F32 -> t.memory().floats();
          case F64 -> t.memory().doubles();
          case BOOL -> t.memory().bytes();
          default -> throw Operands.notFloating(NAME, t.dtype());
        };
    return new Matrices(data, at, strides[rank], strides[rank + 1]);
  }

  /// Makes a result `[*, rows, columns]` whose dimensions lie in memory in the order of those of
  /// `like`, with contiguous rows: what follows then mostly finds it as it likes it.
  Tensor result(Tensor like, int rows, int columns, DType dtype) {
    Shape to = stacked(lead, rows, columns);
    int[] strides = like.strides();
    int outer = to.rank() - 1;
    if (strides.length != to.rank() || like.isContiguous() || !isOrdered(like.shape(), strides)) {
      return Tensor.empty(to, dtype);
    }
    Integer[] order = new Integer[outer];
    Arrays.setAll(order, d -> d);
    Arrays.sort(order, Comparator.comparingInt(d -> -strides[d]));
    int[] laid = new int[to.rank()];
    laid[outer] = 1;
    int step = Math.max(1, columns);
    for (int i = outer - 1; i >= 0; i--) {
      laid[order[i]] = step;
      step *= Math.max(1, to.size(order[i]));
    }
    return Tensor.emptyStrided(to, laid, dtype);
  }

  /// Returns whether the columns are innermost and no dimension is repeated.
  private static boolean isOrdered(Shape shape, int[] strides) {
    int columns = strides[strides.length - 1];
    for (int d = 0; d < strides.length - 1; d++) {
      if (shape.size(d) > 1 && strides[d] <= columns) {
        return false;
      }
    }
    return columns == 1;
  }
}
