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

/// Whether every element is true over dimensions; numbers are true if they are not 0.
///
/// - **Formula** `y = ∧ x ≠ 0`, no gradient; of nothing true
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all; the result is bool
/// - **Smooth** nowhere: not differentiable
/// - **ONNX** ReduceMin (13) over i32
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.all.html
///
/// @param dims the dimensions; none means all
/// @param keepDim whether they stay, with size 1
public record All(Ints dims, boolean keepDim) implements Reduction {

  /// Makes the prototype, which looks at everything.
  public All() {
    this(Ints.NONE, false);
  }

  /// Tells whether every element of `x` is true.
  public static Tensor all(Tensor x) {
    return new All().apply(x);
  }

  /// Tells whether every element of `x` is true over `dims`, or over all dimensions if none are
  /// given.
  ///
  /// @throws AutogradException (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor all(Tensor x, int[] dims, boolean keepDim) {
    return new All(Ints.of(dims), keepDim).apply(x);
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
    IntegerReduce.all(x.storage().bytes(), x.offset(), axes, y, 0);
    return Tensor.of(Storage.of(y, DType.BOOL), left(x.shape()));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {null};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = OnnxReduce.cast(graph, in[0], DType.BOOL);
    return OnnxReduce.extreme(graph, "ReduceMin", x, gone(x.shape()), keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new All(), s.bools(2, 3));
    s.add(new All(Ints.of(1), false), s.bools(2, 3));
    s.add(new All(Ints.of(-1), true), s.bools(3, 2).transpose(0, 1));
    s.add(new All(), s.indices(3, 4));
    s.add(new All(Ints.of(0), false), s.randn(0, 2));
    s.add(new All(), s.randn());
    s.reject(new All(Ints.of(2), false), "dimension must lie in", s.bools(2, 3));
  }
}
