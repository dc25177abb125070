package dev.autograd.ops.order;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Map;

/// The median along a dimension and where it is; the gradient goes to that place.
///
/// - **Formula** `v` = element `⌊(n − 1) / 2⌋` in ascending order, `i` = its place, of equal
///   elements as a stable sort puts them; `dx = g_v` at `i`, 0 elsewhere; a NaN wins
/// - **Shapes** `x: [.., n, ..] → v, i: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16; `i` is i64
/// - **Smooth** where the median is unique; `i` is not differentiable
/// - **ONNX** TopK (11), Slice
/// - **Source** one subgradient among many: a tie goes to one place, where Median shares
///
/// @param dim the dimension; negative counts from the end
/// @param keepDim whether it stays, with size 1
public record MedianDim(int dim, boolean keepDim) implements MiddleAlong {

  /// Makes the prototype, which looks along the last dimension.
  public MedianDim() {
    this(-1, false);
  }

  /// Returns the medians of `x` along `dim`, the lower one of two in the middle, and their indices.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`) if there is
  ///   no such dimension
  public static ValuesAndIndices median(Tensor x, int dim, boolean keepDim) {
    return new MedianDim(dim, keepDim).of(x);
  }

  @Override
  public boolean ignoresNan() {
    return false;
  }

  @Override
  public MedianDim along(int dim, boolean keepDim) {
    return new MedianDim(dim, keepDim);
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    Value x = in[0];
    Shape from = x.shape();
    if (from.rank() == 0) {
      Value zero = graph.scalar(DType.I64, 0);
      return new Value[] {identity(graph, x), identity(graph, zero)};
    }
    int axis = from.axis("median_dim", dim);
    Value[] y = OnnxOrder.median(graph, x, axis);
    for (int i = 0; i < y.length && !keepDim; i++) {
      y[i] = graph.node("Squeeze", Map.of(), y[i].dtype(), left(from), y[i], graph.constant(axis));
    }
    return y;
  }

  private static Value identity(OnnxGraph graph, Value x) {
    return graph.node("Identity", Map.of(), x.dtype(), x.shape(), x);
  }
}
