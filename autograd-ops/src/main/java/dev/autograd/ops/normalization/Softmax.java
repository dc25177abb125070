package dev.autograd.ops.normalization;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The softmax along one dimension: positive numbers that add up to 1.
///
/// - **Formula** `y = exp(x) / Σ exp(x)`, `dx = y (g − Σ g y)`
/// - **Shapes** `x [*] → y [*]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** Softmax (13)
/// - **Saves** y
///
/// @param dim the dimension; negative ones count from the end
public record Softmax(int dim) implements Function {

  /// Makes the operation along the last dimension.
  public Softmax() {
    this(-1);
  }

  /// Returns the softmax of `x` along `dim`.
  ///
  /// Large values do not overflow; −∞ gives exactly 0 and gets no gradient; a line of −∞ only gives
  /// NaN.
  ///
  /// @throws dev.autograd.AutogradException (`INDEX`) if there is no such dimension, (`DTYPE`) if
  ///   the elements are not floating
  public static Tensor softmax(Tensor x, int dim) {
    return new Softmax(dim).apply(x);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor y = SoftmaxKernels.forward("softmax", in[0], dim);
    if (ctx.needs(0)) {
      ctx.save(y);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {new SoftmaxGrad(dim).apply(g, ctx.saved(0))};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along(name(), dim, Softmax::new, in);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    if (in[0].shape().rank() == 0) {
      // ONNX has none of a scalar.
      var f = new OnnxFormula(graph);
      return f.reshape(onnx(graph, f.reshape(in[0], 1)));
    }
    return graph.node("Softmax", Map.of("axis", (long) dim), in[0].dtype(), in[0].shape(), in[0]);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(3, 4));
    s.add(new Softmax(0), s.randn(3, 4));
    s.add(new Softmax(1), s.randn(2, 3, 4));
    s.add(new Softmax(-2), s.randn(2, 4, 3).transpose(1, 2));
    s.add(this, s.randn(3, 1));
    s.add(this, s.randn());
    s.add(this, s.randn(0, 3));
    s.reject(new Softmax(2), "dimension must lie in", s.randn(3, 4));
  }
}
