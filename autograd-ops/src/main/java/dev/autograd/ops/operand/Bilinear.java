package dev.autograd.ops.operand;

import dev.autograd.Context;
import dev.autograd.Tensor;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// The rule for tangents of operations that are linear in each of their first two inputs.
public final class Bilinear {
  private Bilinear() {}

  /// Returns `product(v₀, b) + product(a, v₁)`, of which only what moves; `null` if nothing does.
  ///
  /// @param ctx of an operation that saved `a` where the gradient by `b` is wanted, then `b` where
  ///   the one by `a` is
  /// @param tangents `v₀`, `v₁`, and perhaps others
  public static @Nullable Tensor tangent(
      Context ctx, BinaryOperator<Tensor> product, @Nullable Tensor... tangents) {
    Tensor va = tangents[0];
    Tensor vb = tangents[1];
    Tensor ofA = va == null ? null : product.apply(va, ctx.saved(ctx.needs(1) ? 1 : 0));
    Tensor ofB = vb == null ? null : product.apply(ctx.saved(0), vb);
    return sum(ofA, ofB);
  }

  /// Returns the sum of two tangents, one of which may be absent.
  public static @Nullable Tensor sum(@Nullable Tensor a, @Nullable Tensor b) {
    return a == null ? b : b == null ? a : a.add(b);
  }
}
