package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Difference of two tensors, element by element.
///
/// - **Formula** `y = a − b`, `da = g`, `db = −g`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Sub (7)
/// - **Source** IEEE 754-2019 §5
///
/// Saves nothing.
public record Sub() implements Pointwise.Binary {
  private static final Sub SUB = new Sub();

  /// Returns `a − b`, broadcast and promoted to one type.
  public static Tensor sub(Tensor a, Tensor b) {
    return SUB.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.sub(b);
  }

  @Override
  public String operator() {
    return "Sub";
  }
}
