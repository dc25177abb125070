package dev.autograd.ops.loss;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The absolute error, rounded off near zero: a parabola up to `beta`, then a line of slope 1.
///
/// **Formula** `d = input − target`, `d² / (2 beta)` where `|d| < beta`, `|d| − beta / 2` elsewhere; `dinput =
/// clamp(d / beta, −1, 1) g`, `dtarget = −dinput`
/// **Shapes** `input, target [*] → []`, `[*]` without reduction; nothing is broadcast, since a target
/// `[N, 1]` for an input `[N]` is a mistake that trains
/// **DType** f32, f64, promoted to one **Smooth** once; the second derivative jumps at `beta`
/// **ONNX** decomposed **Saves** input, target
///
/// @param beta where parabola and line meet, 0 for the absolute error
/// @param reduction what becomes of the single losses
public record SmoothL1Loss(double beta, Reduction reduction) implements Function {

  /// Makes the mean with `beta` 1.
  public SmoothL1Loss() {
    this(1, Reduction.MEAN);
  }

  /// Checks the attributes.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if `beta` is out of range
  public SmoothL1Loss {
    if (!(beta >= 0)) {
      throw Operands.argument("smooth_l1_loss: beta must be at least 0, got " + beta);
    }
  }

  /// Returns the mean with `beta` 1.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor smoothL1Loss(Tensor input, Tensor target) {
    return smoothL1Loss(input, target, 1, Reduction.MEAN);
  }

  /// Returns the loss.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor smoothL1Loss(
      Tensor input, Tensor target, double beta, Reduction reduction) {
    return new SmoothL1Loss(beta, reduction).apply(Operands.promoted("smooth_l1_loss", input, target));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.floating("smooth_l1_loss", in);
    Operands.sameShape("smooth_l1_loss", "input", in[0], "target", in[1]);
    if (ctx.needs(0) || ctx.needs(1)) {
      ctx.save(in);
    }
    Tensor d = in[0].sub(in[1]).abs();
    if (beta == 0) {
      return reduction.reduce(d);
    }
    Tensor line = d.sub(beta / 2);
    return reduction.reduce(d.lt(beta).where(d.square().mul(0.5 / beta), line));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor x = ctx.saved(0);
    Tensor t = ctx.saved(1);
    Tensor each = reduction.spread(g, x.numel());
    Tensor d = x.sub(t);
    Tensor slope = beta == 0 ? d.sign() : d.div(beta).clamp(-1, 1);
    Tensor dx = slope.mul(each);
    return new @Nullable Tensor[] {dx, ctx.needs(1) ? dx.neg() : null};
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(new SmoothL1Loss(0.5, r), s.uniform(-0.2, 0.2, 3, 4), s.uniform(-0.2, 0.2, 3, 4));
      s.add(new SmoothL1Loss(0.5, r), s.uniform(1, 2, 3, 4), s.uniform(-1, 0, 3, 4));
    }
    s.add(this, s.uniform(-0.4, 0.4, 4, 3).transpose(0, 1), s.uniform(-0.4, 0.4, 3, 4));
    s.add(this, s.uniform(-0.4, 0.4), s.uniform(-0.4, 0.4));
    s.add(this, s.uniform(-3, -2, 3), s.uniform(0, 1, 3));
    s.add(new SmoothL1Loss(0, Reduction.MEAN), s.uniform(-3, -2, 3), s.uniform(0, 1, 3));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3));
  }
}
