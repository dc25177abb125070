package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sign and the logarithm of the size of determinants, which themselves may over- or underflow.
///
/// - **Formula** `s = sign(det a)`, `y = ln |det a|`, `da = g_y · a⁻ᵀ`; a singular matrix has `s =
///   0`, `y = −∞` and no gradient
/// - **Shapes** `a: [*, n, n] → s, y: [*]`
/// - **DType** f32, f64; computed in f64
/// - **Smooth** where `a` is regular; `s` is not differentiable
/// - **ONNX** Det (11), Sign, Abs, Log, which do over- and underflow
/// - **Source** G. Golub, C. Van Loan, Matrix Computations §3.4
public record Slogdet() implements MultiFunction {

  /// The sign of a determinant and the logarithm of its size.
  ///
  /// @param sign −1, 0 or 1
  /// @param logarithm the natural logarithm of the absolute value
  public record SignAndLogarithm(Tensor sign, Tensor logarithm) {}

  /// Returns sign and logarithm of the determinant of each matrix.
  ///
  /// @throws AutogradException (`SHAPE`) if the matrices are not square, (`DTYPE`) if they are not
  ///   floating; and in backward (`ARGUMENT`) if one is singular
  public static SignAndLogarithm slogdet(Tensor a) {
    Tensor[] y = new Slogdet().apply(a);
    return new SignAndLogarithm(y[0], y[1]);
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    LuFactors lu = LuFactors.of("slogdet", in[0]);
    double[] signs = new double[lu.signs().length];
    double[] logarithms = new double[signs.length];
    for (int m = 0; m < signs.length; m++) {
      signs[m] = lu.signs()[m];
      for (int i = 0; i < lu.n(); i++) {
        double pivot = lu.pivot(m, i);
        signs[m] *= Math.signum(pivot);
        logarithms[m] += StrictMath.log(Math.abs(pivot));
      }
    }
    DType dtype = in[0].dtype();
    Tensor sign = MatrixStack.tensor(signs, lu.lead(), dtype);
    ctx.markNonDifferentiable(sign);
    if (ctx.needs(0)) {
      ctx.save(in[0]);
      ctx.materializeGrads(false);
    }
    return new Tensor[] {sign, MatrixStack.tensor(logarithms, lu.lead(), dtype)};
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    Tensor ofLogarithm = g[1];
    if (ofLogarithm == null) {
      return new Tensor[] {null};
    }
    Tensor t = Inverse.inverse(ctx.saved(0)).transpose(-2, -1);
    return new Tensor[] {t.mul(ofLogarithm.unsqueeze(-1).unsqueeze(-1))};
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    MatrixStack.requireSquareSamples("slogdet", in[0]);
    return apply(in);
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    DType dtype = in[0].dtype();
    Shape lead = MatrixStack.leading(in[0].shape());
    Value det = graph.node("Det", Map.of(), dtype, lead, in[0]);
    Value size = graph.node("Abs", Map.of(), dtype, lead, det);
    return new Value[] {
      graph.node("Sign", Map.of(), dtype, lead, det), graph.node("Log", Map.of(), dtype, lead, size)
    };
  }

  @Override
  public void samples(Samples s) {
    s.add(this, SampleMatrices.regular(s, 3));
    s.add(this, SampleMatrices.regular(s, 2, 2).neg());
    s.add(this, SampleMatrices.regular(s, 2, 1, 3).transpose(-2, -1));
    s.add(this, s.uniform(1, 2, 1, 1));
    s.add(this, s.randn(0, 2, 2));
    s.reject(this, "square", s.randn(2, 3));
    s.reject(this, "f32 or f64", s.indices(3, 2, 2));
  }
}
