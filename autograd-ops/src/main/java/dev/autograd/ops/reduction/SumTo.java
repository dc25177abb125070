package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.shape.Expand;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sum over the dimensions that broadcasting made; the adjoint of [Expand].
///
/// - **Formula** `y = Σ x` over what `target` broadcast to get the shape of `x`, `dx = g` expanded
/// - **Shapes** `x: [*] → y: target`, which broadcasts to `[*]`
/// - **DType** all but bool
/// - **Smooth** everywhere
/// - **ONNX** ReduceSum (13) + Reshape
/// - **Source** https://numpy.org/doc/stable/user/basics.broadcasting.html
///
/// @param target the shape of the result
public record SumTo(Shape target) implements Function {

  /// Makes the prototype, which sums to a scalar.
  public SumTo() {
    this(Shape.SCALAR);
  }

  /// Sums `x` down to `shape`; `x` itself if it has that shape already.
  ///
  /// @throws AutogradException (`SHAPE`) if `shape` does not broadcast to that of `x`
  public static Tensor sumTo(Tensor x, Shape shape) {
    return x.shape().equals(shape) ? x : new SumTo(shape).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    boolean[] gone = gone(x.shape());
    Storage y = Reductions.sum("sum_to", x, gone);
    return TensorCast.to(Tensor.of(y, target), x.dtype());
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {Expand.expand(g, ctx.inputShape(0).dims())};
  }

  /// Returns which dimensions of `from` are summed.
  private boolean[] gone(Shape from) {
    if (!target.broadcastsTo(from)) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "sum_to: the target must broadcast to the shape of x, got "
              + target
              + " for a tensor of shape "
              + from);
    }
    int lead = from.rank() - target.rank();
    boolean[] gone = new boolean[from.rank()];
    for (int d = 0; d < gone.length; d++) {
      gone[d] = d < lead || (target.size(d - lead) == 1 && from.size(d) != 1);
    }
    return gone;
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    int[] dims = new int[in[0].rank()];
    Arrays.fill(dims, 1);
    dims[0] = batch.size();
    System.arraycopy(target.dims(), 0, dims, dims.length - target.rank(), target.rank());
    Tensor y = sumTo(in[0], Shape.of(dims));
    return y.reshape(target.prepended(batch.size()).dims());
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape from = in[0].shape();
    boolean[] gone = gone(from);
    int[] kept = from.dims();
    long[] axes = new long[gone.length];
    int n = 0;
    for (int d = 0; d < gone.length; d++) {
      if (gone[d]) {
        kept[d] = 1;
        axes[n++] = d;
      }
    }
    OnnxGraph.Value y = in[0];
    if (n > 0) {
      y =
          graph.node(
              "ReduceSum",
              Map.of("keepdims", 1),
              y.dtype(),
              Shape.of(kept),
              y,
              graph.constant(Arrays.copyOf(axes, n)));
    }
    return graph.node(
        "Reshape",
        Map.of(),
        y.dtype(),
        target,
        y,
        graph.constant(Ints.of(target.dims()).toLongs()));
  }

  @Override
  public void samples(Samples s) {
    s.add(new SumTo(Shape.of(3)), s.randn(2, 3));
    s.add(new SumTo(Shape.of(2, 1)), s.randn(2, 3));
    s.add(new SumTo(Shape.of(3, 1, 2)), s.randn(2, 4, 3, 2).transpose(1, 2));
    s.add(new SumTo(Shape.SCALAR), s.randn(2, 3));
    s.add(new SumTo(Shape.of(4, 1)), s.randn(4, 0));
    s.reject(new SumTo(Shape.of(4)), "must broadcast", s.randn(2, 3));
  }
}
