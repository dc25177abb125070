package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.ops.shape.Expand;
import dev.autograd.ops.shape.Pad;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A copy of `x` with elements of `source` written where indices say; the last of equal ones stays.
///
/// - **Formula** `y = x`, but `y[i, index[i, j, k], k] = source[i, j, k]` for `dim = 1`; `dx = g`
///   with zeros there, `dsource` = the `g` gathered there, where an index repeats for each of its
///   sources
/// - **Shapes** `x: [a, n, c]`, `index: [a', m, c']`, `source`: at least that `→ y: [a, n, c]`
/// - **DType** x and source the same, all but f16, bf16; index i64, i32
/// - **Smooth** in x, and in source where indices do not repeat
/// - **ONNX** ScatterElements (16)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.put_along_axis.html
///
/// @param dim the dimension; negative counts from the end
public record Scatter(int dim) implements Function {

  /// Makes the prototype, which writes along the first dimension.
  public Scatter() {
    this(0);
  }

  /// Returns a copy of `x` with `source` written at `index` along `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if an index is out of range or there is no such dimension,
  ///   (`SHAPE`) if `index` is too great, (`DTYPE`) if the types do not fit
  public static Tensor scatter(Tensor x, int dim, Tensor index, Tensor source) {
    return new Scatter(dim).apply(x, index, source);
  }

  /// Returns a copy of `x` with `value` written at `index` along `dim`.
  ///
  /// @throws AutogradException as the other form
  public static Tensor scatter(Tensor x, int dim, Tensor index, double value) {
    Tensor source = Tensor.full(Shape.SCALAR, value, x.dtype());
    return scatter(x, dim, index, Expand.expand(source, index.shape().dims()));
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor index = in[1];
    int axis = Indexed.axis("scatter", x.shape(), dim, index.shape());
    Tensor source = Indexed.reached("scatter", in[2], index.shape(), x.dtype());
    long[] at = TensorIndex.positions("scatter", index);
    Tensor y = Indexed.copy(x);
    TensorIndex.scatter("scatter", source, axis, at, y);
    if (ctx.needs(0) || ctx.needs(2)) {
      ctx.save(index);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor index = ctx.saved(0);
    @Nullable Tensor[] grads = new Tensor[3];
    if (ctx.needs(0)) {
      grads[0] = scatter(g, dim, index, 0);
    }
    if (ctx.needs(2)) {
      grads[2] = ofSource(g, dim, index, ctx.inputShape(2));
    }
    return grads;
  }

  /// Returns `g` gathered at the indices, with zeros for sources that no index reaches.
  static Tensor ofSource(Tensor g, int dim, Tensor index, Shape source) {
    Tensor reached = Gather.gather(g, dim, index);
    return reached.shape().equals(source)
        ? reached
        : Pad.pad(reached, Indexed.shortfall(reached.shape(), source), 0);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along("scatter", dim, Scatter::new, in);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    if (in[0].shape().rank() == 0) {
      return graph.node("Identity", Map.of(), in[2].dtype(), in[2].shape(), in[2]);
    }
    int axis = Indexed.axis("scatter", in[0].shape(), dim, in[1].shape());
    return graph.node(
        "ScatterElements",
        Map.of("axis", axis),
        in[0].dtype(),
        in[0].shape(),
        in[0],
        in[1],
        Indexed.onnxReached(graph, in[2], in[1].shape()));
  }

  @Override
  public void samples(Samples s) {
    Tensor once = Tensor.of(new long[] {2, 0}, 2, 1);
    s.add(new Scatter(0), s.randn(3, 2), once, s.randn(2, 1));
    s.add(new Scatter(-1), s.randn(1, 3), once.transpose(0, 1), s.randn(2, 4));
    s.add(new Scatter(1), s.randn(3, 2).transpose(0, 1), once, s.randn(1, 2).transpose(0, 1));
    s.add(new Scatter(0), s.randn(3), s.indices(3, 0), s.randn(0));
    s.add(new Scatter(0), s.randn(), s.indices(1), s.randn());
    s.reject(
        new Scatter(0), "must lie in [0, 2)", s.randn(2), Tensor.of(new long[] {2}), s.randn(1));
    s.reject(new Scatter(0), "at least as great", s.randn(2), s.indices(2, 2), s.randn(1));
  }
}
