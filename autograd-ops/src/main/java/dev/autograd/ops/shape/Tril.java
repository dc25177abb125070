package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The lower triangle of the last two dimensions, zeros elsewhere; copies.
///
/// - **Formula** `y[.., i, j] = x[.., i, j]` where `j − i ≤ diagonal`, 0 elsewhere; `dx = g` there
/// - **Shapes** `x: [.., m, n] → y: [.., m, n]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Trilu (14)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.tril.html
///
/// @param diagonal the last diagonal kept: 0 the main one, positive above it, negative below
public record Tril(int diagonal) implements Function {

  /// Makes the prototype, which keeps the main diagonal.
  public Tril() {
    this(0);
  }

  /// Returns the lower triangle of `x` up to `diagonal`.
  ///
  /// @throws AutogradException (`SHAPE`) if there are fewer than two dimensions
  public static Tensor tril(Tensor x, int diagonal) {
    return new Tril(diagonal).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    return Triangle.of("tril", in[0], diagonal, false);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {apply(g)};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    if (in[0].rank() < 3) {
      throw Triangle.refused("tril", Batch.sampleShape(in[0]));
    }
    return apply(in);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return Triangle.onnx(graph, in[0], diagonal, false);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Tril(0), s.randn(3, 3));
    s.add(new Tril(1), s.randn(2, 4, 3).transpose(1, 2));
    s.add(new Tril(-1), s.randn(3, 4));
    s.add(new Tril(9), s.randn(2, 2));
    s.add(new Tril(-9), s.randn(2, 2));
    s.add(new Tril(0), s.randn(0, 2));
    s.reject(new Tril(0), "two dimensions", s.randn(3));
  }
}
