package dev.autograd.ops.special;

import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.log1p;
import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.sigmoid;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import org.jspecify.annotations.Nullable;

/// Logarithm of a sum of two exponentials, without overflow.
///
/// - **Formula** `y = ln(e^a + e^b) = max(a, b) + ln(1 + e^−|a−b|)`, `da = g · σ(a − b)`, `db = g ·
///   σ(b − a)`; where both are −∞, `y = −∞` and the gradients are 0, where both are ∞, half each
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Max, Abs, Exp, Log, Where
/// - **Source** P. Blanchard, D. Higham, N. Higham, Accurately computing the log-sum-exp and
///   softmax functions (2021)
public record Logaddexp() implements Pointwise.Binary {
  private static final Logaddexp LOGADDEXP = new Logaddexp();

  /// Returns `ln(e^a + e^b)`.
  public static Tensor logaddexp(Tensor a, Tensor b) {
    return LOGADDEXP.apply(a, b);
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return equalInfinities(a, b, a, max(a, b).add(log1p(exp(abs(a.sub(b)).neg()))));
  }

  @Override
  public @Nullable Expr[] derivatives(Expr a, Expr b, Expr y) {
    return new Expr[] {share(a, b, a.sub(b)), share(a, b, b.sub(a))};
  }

  /// Returns the share of one operand, given what it is ahead by.
  static Expr share(Expr a, Expr b, Expr ahead) {
    return equalInfinities(a, b, Expr.select(a.lt(0), 0, 0.5), sigmoid(ahead));
  }

  /// Returns one of two formulas; the difference of equal infinities would be NaN.
  static Expr equalInfinities(Expr a, Expr b, Expr there, Expr elsewhere) {
    return Expr.select(a.eq(b).and(abs(a).eq(Double.POSITIVE_INFINITY)), there, elsewhere);
  }
}
