package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The elements at places in row-major order, whatever the shape.
///
/// - **Formula** `y[i] = x_flat[index[i]]`; `dx` adds up `g` over all uses of an element
/// - **Shapes** `x: [*]`, `index: [m, ..] → y: [m, ..]`
/// - **DType** x any but f16, bf16; index i64, i32
/// - **Smooth** in x
/// - **ONNX** Reshape, Gather (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.take.html
public record Take() implements Function {

  /// Returns the elements of `x` at the places `index`, in the shape of `index`.
  ///
  /// @throws AutogradException (`INDEX`) if an index is out of range, (`DTYPE`) if the indices are
  ///   not i64 or i32
  public static Tensor take(Tensor x, Tensor index) {
    return new Take().apply(x, index);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor dense = TensorCopy.dense(in[0]);
    Tensor flat = dense.alias(Shape.of(dense.numel()), new int[] {1}, dense.offset());
    Shape to = in[1].shape();
    long[] at = TensorIndex.positions("take", in[1]);
    if (ctx.needs(0)) {
      ctx.save(in[1]);
    }
    return Tensor.of(TensorIndex.gather("take", flat, 0, at, Shape.of(to.numel())), to);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape from = ctx.inputShape(0);
    Tensor dx =
        Tensor.zeros(Shape.of(from.numel()), g.dtype())
            .scatterAdd(0, ctx.saved(0).reshape(g.numel()), g.reshape(g.numel()));
    return new Tensor[] {dx.reshape(from.dims()), null};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    if (!batch.has(0)) {
      return apply(in);
    }
    Tensor[] all = batch.repeated(in);
    int n = batch.size();
    Tensor lines = all[0].reshape(n, Batch.sampleShape(all[0]).numel());
    Tensor at = all[1].reshape(n, Batch.sampleShape(all[1]).numel());
    return Gather.gather(lines, 1, at).reshape(all[1].shape().dims());
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    Value x = in[0];
    Shape line = Shape.of(x.shape().numel());
    Value flat = graph.node("Reshape", Map.of(), x.dtype(), line, x, graph.constant(-1));
    return graph.node("Gather", Map.of("axis", 0), x.dtype(), in[1].shape(), flat, in[1]);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(4), s.indices(4, 3));
    s.add(this, s.randn(2, 3), s.indices(6, 2, 4));
    s.add(this, s.randn(3, 2).transpose(0, 1), s.indices(6, 3, 2).transpose(0, 1));
    s.add(this, s.randn(), s.indices(1));
    s.add(this, s.randn(2, 2), s.indices(4, 0));
    s.reject(this, "must lie in [0, 2)", s.randn(2), Tensor.of(new long[] {2}));
    s.reject(this, "must be i64 or i32", s.randn(2), s.randn(1));
  }
}
