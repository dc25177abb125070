package dev.autograd.ops.arithmetic;

import static dev.autograd.kernel.expr.Formulas.floor;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.ExprOnnx;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;

/// Remainder of a division, with the sign of the divisor.
///
/// - **Formula** `y = a − b · ⌊a / b⌋`, `da = g`, `db = −g · ⌊a / b⌋`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric
/// - **Smooth** where `a` is no multiple of `b`
/// - **ONNX** Mod (13)
/// - **Source** Knuth, The Art of Computer Programming 1, §1.2.4
///
/// Computed from the exact remainder of the quotient rounded toward zero, so that no bit is lost
/// however large the quotient is.
public record Remainder() implements Pointwise.Binary {
  private static final Remainder REMAINDER = new Remainder();

  /// Returns the remainder of `a / b` with the sign of `b`; NaN where `b` is 0.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if an integer is divided by 0
  public static Tensor remainder(Tensor a, Tensor b) {
    return REMAINDER.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    Expr r = a.rem(b);
    Expr otherSide = r.lt(0).and(b.gt(0)).or(r.gt(0).and(b.lt(0)));
    return Expr.select(otherSide, r.add(b), r);
  }

  @Override
  public Expr[] derivatives(Expr a, Expr b, Expr y) {
    return new Expr[] {Expr.ONE, floor(a.div(b)).neg()};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return ExprOnnx.computesInFloat(this, inputs)
        ? ExprOnnx.expand(graph, this, inputs)
        : ExprOnnx.operator(graph, this, "Mod", Map.of(), inputs);
  }

  @Override
  public void samples(Samples samples) {
    PointwiseSamples.addQuotients(samples, this);
  }
}
