package dev.autograd.ops.special;

import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.min;
import static dev.autograd.kernel.expr.Formulas.sqrt;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import org.jspecify.annotations.Nullable;

/// The hypotenuse of a right triangle, without overflow.
///
/// - **Formula** `y = √(a² + b²)`, `da = g · a / y`, `db = g · b / y`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** away from the origin, where the gradients are 0, the subgradient of least norm
/// - **ONNX** Abs, Max, Min, Div, Sqrt, Where
/// - **Source** IEEE 754-2019 §9.2; the larger leg is taken out of the root
public record Hypot() implements Pointwise.Binary {
  private static final Hypot HYPOT = new Hypot();

  /// Returns `√(a² + b²)`; infinite where either is, even next to NaN.
  public static Tensor hypot(Tensor a, Tensor b) {
    return HYPOT.apply(a, b);
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    Expr x = abs(a);
    Expr y = abs(b);
    Expr longer = max(x, y);
    Expr ratio = min(x, y).div(longer);
    Expr root = longer.mul(sqrt(ratio.mul(ratio).add(1)));
    Expr infinite = x.eq(Double.POSITIVE_INFINITY).or(y.eq(Double.POSITIVE_INFINITY));
    return Expr.select(
        infinite, Double.POSITIVE_INFINITY, Expr.select(longer.eq(0), Expr.ZERO, root));
  }

  @Override
  public @Nullable Expr[] derivatives(Expr a, Expr b, Expr y) {
    return new Expr[] {
      Expr.select(y.eq(0), Expr.ZERO, a.div(y)), Expr.select(y.eq(0), Expr.ZERO, b.div(y))
    };
  }

  @Override
  public Domain domain(int input) {
    return Domain.NONZERO;
  }
}
