package dev.autograd.ops.conv;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.pool.PoolShape;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The gradient of [AvgPool2d]: every gradient spread over its window.
///
/// - **Formula** `dx[window(i, j)] += g[i, j] / count(i, j)`; its own gradient is the pool again
/// - **Shapes** `g [N, C, OH, OW] → dx [N, C, H, W]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** Mul, ConvTranspose (11), Pad, Slice
/// - **Saves** nothing
///
/// @param geometry how the window moved
/// @param countIncludePad whether padding counted as elements of a window
/// @param divisor what was divided by instead of the count, or 0
/// @param height H
/// @param width W
public record AvgPool2dInputGrad(
    PoolGeometry geometry, boolean countIncludePad, int divisor, int height, int width)
    implements Function {

  /// Makes the gradient of a pool over windows of 2 x 2 on images of 4 x 4.
  public AvgPool2dInputGrad() {
    this(PoolGeometry.of(2), true, 0, 4, 4);
  }

  private AvgPool2d pool() {
    return new AvgPool2d(geometry, countIncludePad, divisor);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating(name(), in);
    PoolShape s = geometry.shapeOfGradient(name(), in[0].shape(), height, width);
    Tensor g = in[0].contiguous();
    Tensor dx = Tensor.zeros(g.shape().with(2, height).with(3, width), dtype);
    if (dtype == DType.F32) {
      dev.autograd.kernel.pool.AvgPool2d.backward(
          s, countIncludePad, divisor, g.memory().floats(), g.offset(), dx.memory().floats(), 0);
    } else {
      dev.autograd.kernel.pool.AvgPool2d.backward(
          s, countIncludePad, divisor, g.memory().doubles(), g.offset(), dx.memory().doubles(), 0);
    }
    return dx;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor h) {
    return new Tensor[] {pool().apply(h)};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.unfolded(apply(Batch.folded(in[0], 0)), 0);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    Shape shape = in[0].shape();
    DType dtype = in[0].dtype();
    PoolShape s = geometry.shapeOfGradient(name(), shape, height, width);
    var f = new OnnxFormula(graph);
    Value each = f.mul(in[0], graph.constant(pool().reciprocalCounts(s, dtype)));
    int n = shape.size(0);
    int c = shape.size(1);
    int h = (s.outH() - 1) * s.strideH() + s.kh();
    int w = (s.outW() - 1) * s.strideW() + s.kw();
    Value dx =
        graph.node(
            "ConvTranspose",
            Map.of("kernel_shape", geometry.kernel().longs(), "strides", geometry.stride().longs()),
            dtype,
            Shape.of(n * c, 1, h, w),
            f.reshape(each, n * c, 1, s.outH(), s.outW()),
            graph.constant(Tensor.ones(Shape.of(1, 1, s.kh(), s.kw()), dtype)));
    Padding p = geometry.padding();
    int bottom = Math.max(0, p.top() + height - h);
    int right = Math.max(0, p.left() + width - w);
    if (bottom > 0 || right > 0) {
      dx =
          graph.node(
              "Pad",
              Map.of(),
              dtype,
              Shape.of(n * c, 1, h + bottom, w + right),
              dx,
              graph.constant(0, 0, 0, 0, 0, 0, bottom, right));
    }
    dx =
        graph.node(
            "Slice",
            Map.of(),
            dtype,
            Shape.of(n * c, 1, height, width),
            dx,
            graph.constant(p.top(), p.left()),
            graph.constant(p.top() + height, p.left() + width),
            graph.constant(2, 3));
    return f.reshape(dx, n, c, height, width);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(2, 3, 2, 2));
    s.add(new AvgPool2dInputGrad(PoolGeometry.of(3, 2, 1), true, 0, 5, 6), s.randn(1, 2, 3, 3));
    s.add(new AvgPool2dInputGrad(PoolGeometry.of(3, 2, 1), false, 0, 6, 6), s.randn(1, 2, 3, 3));
    s.add(
        new AvgPool2dInputGrad(PoolGeometry.of(2, 2, 0).ceil(true), true, 0, 5, 3),
        s.randn(1, 2, 2, 3).transpose(2, 3));
    s.reject(this, "shape of the pool", s.randn(2, 3, 1, 2));
  }
}
