package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A diagonal of two dimensions, as the last dimension of the result; a view.
///
/// - **Formula** `y[.., i] = x[.., i, .., i + offset, ..]`; `dx = g` there, 0 elsewhere
/// - **Shapes** `x: [.., m, .., n, ..] → y: [.., k]`, `k = min(m, n − offset)` for `offset ≥ 0`,
///   `min(m + offset, n)` below
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Transpose, Reshape, Gather (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.diagonal.html
///
/// @param offset which diagonal: 0 the main one, positive above it, negative below
/// @param dim1 the dimension of rows; negative counts from the end
/// @param dim2 the dimension of columns; negative counts from the end
public record Diagonal(int offset, int dim1, int dim2) implements Function {

  /// Makes the prototype, which takes the main diagonal of the last two dimensions.
  public Diagonal() {
    this(0, -2, -1);
  }

  /// Returns the main diagonal of the last two dimensions.
  ///
  /// @throws AutogradException (`INDEX`) if there are fewer than two dimensions
  public static Tensor diagonal(Tensor x) {
    return new Diagonal().apply(x);
  }

  /// Returns the diagonal `offset` of dimensions `dim1` and `dim2`.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension, (`ARGUMENT`) if it is one
  public static Tensor diagonal(Tensor x, int offset, int dim1, int dim2) {
    return new Diagonal(offset, dim1, dim2).apply(x);
  }

  /// Returns the sum of the main diagonal of the last two dimensions.
  ///
  /// @throws AutogradException (`INDEX`) if there are fewer than two dimensions
  public static Tensor trace(Tensor x) {
    return diagonal(x).sum(new int[] {-1}, false);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    DiagonalPlane plane = plane(x.shape());
    int[] from = x.strides();
    int row = from[plane.rowDim()];
    int column = from[plane.columnDim()];
    int[] strides = new int[from.length - 1];
    int at = 0;
    for (int d = 0; d < from.length; d++) {
      if (d != plane.rowDim() && d != plane.columnDim()) {
        strides[at++] = from[d];
      }
    }
    strides[at] = row + column;
    int start = plane.length() == 0 ? 0 : Math.max(0, -offset) * row + Math.max(0, offset) * column;
    return x.alias(plane.of(x.shape()), strides, x.offset() + start);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    DiagonalPlane plane = plane(ctx.inputShape(0));
    return new Tensor[] {
      new Undiagonal(offset, plane.rowDim(), plane.columnDim(), plane.rows(), plane.columns())
          .apply(g)
    };
  }

  private DiagonalPlane plane(Shape shape) {
    return DiagonalPlane.in("diagonal", shape, offset, dim1, dim2);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    DiagonalPlane plane = plane(Batch.sampleShape(in[0]));
    return diagonal(in[0], offset, plane.rowDim() + 1, plane.columnDim() + 1);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    Value x = in[0];
    DiagonalPlane plane = plane(x.shape());
    int[] order = plane.last(x.shape().rank());
    Shape y = plane.of(x.shape());
    int[] moved = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      moved[d] = x.shape().size(order[d]);
    }
    Value last = graph.node("Transpose", Map.of("perm", order), x.dtype(), Shape.of(moved), x);
    int[] flat = y.dims();
    flat[flat.length - 1] = plane.rows() * plane.columns();
    Value lines =
        graph.node(
            "Reshape",
            Map.of(),
            x.dtype(),
            Shape.of(flat),
            last,
            graph.constant(Ints.of(flat).toLongs()));
    return graph.node(
        "Gather",
        Map.of("axis", flat.length - 1),
        x.dtype(),
        y,
        lines,
        graph.constant(Tensor.of(plane.positions())));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Diagonal(), s.randn(3, 3));
    s.add(new Diagonal(1, 0, 1), s.randn(3, 4));
    s.add(new Diagonal(-1, 0, 1), s.randn(4, 3).transpose(0, 1));
    s.add(new Diagonal(0, -1, 0), s.randn(2, 3, 4));
    s.add(new Diagonal(0, 1, 2), s.randn(0, 2, 2));
    s.add(new Diagonal(5, 0, 1), s.randn(2, 3));
    s.add(new Diagonal(), s.randn(1, 1));
    s.reject(new Diagonal(), "dimension must lie in", s.randn(3));
    s.reject(new Diagonal(0, 1, -1), "two dimensions", s.randn(3, 3));
  }
}
