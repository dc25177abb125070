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
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The order along dimensions reversed; copies.
///
/// - **Formula** `y[.., i, ..] = x[.., n − 1 − i, ..]`, `dx = g` reversed
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Slice (13) of step −1
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.flip.html
///
/// @param dims the dimensions to reverse, each at most once; negative ones count from the end
public record Flip(Ints dims) implements Function {

  /// Makes the prototype, which reverses the last dimension.
  public Flip() {
    this(Ints.of(-1));
  }

  /// Returns `x` with the order along `dims` reversed.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension, (`ARGUMENT`) if one is
  ///   named twice
  public static Tensor flip(Tensor x, int... dims) {
    return new Flip(Ints.of(dims)).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    boolean[] reversed = reversed(x.shape());
    int[] strides = x.strides();
    int offset = x.offset();
    for (int d = 0; d < reversed.length; d++) {
      if (reversed[d]) {
        offset += (x.size(d) - 1) * strides[d];
        strides[d] = -strides[d];
      }
    }
    Storage y = Storage.empty(x.dtype(), x.numel());
    TensorCopy.copy(x.shape().dims(), x.memory(), offset, strides, y, 0, x.shape().strides());
    return Tensor.of(y, x.shape());
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {apply(g)};
  }

  private boolean[] reversed(Shape shape) {
    boolean[] reversed = new boolean[shape.rank()];
    for (int i = 0; i < dims.size(); i++) {
      int d = shape.axis("flip", dims.get(i));
      if (d >= reversed.length) {
        continue; // a scalar has nothing to reverse
      }
      if (reversed[d]) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            "flip: every dimension may be named once, got " + dims + " for shape " + shape);
      }
      reversed[d] = true;
    }
    return reversed;
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    boolean[] reversed = reversed(Batch.sampleShape(in[0]));
    return flip(
        in[0],
        IntStream.range(0, reversed.length).filter(d -> reversed[d]).map(d -> d + 1).toArray());
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    boolean[] reversed = reversed(in[0].shape());
    long[] axes = new long[reversed.length];
    int n = 0;
    for (int d = 0; d < reversed.length; d++) {
      if (reversed[d]) {
        axes[n++] = d;
      }
    }
    if (n == 0) {
      return graph.node("Identity", Map.of(), in[0].dtype(), in[0].shape(), in[0]);
    }
    long[] back = new long[n];
    Arrays.fill(back, -1);
    long[] first = new long[n];
    Arrays.fill(first, Long.MIN_VALUE);
    return graph.node(
        "Slice",
        Map.of(),
        in[0].dtype(),
        in[0].shape(),
        in[0],
        graph.constant(back),
        graph.constant(first),
        graph.constant(Arrays.copyOf(axes, n)),
        graph.constant(back));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Flip(Ints.of(0)), s.randn(3, 2));
    s.add(new Flip(Ints.of(-1, 0)), s.randn(3, 2).transpose(0, 1));
    s.add(new Flip(Ints.NONE), s.randn(3));
    s.add(new Flip(Ints.of(0)), s.randn());
    s.add(new Flip(Ints.of(1)), s.randn(2, 0));
    s.reject(new Flip(Ints.of(0, -1)), "named once", s.randn(3));
    s.reject(new Flip(Ints.of(1)), "dimension must lie in", s.randn(3));
  }
}
