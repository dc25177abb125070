package dev.autograd.ops.special;

import static dev.autograd.kernel.expr.Formulas.log;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import org.jspecify.annotations.Nullable;

/// `a ln b`, and 0 where `a = 0`.
///
/// - **Formula** `y = a ln b`, 0 where `a = 0` unless `b` is NaN; `da = g · ln b`, 0 where `a = 0`
///   and `b ≤ 0`; `db = g · a / b`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `b > 0`
/// - **ONNX** Log, Mul, Where
/// - **Source** the continuous extension of `x ln x` to 0, DLMF §4.4.13, https://dlmf.nist.gov/4.4
public record Xlogy() implements Pointwise.Binary {
  private static final Xlogy XLOGY = new Xlogy();

  /// Returns `a ln b`, and 0 where `a = 0`.
  public static Tensor xlogy(Tensor a, Tensor b) {
    return XLOGY.apply(a, b);
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return Expr.select(a.eq(0).and(b.isNan().not()), Expr.ZERO, a.mul(log(b)));
  }

  @Override
  public @Nullable Expr[] derivatives(Expr a, Expr b, Expr y) {
    return new Expr[] {Expr.select(a.eq(0).and(b.le(0)), Expr.ZERO, log(b)), a.div(b)};
  }

  @Override
  public Domain domain(int input) {
    return input == 0 ? Domain.REAL : Domain.POSITIVE;
  }
}
