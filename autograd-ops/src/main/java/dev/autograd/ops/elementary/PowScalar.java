package dev.autograd.ops.elementary;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.ExprOnnx;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;

/// Power with a fixed exponent.
///
/// - **Formula** `y = x^p`, `dx = g · p · x^(p−1)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64, integers with whole exponents ≥ 0
/// - **Smooth** where `x > 0`; everywhere for whole `p ≥ 0`
/// - **ONNX** Pow (15)
/// - **Source** IEEE 754-2019 §9.2; DLMF §4.2, https://dlmf.nist.gov/4.2
///
/// `dx` is 0 for `p = 0`, even at `x = 0`; at `x = 0` it is infinite for `p < 1`. The powers 0 to 4
/// are products.
public record PowScalar(double exponent) implements Pointwise.Unary {
  private static final int PRODUCTS = 4;

  /// Makes the prototype.
  public PowScalar() {
    this(3);
  }

  /// Returns `x^exponent`.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if `x` is of integers and `exponent`
  ///   negative
  public static Tensor pow(Tensor x, double exponent) {
    return new PowScalar(exponent).apply(x);
  }

  @Override
  public double[] params() {
    return new double[] {exponent};
  }

  @Override
  public Object form() {
    return isProduct() ? (int) exponent : "general";
  }

  private boolean isProduct() {
    return exponent >= 0 && exponent <= PRODUCTS && exponent == Math.rint(exponent);
  }

  @Override
  public Expr formula(Expr x) {
    return isProduct() ? product(x, (int) exponent) : x.pow(Expr.param(0));
  }

  private static Expr product(Expr x, int n) {
    return switch (n) {
      case 0 -> Expr.ONE;
      case 1 -> x;
      case 2 -> x.mul(x);
      case 3 -> x.mul(x).mul(x);
      default -> {
        Expr square = x.mul(x);
        yield square.mul(square);
      }
    };
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    if (isProduct()) {
      int n = (int) exponent;
      return n == 0 ? Expr.ZERO : product(x, n - 1).mul(n);
    }
    Expr p = Expr.param(0);
    return p.mul(x.pow(p.sub(1)));
  }

  @Override
  public Domain domain(int input) {
    return isProduct() ? Domain.REAL : Domain.POSITIVE;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... inputs) {
    DType type = inputs[0].dtype();
    return type.isFloating() || exponent != Math.rint(exponent)
        ? Pointwise.Unary.super.forward(ctx, inputs)
        : IntegerPower.pow(inputs[0], Tensor.scalar(exponent, DType.I64), type);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return ExprOnnx.withScalar(graph, this, "Pow", inputs[0], exponent);
  }

  @Override
  public void samples(Samples samples) {
    for (double p : new double[] {0, 1, 2, 3, 4, 5, -1, 0.5, 2.5}) {
      PointwiseSamples.add(samples, new PowScalar(p));
    }
  }
}
