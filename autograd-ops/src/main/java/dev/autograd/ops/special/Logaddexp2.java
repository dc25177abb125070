package dev.autograd.ops.special;

import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.exp2;
import static dev.autograd.kernel.expr.Formulas.log1p;
import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.ops.special.Logaddexp.equalInfinities;
import static dev.autograd.ops.special.Logaddexp.share;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import org.jspecify.annotations.Nullable;

/// Logarithm to base 2 of a sum of two powers of 2, without overflow.
///
/// - **Formula** `y = log₂(2^a + 2^b)`, `da = g · σ((a − b) ln 2)`, `db = g · σ((b − a) ln 2)`; at
///   equal infinities as [Logaddexp]
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Max, Abs, Pow, Log, Where
/// - **Source** as [Logaddexp]
public record Logaddexp2() implements Pointwise.Binary {
  private static final Logaddexp2 LOGADDEXP2 = new Logaddexp2();
  private static final double LN_2 = 0.6931471805599453;
  private static final double LOG2_E = 1.4426950408889634;

  /// Returns `log₂(2^a + 2^b)`.
  public static Tensor logaddexp2(Tensor a, Tensor b) {
    return LOGADDEXP2.apply(a, b);
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    Expr rest = log1p(exp2(abs(a.sub(b)).neg())).mul(LOG2_E);
    return equalInfinities(a, b, a, max(a, b).add(rest));
  }

  @Override
  public @Nullable Expr[] derivatives(Expr a, Expr b, Expr y) {
    return new Expr[] {share(a, b, a.sub(b).mul(LN_2)), share(a, b, b.sub(a).mul(LN_2))};
  }
}
