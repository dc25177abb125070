package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Scan;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The running sum along a dimension.
///
/// - **Formula** `yᵢ = Σⱼ≤ᵢ xⱼ`, from the end if `reverse`; `dx` = the running sum of `g` the other
///   way
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64; i64 for integers and bool
/// - **Smooth** everywhere
/// - **ONNX** CumSum (14)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.cumsum.html
///
/// @param dim the dimension; negative counts from the end
/// @param reverse whether to run from the last element to the first
public record Cumsum(int dim, boolean reverse) implements Function {

  /// Makes the prototype, which runs along the last dimension.
  public Cumsum() {
    this(-1, false);
  }

  /// Returns the running sum of `x` along `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension
  public static Tensor cumsum(Tensor x, int dim) {
    return new Cumsum(dim, false).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Dims.requireComputed("cumsum", x);
    if (!x.dtype().isFloating()) {
      x = TensorCast.to(x, DType.I64);
    }
    x = TensorCopy.dense(x);
    Shape shape = x.shape();
    int axis = shape.axis("cumsum", dim);
    AxisLines l = AxisLines.of(shape, axis);
    int n = l.n();
    int inner = l.inner();
    int outer = l.outer();
    Storage v = x.memory();
    Storage y = Storage.empty(x.dtype(), shape.numel());
    switch (x.dtype()) {
      case F32 -> Scan.cumsum(v.floats(), x.offset(), outer, n, inner, reverse, y.floats(), 0);
      case F64 -> Scan.cumsum(v.doubles(), x.offset(), outer, n, inner, reverse, y.doubles(), 0);
      case I64 -> Scan.cumsum(v.longs(), x.offset(), outer, n, inner, reverse, y.longs(), 0);
      case BOOL, U8, I32, F16, BF16 -> throw new IllegalStateException("was cast or refused");
    }
    return Tensor.of(y, shape);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {new Cumsum(dim, !reverse).apply(g)};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along("cumsum", dim, d -> new Cumsum(d, reverse), in);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = OnnxReduce.summable(graph, in[0]);
    if (x.shape().rank() == 0) {
      return OnnxReduce.identity(graph, x);
    }
    return graph.node(
        "CumSum",
        Map.of("reverse", reverse ? 1 : 0),
        x.dtype(),
        x.shape(),
        x,
        graph.scalar(DType.I64, x.shape().axis("cumsum", dim)));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Cumsum(0, false), s.randn(4));
    s.add(new Cumsum(-1, true), s.randn(2, 3));
    s.add(new Cumsum(1, false), s.randn(2, 3, 4).transpose(0, 1));
    s.add(new Cumsum(0, false), s.randn());
    s.add(new Cumsum(1, false), s.randn(2, 0));
    s.reject(new Cumsum(2, false), "dimension must lie in", s.randn(2, 3));
  }
}
