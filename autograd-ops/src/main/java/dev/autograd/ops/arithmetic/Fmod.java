package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;

/// Remainder of a division, with the sign of the dividend.
///
/// - **Formula** `y = a − b · trunc(a / b)`, `da = g`, `db = −g · trunc(a / b)`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric
/// - **Smooth** where `a` is no multiple of `b`
/// - **ONNX** Mod (13) with fmod
/// - **Source** C17 §7.12.10.1
public record Fmod() implements Pointwise.Binary {
  private static final Fmod FMOD = new Fmod();

  /// Returns the exact remainder of `a / b` rounded toward zero; NaN where `b` is 0.
  public static Tensor fmod(Tensor a, Tensor b) {
    return FMOD.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.rem(b);
  }

  @Override
  public void samples(Samples samples) {
    PointwiseSamples.addQuotients(samples, this);
  }
}
