package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.IntegerReduce;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// Whether some element is true over dimensions; numbers are true if they are not 0.
///
/// - **Formula** `y = ∨ x ≠ 0`, no gradient; of nothing false
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all; the result is bool
/// - **Smooth** nowhere: not differentiable
/// - **ONNX** ReduceMax (13) over i32
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.any.html
///
/// @param dims the dimensions; none means all
/// @param keepDim whether they stay, with size 1
public record Any(Ints dims, boolean keepDim) implements Reduction {

  /// Makes the prototype, which looks at everything.
  public Any() {
    this(Ints.NONE, false);
  }

  /// Tells whether some element of `x` is true.
  public static Tensor any(Tensor x) {
    return new Any().apply(x);
  }

  /// Tells whether some element of `x` is true over `dims`, or over all dimensions if none are
  /// given.
  ///
  /// @throws AutogradException (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor any(Tensor x, int[] dims, boolean keepDim) {
    return new Any(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = TensorCast.to(in[0], DType.BOOL);
    Axes axes = Dims.axes(x, gone(x.shape()));
    byte[] y = new byte[axes.outputs()];
    IntegerReduce.any(x.storage().bytes(), x.offset(), axes, y, 0);
    return Tensor.of(Storage.of(y, DType.BOOL), left(x.shape()));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {null};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = OnnxReduce.cast(graph, in[0], DType.BOOL);
    return OnnxReduce.extreme(graph, "ReduceMax", x, gone(x.shape()), keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Any(), s.bools(2, 3));
    s.add(new Any(Ints.of(1), false), s.bools(2, 3));
    s.add(new Any(Ints.of(-1), true), s.bools(3, 2).transpose(0, 1));
    s.add(new Any(), s.indices(3, 4));
    s.add(new Any(Ints.of(0), false), s.randn(0, 2));
    s.add(new Any(), s.randn());
    s.reject(new Any(Ints.of(2), false), "dimension must lie in", s.bools(2, 3));
  }
}
