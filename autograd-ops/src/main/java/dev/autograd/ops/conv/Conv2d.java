package dev.autograd.ops.conv;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.kernel.conv.ConvShape;
import dev.autograd.ops.operand.Bilinear;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Two-dimensional convolution (cross-correlation, the filter is not turned around).
///
/// - **Formula** `y[n, k, i, j] = b[k] + Σ x[n, c, i s + u d − p, j s + v d − p] w[k, c, u, v]`; dx
///   is [Conv2dInputGrad], dw is [Conv2dWeightGrad], `db = Σ g` over images and positions
/// - **Shapes** `x [N, C, H, W], w [K, C / groups, KH, KW], b [K] → y [N, K, OH, OW]`, `OH = ⌊(H +
///   top + bottom − d (KH − 1) − 1) / s⌋ + 1`
/// - **DType** f32, f64, promoted to one
/// - **Smooth** everywhere
/// - **ONNX** Conv (11)
/// - **Saves** x only for dw, w only for dx
/// - **Source** Dumoulin, Visin, "A guide to convolution arithmetic",
///   https://arxiv.org/abs/1603.07285
///
/// @param geometry how the filter moves
/// @param bias whether there is a third operand
public record Conv2d(ConvGeometry geometry, boolean bias) implements Function {

  /// Makes the convolution of step 1 with a bias and no padding.
  public Conv2d() {
    this(ConvGeometry.PLAIN, true);
  }

  /// Returns the convolution of step 1 without padding or bias.
  public static Tensor conv2d(Tensor x, Tensor weight) {
    return conv2d(x, weight, null, ConvGeometry.PLAIN);
  }

  /// Returns the convolution of step 1 without padding.
  public static Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return conv2d(x, weight, bias, ConvGeometry.PLAIN);
  }

  /// Returns the convolution with one stride and one zero padding for all sides.
  public static Tensor conv2d(
      Tensor x, Tensor weight, @Nullable Tensor bias, int stride, int padding) {
    return conv2d(x, weight, bias, ConvGeometry.PLAIN.stride(stride).padding(padding));
  }

  /// Returns the convolution; an input `[C, H, W]` is one image.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the channels do not fit, the filter does
  ///   not fit into the padded input, or the bias has not one entry for each filter
  public static Tensor conv2d(
      Tensor x, Tensor weight, @Nullable Tensor bias, ConvGeometry geometry) {
    if (x.rank() == 3) {
      return conv2d(x.unsqueeze(0), weight, bias, geometry).squeeze(0);
    }
    return bias == null
        ? new Conv2d(geometry, false).apply(Operands.promoted("conv2d", x, weight))
        : new Conv2d(geometry, true).apply(Operands.promoted("conv2d", x, weight, bias));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.count("conv2d", in, bias ? 3 : 2);
    DType dtype = Operands.floating("conv2d", in);
    ConvShape s = geometry.shape("conv2d", in[0].shape(), in[1].shape());
    Tensor b = null;
    if (bias) {
      Operands.vector("conv2d", "bias", in[2], s.k(), "filter of the weight " + in[1].shape());
      b = in[2].contiguous();
    }
    Tensor x = in[0].contiguous();
    Tensor w = in[1].contiguous();
    Tensor y = Tensor.empty(ConvGeometry.output(s), dtype);
    int at = b == null ? 0 : b.offset();
    if (dtype == DType.F32) {
      dev.autograd.kernel.conv.Conv2d.forward(
          s,
          x.memory().floats(),
          x.offset(),
          w.memory().floats(),
          w.offset(),
          b == null ? null : b.memory().floats(),
          at,
          y.memory().floats(),
          0);
    } else {
      dev.autograd.kernel.conv.Conv2d.forward(
          s,
          x.memory().doubles(),
          x.offset(),
          w.memory().doubles(),
          w.offset(),
          b == null ? null : b.memory().doubles(),
          at,
          y.memory().doubles(),
          0);
    }
    if (ctx.needs(0) && ctx.needs(1)) {
      ctx.save(in[0], in[1]);
    } else if (ctx.needs(0)) {
      ctx.save(in[1]);
    } else if (ctx.needs(1)) {
      ctx.save(in[0]);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int[] x = ctx.inputShape(0).dims();
    int[] w = ctx.inputShape(1).dims();
    Tensor dx =
        ctx.needs(0)
            ? new Conv2dInputGrad(geometry, x[2], x[3]).apply(g, ctx.saved(ctx.needs(1) ? 1 : 0))
            : null;
    Tensor dw =
        ctx.needs(1) ? new Conv2dWeightGrad(geometry, w[2], w[3]).apply(g, ctx.saved(0)) : null;
    if (!bias) {
      return new @Nullable Tensor[] {dx, dw};
    }
    return new @Nullable Tensor[] {dx, dw, ctx.needs(2) ? g.sum(0, 2, 3) : null};
  }

  @Override
  public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
    Tensor v = Bilinear.tangent(ctx, new Conv2d(geometry, false)::apply, tangents);
    Tensor b = bias ? tangents[2] : null;
    return b == null ? v : Bilinear.sum(v, b.reshape(b.size(0), 1, 1));
  }

  /// Samples with one filter are more images; filters of their own make each sample a group.
  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    if (!batch.has(1)) {
      boolean fused = bias && !batch.has(2);
      Tensor x = Batch.folded(batch.repeated(in)[0], 0);
      var convolution = new Conv2d(geometry, fused);
      Tensor y =
          batch.unfolded(
              fused ? convolution.apply(x, in[1], in[2]) : convolution.apply(x, in[1]), 0);
      return bias && !fused ? y.add(in[2].reshape(batch.size(), 1, in[2].size(1), 1, 1)) : y;
    }
    Tensor w = Batch.folded(in[1], 0);
    ConvGeometry all = geometry;
    Tensor x = in[0];
    if (batch.has(0) || geometry.groups() > 1) {
      all = geometry.groups(batch.size() * geometry.groups());
      x = Batch.folded(batch.repeated(in)[0], 1);
    }
    var convolution = new Conv2d(all, bias);
    return batch.unfolded(
        bias
            ? convolution.apply(x, w, Batch.folded(batch.repeated(in)[2], 0))
            : convolution.apply(x, w),
        1);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    ConvShape s = geometry.shape("conv2d", in[0].shape(), in[1].shape());
    return graph.node(
        "Conv",
        Map.of(
            "kernel_shape", new long[] {s.kh(), s.kw()},
            "strides", geometry.stride().longs(),
            "pads", geometry.padding().longs(),
            "dilations", geometry.dilation().longs(),
            "group", (long) geometry.groups()),
        in[0].dtype(),
        ConvGeometry.output(s),
        in);
  }

  @Override
  public void samples(Samples s) {
    var plain = ConvGeometry.PLAIN;
    s.add(this, s.randn(2, 3, 5, 4), s.randn(4, 3, 3, 2), s.randn(4));
    s.add(new Conv2d(plain, false), s.randn(1, 2, 4, 4), s.randn(3, 2, 1, 1));
    s.add(new Conv2d(plain.stride(2), false), s.randn(2, 2, 6, 5), s.randn(2, 2, 3, 3));
    s.add(
        new Conv2d(plain.stride(2).padding(1), true),
        s.randn(2, 2, 5, 6),
        s.randn(3, 2, 3, 3),
        s.randn(3));
    s.add(
        new Conv2d(plain.dilation(2).padding(2), true),
        s.randn(1, 2, 5, 5),
        s.randn(2, 2, 3, 3),
        s.randn(2));
    s.add(new Conv2d(plain.groups(2), false), s.randn(2, 4, 4, 4), s.randn(6, 2, 2, 2));
    s.add(
        new Conv2d(plain.groups(3).padding(1), true),
        s.randn(1, 3, 4, 4),
        s.randn(6, 1, 3, 3),
        s.randn(6));
    s.add(
        new Conv2d(
            new ConvGeometry(new Extent(2, 1), new Padding(0, 1, 1, 0), new Extent(1, 2), 1),
            false),
        s.randn(2, 2, 5, 6),
        s.randn(2, 2, 2, 3));
    s.add(
        new Conv2d(plain, false),
        s.randn(2, 4, 5, 3).permute(0, 3, 1, 2),
        s.randn(3, 2, 2, 2).transpose(0, 1));
    s.add(this, s.randn(0, 2, 4, 4), s.randn(3, 2, 2, 2), s.randn(3));
    s.reject(
        this,
        "groups times the weight's channels",
        s.randn(1, 3, 4, 4),
        s.randn(2, 2, 3, 3),
        s.randn(2));
    s.reject(
        this,
        "must fit into the padded input",
        s.randn(1, 2, 2, 2),
        s.randn(2, 2, 3, 3),
        s.randn(2));
    s.reject(this, "bias must have shape", s.randn(1, 2, 4, 4), s.randn(3, 2, 3, 3), s.randn(2));
  }
}
