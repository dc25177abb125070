package dev.autograd.ops.conv;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.conv.ConvShape;
import dev.autograd.ops.operand.Bilinear;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The gradient of [Conv2d] by its input, which is the transposed convolution.
///
/// - **Formula** `dx[n, c, i s + u d − p, j s + v d − p] += g[n, k, i, j] w[k, c, u, v]`; with h
///   its gradient: dg is `conv2d(h, w)`, dw is the [Conv2dWeightGrad] of g and h
/// - **Shapes** `g [N, K, OH, OW], w [K, C / groups, KH, KW] → dx [N, C, H, W]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** ConvTranspose (11)
/// - **Saves** each operand only for the other's gradient
///
/// @param geometry how the filter moved
/// @param height H, which g alone does not tell
/// @param width W
public record Conv2dInputGrad(ConvGeometry geometry, int height, int width) implements Function {

  /// Makes the gradient of a convolution of step 1 over images of 4 x 4.
  public Conv2dInputGrad() {
    this(ConvGeometry.PLAIN, 4, 4);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating("conv2d_input_grad", in);
    ConvShape s = sizes(in[0].shape(), in[1].shape());
    Tensor g = in[0].contiguous();
    Tensor w = in[1].contiguous();
    Tensor dx = Tensor.empty(Shape.of(s.n(), s.c(), height, width), dtype);
    if (dtype == DType.F32) {
      dev.autograd.kernel.conv.Conv2d.inputGradient(
          s,
          g.memory().floats(),
          g.offset(),
          w.memory().floats(),
          w.offset(),
          dx.memory().floats(),
          0);
    } else {
      dev.autograd.kernel.conv.Conv2d.inputGradient(
          s,
          g.memory().doubles(),
          g.offset(),
          w.memory().doubles(),
          w.offset(),
          dx.memory().doubles(),
          0);
    }
    if (ctx.needs(0) && ctx.needs(1)) {
      ctx.save(in[0], in[1]);
    } else if (ctx.needs(0)) {
      ctx.save(in[1]);
    } else if (ctx.needs(1)) {
      ctx.save(in[0]);
    }
    return dx;
  }

  private ConvShape sizes(Shape g, Shape w) {
    if (g.rank() != 4 || w.rank() != 4 || g.size(1) != w.size(0)) {
      throw Operands.shape(
          "conv2d_input_grad: takes a gradient [N, K, OH, OW] and a weight [K, C / groups, KH, KW],"
              + " got gradient "
              + g
              + " and weight "
              + w);
    }
    Shape x = Shape.of(g.size(0), w.size(1) * geometry.groups(), height, width);
    ConvShape s = geometry.shape("conv2d_input_grad", x, w);
    if (s.outH() != g.size(2) || s.outW() != g.size(3)) {
      throw Operands.shape(
          "conv2d_input_grad: the gradient must have the shape of the convolution of "
              + x
              + " with "
              + w
              + ", "
              + ConvGeometry.output(s)
              + ", got "
              + g);
    }
    return s;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor h) {
    int[] w = ctx.inputShape(1).dims();
    return new @Nullable Tensor[] {
      ctx.needs(0) ? new Conv2d(geometry, false).apply(h, ctx.saved(ctx.needs(1) ? 1 : 0)) : null,
      ctx.needs(1) ? new Conv2dWeightGrad(geometry, w[2], w[3]).apply(ctx.saved(0), h) : null
    };
  }

  @Override
  public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
    return Bilinear.tangent(ctx, this::apply, tangents);
  }

  /// Samples with one filter are more images; filters of their own make each sample a group.
  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    if (!batch.has(1)) {
      return batch.unfolded(apply(Batch.folded(in[0], 0), in[1]), 0);
    }
    ConvGeometry all = geometry.groups(batch.size() * geometry.groups());
    Tensor g = Batch.folded(batch.repeated(in)[0], 1);
    return batch.unfolded(
        new Conv2dInputGrad(all, height, width).apply(g, Batch.folded(in[1], 0)), 1);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    ConvShape s = sizes(in[0].shape(), in[1].shape());
    Padding p = geometry.padding();
    long[] rest = {
      height + p.top() + p.bottom() - span(s.outH(), s.strideH(), s.kh(), s.dilationH()),
      width + p.left() + p.right() - span(s.outW(), s.strideW(), s.kw(), s.dilationW())
    };
    return graph.node(
        "ConvTranspose",
        Map.of(
            "kernel_shape",
            new long[] {s.kh(), s.kw()},
            "strides",
            geometry.stride().longs(),
            "pads",
            p.longs(),
            "dilations",
            geometry.dilation().longs(),
            "output_padding",
            rest,
            "group",
            (long) geometry.groups()),
        in[0].dtype(),
        Shape.of(s.n(), s.c(), height, width),
        in);
  }

  private static int span(int out, int stride, int kernel, int dilation) {
    return (out - 1) * stride + dilation * (kernel - 1) + 1;
  }

  @Override
  public void samples(Samples s) {
    var plain = ConvGeometry.PLAIN;
    s.add(this, s.randn(2, 3, 3, 3), s.randn(3, 2, 2, 2));
    s.add(new Conv2dInputGrad(plain.stride(2), 6, 5), s.randn(1, 2, 2, 2), s.randn(2, 2, 3, 3));
    s.add(
        new Conv2dInputGrad(plain.groups(2).padding(1), 4, 3),
        s.randn(2, 4, 4, 3),
        s.randn(4, 1, 3, 3));
    s.add(
        new Conv2dInputGrad(plain.dilation(2), 5, 5),
        s.randn(1, 2, 3, 3).transpose(2, 3),
        s.randn(2, 2, 2, 2));
    s.reject(
        this, "must have the shape of the convolution", s.randn(1, 3, 2, 2), s.randn(3, 2, 2, 2));
  }
}
