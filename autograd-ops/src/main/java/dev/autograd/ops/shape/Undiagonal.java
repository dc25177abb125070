package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Zeros with the last dimension of `x` along a diagonal; the adjoint of [Diagonal].
///
/// - **Formula** `y[.., i, .., i + offset, ..] = x[.., i]`, 0 elsewhere; `dx = g` there
/// - **Shapes** `x: [.., k] → y: [.., rows, .., columns, ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Pad (13), Gather (13), Transpose
/// - **Source** the transpose of a selection matrix
///
/// @param offset which diagonal: 0 the main one, positive above it, negative below
/// @param dim1 the dimension of rows in the result; negative counts from the end
/// @param dim2 the dimension of columns in the result; negative counts from the end
/// @param rows the number of rows
/// @param columns the number of columns
public record Undiagonal(int offset, int dim1, int dim2, int rows, int columns)
    implements Function {

  /// Makes the prototype, which makes a matrix of two rows.
  public Undiagonal() {
    this(0, -2, -1, 2, 2);
  }

  /// Returns square matrices, in the last two dimensions, with the last dimension of `x` as their
  /// diagonal `offset`.
  ///
  /// @throws AutogradException (`SHAPE`) if `x` is a scalar
  public static Tensor diagEmbed(Tensor x, int offset) {
    int n = (x.rank() == 0 ? 0 : x.size(-1)) + Math.abs(offset);
    return new Undiagonal(offset, -2, -1, n, n).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    DiagonalPlane plane = plane(x.shape());
    Shape to = shape(x.shape(), plane);
    Storage y = Storage.zeros(x.dtype(), to.numel());
    int[] all = to.strides();
    int[] strides = new int[x.rank()];
    int at = 0;
    for (int d = 0; d < all.length; d++) {
      if (d != plane.rowDim() && d != plane.columnDim()) {
        strides[at++] = all[d];
      }
    }
    int row = all[plane.rowDim()];
    int column = all[plane.columnDim()];
    strides[at] = row + column;
    if (x.numel() > 0) {
      TensorCopy.into(x, y, Math.max(0, -offset) * row + Math.max(0, offset) * column, strides);
    }
    return Tensor.of(y, to);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {Diagonal.diagonal(g, offset, dim1, dim2)};
  }

  private DiagonalPlane plane(Shape from) {
    if (from.rank() == 0) {
      throw new AutogradException(
          ErrorKind.SHAPE, "undiagonal: a scalar has no dimension to lay along a diagonal");
    }
    int[] rank = new int[from.rank() + 1];
    Arrays.fill(rank, 1);
    DiagonalPlane p = DiagonalPlane.in("undiagonal", Shape.of(rank), offset, dim1, dim2);
    p = new DiagonalPlane(offset, p.rowDim(), p.columnDim(), rows, columns);
    if (p.length() != from.size(-1)) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "undiagonal: diagonal "
              + offset
              + " of "
              + rows
              + " rows and "
              + columns
              + " columns has "
              + p.length()
              + " elements, got shape "
              + from);
    }
    return p;
  }

  private static Shape shape(Shape from, DiagonalPlane plane) {
    int[] sizes = new int[from.rank() + 1];
    int at = 0;
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] =
          d == plane.rowDim()
              ? plane.rows()
              : d == plane.columnDim() ? plane.columns() : from.size(at++);
    }
    return Shape.of(sizes);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    DiagonalPlane plane = plane(Batch.sampleShape(in[0]));
    return new Undiagonal(offset, plane.rowDim() + 1, plane.columnDim() + 1, rows, columns)
        .apply(in);
  }

  /// Appends a zero to each line and gathers it wherever the diagonal is not.
  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    Shape from = in[0].shape();
    DiagonalPlane plane = plane(from);
    Shape to = shape(from, plane);
    int last = from.rank() - 1;
    Value padded = Pad.onnxPad(graph, in[0], last, 0, 1);
    long[] index = new long[rows * columns];
    Arrays.fill(index, plane.length());
    long[] at = plane.positions();
    for (int i = 0; i < at.length; i++) {
      index[(int) at[i]] = i;
    }
    int[] order = plane.last(to.rank());
    int[] sizes = new int[order.length];
    int[] inverse = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      sizes[d] = to.size(order[d]);
      inverse[order[d]] = d;
    }
    Value planes =
        graph.node(
            "Gather",
            Map.of("axis", last),
            in[0].dtype(),
            Shape.of(sizes),
            padded,
            graph.constant(Tensor.of(index, rows, columns)));
    return graph.node("Transpose", Map.of("perm", inverse), in[0].dtype(), to, planes);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Undiagonal(0, -2, -1, 3, 3), s.randn(3));
    s.add(new Undiagonal(1, 0, 1, 3, 4), s.randn(3));
    s.add(new Undiagonal(-1, 0, 2, 3, 2), s.randn(2, 4).transpose(0, 1));
    s.add(new Undiagonal(0, 2, 0, 2, 3), s.randn(3, 2));
    s.add(new Undiagonal(0, -2, -1, 2, 2), s.randn(0, 2));
    s.add(new Undiagonal(0, -2, -1, 0, 2), s.randn(2, 0));
    s.reject(new Undiagonal(0, -2, -1, 2, 2), "has 2 elements", s.randn(3));
    s.reject(new Undiagonal(0, 0, 0, 2, 2), "two dimensions", s.randn(2));
    s.reject(new Undiagonal(), "scalar", s.randn());
  }
}
