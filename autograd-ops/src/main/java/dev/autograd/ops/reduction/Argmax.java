package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The index of the maximum: the first on ties, the first NaN if there is one.
///
/// - **Formula** `y = min {i : xᵢ = max x}`, no gradient
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16; the result is i64
/// - **Smooth** nowhere: not differentiable
/// - **ONNX** ArgMax (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.argmax.html
///
/// @param dim the dimension, negative counting from the end; `null` for the flat index among all
/// @param keepDim whether it stays, with size 1
public record Argmax(@Nullable Integer dim, boolean keepDim) implements Function {

  /// Makes the prototype, which looks at everything.
  public Argmax() {
    this(null, false);
  }

  /// Returns the index of the greatest element of `x` along `dim`, the flat index if that is
  /// `null`.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`) if there is
  ///   no such dimension
  public static Tensor argmax(Tensor x, @Nullable Integer dim, boolean keepDim) {
    return new Argmax(dim, keepDim).apply(x);
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    boolean[] gone = gone(in[0].shape());
    Storage y = Storage.of(Positions.of("argmax", in[0], gone, true), DType.I64);
    return Tensor.of(y, Dims.left(in[0].shape(), gone, keepDim));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {null};
  }

  private boolean[] gone(Shape shape) {
    return Dims.gone("argmax", shape, dim == null ? Ints.NONE : Ints.of(dim));
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Shape sample = Batch.sampleShape(in[0]);
    if (dim != null && sample.rank() > 0) {
      return new Argmax(sample.axis("argmax", dim) + 1, keepDim).apply(in);
    }
    Dims.requireElements("argmax", sample, gone(sample));
    Tensor lines = Reshape.reshape(in[0], batch.size(), sample.numel());
    Tensor y = new Argmax(1, false).apply(lines);
    int[] left = Dims.left(sample, gone(sample), keepDim).dims();
    return Reshape.reshape(y, Ints.of(left).after(batch.size()).toArray());
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape from = in[0].shape();
    return Positions.onnx(
        graph, "ArgMax", in[0], dim == null ? null : from.axis("argmax", dim), keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Argmax(), s.distinct(2, 3));
    s.add(new Argmax(1, false), s.distinct(2, 3));
    s.add(new Argmax(-1, true), s.distinct(3, 2).transpose(0, 1));
    s.add(new Argmax(0, false), s.indices(3, 4, 2));
    s.add(new Argmax(), s.randn());
    s.add(new Argmax(1, false), s.randn(0, 2));
    s.reject(new Argmax(), "no elements to choose from", s.randn(0));
    s.reject(new Argmax(2, false), "dimension must lie in", s.randn(2, 3));
  }
}
