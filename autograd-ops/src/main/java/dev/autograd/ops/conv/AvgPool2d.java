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

/// The average of every window.
///
/// - **Formula** `y = Σ window / count`; dx spreads `g / count` over the window,
///   [AvgPool2dInputGrad]
/// - **Shapes** `x [N, C, H, W] → y [N, C, OH, OW]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** AveragePool (11); with `ceil` Pad, AveragePool, Mul
/// - **Saves** nothing
///
/// @param geometry how the window moves; no dilation
/// @param countIncludePad whether padding counts as elements of a window
/// @param divisor what to divide by instead of the count, or 0
public record AvgPool2d(PoolGeometry geometry, boolean countIncludePad, int divisor)
    implements Function {

  /// Makes the pool over windows of 2 x 2, side by side.
  public AvgPool2d() {
    this(PoolGeometry.of(2), true, 0);
  }

  /// Checks the attributes.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if there is dilation or a negative divisor
  public AvgPool2d {
    if (geometry.dilation().height() != 1 || geometry.dilation().width() != 1 || divisor < 0) {
      throw Operands.argument(
          "avg_pool2d: takes no dilation and a divisor of at least 0, got dilation "
              + geometry.dilation()
              + " and divisor "
              + divisor);
    }
  }

  /// Returns the averages of square windows that lie side by side.
  public static Tensor avgPool2d(Tensor x, int kernel) {
    return avgPool2d(x, PoolGeometry.of(kernel), true, 0);
  }

  /// Returns the averages of square windows; padding counts.
  public static Tensor avgPool2d(Tensor x, int kernel, int stride, int padding) {
    return avgPool2d(x, PoolGeometry.of(kernel, stride, padding), true, 0);
  }

  /// Returns the averages of all windows; an input `[C, H, W]` is one image.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the window does not fit
  public static Tensor avgPool2d(
      Tensor x, PoolGeometry geometry, boolean countIncludePad, int divisor) {
    if (x.rank() == 3) {
      return avgPool2d(x.unsqueeze(0), geometry, countIncludePad, divisor).squeeze(0);
    }
    return new AvgPool2d(geometry, countIncludePad, divisor).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating("avg_pool2d", in);
    PoolShape s = geometry.shape("avg_pool2d", in[0].shape());
    Tensor x = in[0].contiguous();
    Tensor y = Tensor.empty(PoolGeometry.output(x.shape(), s), dtype);
    if (dtype == DType.F32) {
      dev.autograd.kernel.pool.AvgPool2d.forward(
          s, countIncludePad, divisor, x.memory().floats(), x.offset(), y.memory().floats(), 0);
    } else {
      dev.autograd.kernel.pool.AvgPool2d.forward(
          s, countIncludePad, divisor, x.memory().doubles(), x.offset(), y.memory().doubles(), 0);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape x = ctx.inputShape(0);
    return new Tensor[] {
      new AvgPool2dInputGrad(geometry, countIncludePad, divisor, x.size(2), x.size(3)).apply(g)
    };
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.unfolded(apply(Batch.folded(in[0], 0)), 0);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    Shape x = in[0].shape();
    PoolShape s = geometry.shape("avg_pool2d", x);
    Shape out = PoolGeometry.output(x, s);
    if (!geometry.ceil() && divisor == 0) {
      return graph.node(
          "AveragePool",
          Map.of(
              "kernel_shape", geometry.kernel().longs(),
              "strides", geometry.stride().longs(),
              "pads", geometry.padding().longs(),
              "count_include_pad", countIncludePad ? 1L : 0L),
          in[0].dtype(),
          out,
          in);
    }
    // Validators disagree on windows that hang over: pad to whole windows, and divide ourselves.
    Padding p = geometry.padding();
    int bottom = Math.max(0, (s.outH() - 1) * s.strideH() + s.kh() - s.h() - p.top());
    int right = Math.max(0, (s.outW() - 1) * s.strideW() + s.kw() - s.w() - p.left());
    Value padded =
        graph.node(
            "Pad",
            Map.of(),
            in[0].dtype(),
            x.with(2, s.h() + p.top() + bottom).with(3, s.w() + p.left() + right),
            in[0],
            graph.constant(0, 0, p.top(), p.left(), 0, 0, bottom, right));
    Value mean =
        graph.node(
            "AveragePool",
            Map.of("kernel_shape", geometry.kernel().longs(), "strides", geometry.stride().longs()),
            in[0].dtype(),
            out,
            padded);
    return new OnnxFormula(graph)
        .mul(
            mean, graph.constant(reciprocalCounts(s, in[0].dtype()).mul((double) s.kh() * s.kw())));
  }

  /// Returns `1 / count` for every window, `[1, 1, OH, OW]`.
  Tensor reciprocalCounts(PoolShape s, DType dtype) {
    Tensor ones = Tensor.ones(Shape.of(1, 1, s.h(), s.w()), dtype);
    Tensor mean = apply(ones);
    Tensor covered = new AvgPool2d(geometry, true, 1).apply(ones);
    return mean.div(covered);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(2, 3, 4, 6));
    s.add(new AvgPool2d(PoolGeometry.of(3, 2, 1), true, 0), s.randn(1, 2, 5, 6));
    s.add(new AvgPool2d(PoolGeometry.of(3, 2, 1), false, 0), s.randn(1, 2, 5, 6));
    s.add(new AvgPool2d(PoolGeometry.of(2, 1, 0), true, 3), s.randn(1, 1, 3, 3));
    s.add(new AvgPool2d(PoolGeometry.of(2, 2, 1).ceil(true), false, 0), s.randn(1, 2, 4, 3));
    s.add(new AvgPool2d(PoolGeometry.of(2, 2, 0).ceil(true), true, 0), s.randn(1, 2, 5, 3));
    s.add(this, s.randn(1, 4, 4, 2).permute(0, 3, 1, 2));
    s.add(this, s.randn(0, 2, 4, 4));
    s.reject(this, "window must fit", s.randn(1, 1, 1, 4));
  }
}
