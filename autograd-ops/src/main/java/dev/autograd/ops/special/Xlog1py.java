package dev.autograd.ops.special;

import static dev.autograd.kernel.expr.Formulas.log1p;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import org.jspecify.annotations.Nullable;

/// `a ln(1 + b)`, and 0 where `a = 0`.
///
/// - **Formula** `y = a ln(1 + b)`, 0 where `a = 0` unless `b` is NaN; `da = g · ln(1 + b)`, 0
///   where `a = 0` and `b ≤ −1`; `db = g · a / (1 + b)`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `b > −1`
/// - **ONNX** Log, Add, Mul, Where
/// - **Source** as [Xlogy]
public record Xlog1py() implements Pointwise.Binary {
  private static final Xlog1py XLOG1PY = new Xlog1py();

  /// Returns `a ln(1 + b)`, accurate for tiny `b`, and 0 where `a = 0`.
  public static Tensor xlog1py(Tensor a, Tensor b) {
    return XLOG1PY.apply(a, b);
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return Expr.select(a.eq(0).and(b.isNan().not()), Expr.ZERO, a.mul(log1p(b)));
  }

  @Override
  public @Nullable Expr[] derivatives(Expr a, Expr b, Expr y) {
    return new Expr[] {Expr.select(a.eq(0).and(b.le(-1)), Expr.ZERO, log1p(b)), a.div(b.add(1))};
  }

  @Override
  public Domain domain(int input) {
    return input == 0 ? Domain.REAL : Domain.of(-0.8, 3);
  }
}
