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

/// The logarithm of the softmax along one dimension, exact where the softmax itself underflows.
///
/// - **Formula** `y = x − log Σ exp(x)`, `dx = g − exp(y) Σ g`
/// - **Shapes** `x [*] → y [*]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** LogSoftmax (13)
/// - **Saves** y
///
/// @param dim the dimension; negative ones count from the end
public record LogSoftmax(int dim) implements Function {

  /// Makes the operation along the last dimension.
  public LogSoftmax() {
    this(-1);
  }

  /// Returns the logarithm of the softmax of `x` along `dim`.
  ///
  /// Large values do not overflow; −∞ stays −∞ and gets no gradient; a line of −∞ only gives NaN.
  ///
  /// @throws dev.autograd.AutogradException (`INDEX`) if there is no such dimension, (`DTYPE`) if
  ///   the elements are not floating
  public static Tensor logSoftmax(Tensor x, int dim) {
    return new LogSoftmax(dim).apply(x);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor y = SoftmaxKernels.logForward("log_softmax", in[0], dim);
    if (ctx.needs(0)) {
      ctx.save(y);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {new LogSoftmaxGrad(dim).apply(g, ctx.saved(0))};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along(name(), dim, LogSoftmax::new, in);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    if (in[0].shape().rank() == 0) {
      // ONNX has none of a scalar.
      var f = new OnnxFormula(graph);
      return f.reshape(onnx(graph, f.reshape(in[0], 1)));
    }
    return graph.node(
        "LogSoftmax", Map.of("axis", (long) dim), in[0].dtype(), in[0].shape(), in[0]);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(3, 4));
    s.add(new LogSoftmax(0), s.randn(3, 4));
    s.add(new LogSoftmax(1), s.randn(2, 3, 4));
    s.add(new LogSoftmax(-2), s.randn(2, 4, 3).transpose(1, 2));
    s.add(this, s.randn(3, 1));
    s.add(this, s.randn());
    s.add(this, s.randn(0, 3));
    s.reject(new LogSoftmax(2), "dimension must lie in", s.randn(3, 4));
  }
}
