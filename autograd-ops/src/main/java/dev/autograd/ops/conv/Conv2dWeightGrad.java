package dev.autograd.ops.conv;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.conv.ConvShape;
import dev.autograd.ops.operand.Bilinear;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The gradient of [Conv2d] by its weight: the correlation of the input with the gradient.
///
/// - **Formula** `dw[k, c, u, v] = Σ g[n, k, i, j] x[n, c, i s + u d − p, j s + v d − p]`; with h
///   its gradient: dg is `conv2d(x, h)`, dx is the [Conv2dInputGrad] of g and h
/// - **Shapes** `g [N, K, OH, OW], x [N, C, H, W] → dw [K, C / groups, KH, KW]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** Conv (11) with batch and channels exchanged, stride and dilation exchanged
/// - **Saves** each operand only for the other's gradient
///
/// @param geometry how the filter moved
/// @param kernelHeight KH
/// @param kernelWidth KW
public record Conv2dWeightGrad(ConvGeometry geometry, int kernelHeight, int kernelWidth)
    implements Function {

  /// Makes the gradient of a convolution of step 1 with a filter of 2 x 2.
  public Conv2dWeightGrad() {
    this(ConvGeometry.PLAIN, 2, 2);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating("conv2d_weight_grad", in);
    ConvShape s = sizes(in[0].shape(), in[1].shape());
    Tensor g = in[0].contiguous();
    Tensor x = in[1].contiguous();
    Tensor dw = Tensor.empty(ConvGeometry.weight(s), dtype);
    if (dtype == DType.F32) {
      dev.autograd.kernel.conv.Conv2d.weightGradient(
          s,
          g.memory().floats(),
          g.offset(),
          x.memory().floats(),
          x.offset(),
          dw.memory().floats(),
          0);
    } else {
      dev.autograd.kernel.conv.Conv2d.weightGradient(
          s,
          g.memory().doubles(),
          g.offset(),
          x.memory().doubles(),
          x.offset(),
          dw.memory().doubles(),
          0);
    }
    if (ctx.needs(0) && ctx.needs(1)) {
      ctx.save(in[0], in[1]);
    } else if (ctx.needs(0)) {
      ctx.save(in[1]);
    } else if (ctx.needs(1)) {
      ctx.save(in[0]);
    }
    return dw;
  }

  private ConvShape sizes(Shape g, Shape x) {
    if (g.rank() != 4 || x.rank() != 4 || g.size(0) != x.size(0)) {
      throw Operands.shape(
          "conv2d_weight_grad: takes a gradient [N, K, OH, OW] and an input [N, C, H, W], got"
              + " gradient "
              + g
              + " and input "
              + x);
    }
    Shape w = Shape.of(g.size(1), x.size(1) / geometry.groups(), kernelHeight, kernelWidth);
    ConvShape s = geometry.shape("conv2d_weight_grad", x, w);
    if (s.outH() != g.size(2) || s.outW() != g.size(3)) {
      throw Operands.shape(
          "conv2d_weight_grad: the gradient must have the shape of the convolution of "
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
    int[] x = ctx.inputShape(1).dims();
    return new @Nullable Tensor[] {
      ctx.needs(0) ? new Conv2d(geometry, false).apply(ctx.saved(ctx.needs(1) ? 1 : 0), h) : null,
      ctx.needs(1) ? new Conv2dInputGrad(geometry, x[2], x[3]).apply(ctx.saved(0), h) : null
    };
  }

  @Override
  public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
    return Bilinear.tangent(ctx, this::apply, tangents);
  }

  /// Each sample is a group; where they share the input, its channels need not be repeated.
  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Tensor[] each = batch.repeated(in);
    Tensor g = Batch.folded(each[0], 1);
    if (!batch.has(1) && geometry.groups() == 1) {
      return batch.unfolded(apply(g, in[1]), 0);
    }
    ConvGeometry all = geometry.groups(batch.size() * geometry.groups());
    return batch.unfolded(
        new Conv2dWeightGrad(all, kernelHeight, kernelWidth).apply(g, Batch.folded(each[1], 1)), 0);
  }

  /// Channels become images: within a group the filter k is the image of g's channel k, and the
  /// images of the batch are its channels.
  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    ConvShape s = sizes(in[0].shape(), in[1].shape());
    var f = new OnnxFormula(graph);
    int groups = s.groups();
    int c = s.c() / groups;
    Value x = f.reshape(in[1], s.n(), groups, c, s.h() * s.w());
    x = f.reshape(f.transpose(x, 2, 1, 0, 3), c, groups * s.n(), s.h(), s.w());
    Value filters = f.transpose(in[0], 1, 0, 2, 3);
    Padding p = geometry.padding();
    int rows = s.h() + p.top() + p.bottom() - s.strideH() * (s.outH() - 1);
    int columns = s.w() + p.left() + p.right() - s.strideW() * (s.outW() - 1);
    int kh = (rows - 1) / s.dilationH() + 1;
    int kw = (columns - 1) / s.dilationW() + 1;
    Value y =
        graph.node(
            "Conv",
            Map.of(
                "kernel_shape", new long[] {s.outH(), s.outW()},
                "strides", geometry.dilation().longs(),
                "pads", p.longs(),
                "dilations", geometry.stride().longs(),
                "group", (long) groups),
            in[0].dtype(),
            Shape.of(c, s.k(), kh, kw),
            x,
            filters);
    if (kh != s.kh() || kw != s.kw()) {
      // Rows that the stride left over.
      y =
          graph.node(
              "Slice",
              Map.of(),
              y.dtype(),
              Shape.of(c, s.k(), s.kh(), s.kw()),
              y,
              graph.constant(0, 0),
              graph.constant(s.kh(), s.kw()),
              graph.constant(2, 3));
    }
    return f.transpose(y, 1, 0, 2, 3);
  }

  @Override
  public void samples(Samples s) {
    var plain = ConvGeometry.PLAIN;
    s.add(this, s.randn(2, 3, 3, 3), s.randn(2, 2, 4, 4));
    s.add(new Conv2dWeightGrad(plain.stride(2), 3, 3), s.randn(1, 2, 2, 2), s.randn(1, 2, 6, 5));
    s.add(
        new Conv2dWeightGrad(plain.groups(2).padding(1), 3, 3),
        s.randn(2, 4, 4, 3),
        s.randn(2, 2, 4, 3));
    s.add(
        new Conv2dWeightGrad(plain.dilation(2), 2, 2),
        s.randn(1, 2, 3, 3),
        s.randn(1, 5, 5, 2).permute(0, 3, 1, 2));
    s.reject(
        this, "must have the shape of the convolution", s.randn(1, 3, 2, 2), s.randn(1, 2, 4, 4));
  }
}
