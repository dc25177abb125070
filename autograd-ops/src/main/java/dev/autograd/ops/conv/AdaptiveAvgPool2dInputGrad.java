package dev.autograd.ops.conv;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The gradient of [AdaptiveAvgPool2d]: every gradient spread over its window.
///
/// - **Formula** `dx[window(i, j)] += g[i, j] / count(i, j)`; its own gradient is the pool again
/// - **Shapes** `g [N, C, OH, OW] → dx [N, C, H, W]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** MatMul with the windows of each axis
/// - **Saves** nothing
///
/// @param height H
/// @param width W
public record AdaptiveAvgPool2dInputGrad(int height, int width) implements Function {

  /// Makes the gradient of a pool of images of 4 x 4.
  public AdaptiveAvgPool2dInputGrad() {
    this(4, 4);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating(name(), in);
    AdaptiveAvgPool2d.check(name(), in[0].shape());
    Tensor g = in[0].contiguous();
    Tensor dx = Tensor.zeros(g.shape().with(2, height).with(3, width), dtype);
    int planes = g.size(0) * g.size(1);
    if (dtype == DType.F32) {
      dev.autograd.kernel.pool.AvgPool2d.adaptiveBackward(
          planes,
          height,
          width,
          g.size(2),
          g.size(3),
          g.memory().floats(),
          g.offset(),
          dx.memory().floats(),
          0);
    } else {
      dev.autograd.kernel.pool.AvgPool2d.adaptiveBackward(
          planes,
          height,
          width,
          g.size(2),
          g.size(3),
          g.memory().doubles(),
          g.offset(),
          dx.memory().doubles(),
          0);
    }
    return dx;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor h) {
    Shape g = ctx.inputShape(0);
    return new Tensor[] {new AdaptiveAvgPool2d(new Extent(g.size(2), g.size(3))).apply(h)};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.unfolded(apply(Batch.folded(in[0], 0)), 0);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    Shape g = in[0].shape();
    Value rows =
        f.transpose(
            graph.constant(AdaptiveAvgPool2d.windows(height, g.size(2), in[0].dtype())), 1, 0);
    Value columns = graph.constant(AdaptiveAvgPool2d.windows(width, g.size(3), in[0].dtype()));
    Value wide = graph.node("MatMul", Map.of(), in[0].dtype(), g.with(3, width), in[0], columns);
    return graph.node(
        "MatMul", Map.of(), in[0].dtype(), g.with(2, height).with(3, width), rows, wide);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(2, 3, 2, 2));
    s.add(new AdaptiveAvgPool2dInputGrad(5, 7), s.randn(1, 2, 2, 3).transpose(2, 3));
    s.add(new AdaptiveAvgPool2dInputGrad(3, 5), s.randn(1, 2, 1, 1));
  }
}
