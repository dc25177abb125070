package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Angle of a point.
///
/// - **Formula** `y = angle of (b, a)`, `da = g · b / (a² + b²)`, `db = −g · a / (a² + b²)`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** away from the origin, where the gradients are 0
/// - **ONNX** Atan (7) and Where
/// - **Source** DLMF §4.23, https://dlmf.nist.gov/4.23
public record Atan2() implements Pointwise.Binary {
  private static final Atan2 ATAN2 = new Atan2();

  /// Returns the angle of the point with ordinate `a` and abscissa `b`, in `[−π, π]`.
  public static Tensor atan2(Tensor a, Tensor b) {
    return ATAN2.apply(a, b);
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return Formulas.atan2(a, b);
  }

  @Override
  public Domain domain(int input) {
    return input == 0 ? Domain.REAL : Domain.POSITIVE;
  }
}
