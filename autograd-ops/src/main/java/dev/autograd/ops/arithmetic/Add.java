package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Sum of two tensors, element by element.
///
/// - **Formula** `y = a + b`, `da = g`, `db = g`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Add (7)
/// - **Source** IEEE 754-2019 §5
///
/// Saves nothing.
public record Add() implements Pointwise.Binary {
  private static final Add ADD = new Add();

  /// Returns `a + b`, broadcast and promoted to one type.
  public static Tensor add(Tensor a, Tensor b) {
    return ADD.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.add(b);
  }

  @Override
  public String operator() {
    return "Add";
  }
}
