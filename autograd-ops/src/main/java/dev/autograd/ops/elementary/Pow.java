package dev.autograd.ops.elementary;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Power of two tensors, element by element.
///
/// - **Formula** `y = a^b`, `da = g · b · a^(b−1)`, `db = g · y · ln a`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64, integers with exponents ≥ 0
/// - **Smooth** where `a > 0`
/// - **ONNX** Pow (15)
/// - **Source** IEEE 754-2019 §9.2; DLMF §4.2, https://dlmf.nist.gov/4.2
///
/// `da` is 0 where `b = 0`, even at `a = 0`. `db` is 0 where `a = 0` and `b ≥ 0`, and NaN where `a
/// < 0`.
public record Pow() implements Pointwise.Binary {
  private static final Pow POW = new Pow();

  /// Returns `a^b`, broadcast and promoted to one type.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if an integer has a negative exponent
  public static Tensor pow(Tensor a, Tensor b) {
    return POW.apply(a, b);
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.pow(b);
  }

  @Override
  public Domain domain(int input) {
    return input == 0 ? Domain.POSITIVE : Domain.REAL;
  }

  @Override
  public String operator() {
    return "Pow";
  }

  @Override
  public Tensor forward(Context ctx, Tensor... inputs) {
    DType a = inputs[0].dtype();
    DType b = inputs[1].dtype();
    return a.isFloating() || b.isFloating()
        ? Pointwise.Binary.super.forward(ctx, inputs)
        : IntegerPower.pow(inputs[0], inputs[1], DType.promote(a, b));
  }
}
