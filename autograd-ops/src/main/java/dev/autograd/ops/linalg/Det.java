package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The determinants of square matrices.
///
/// - **Formula** `y = det a`, `da = g · cof(a)`, which is `g · y · a⁻ᵀ` where `a` is regular
/// - **Shapes** `a: [*, n, n] → y: [*]`
/// - **DType** f32, f64; computed in f64
/// - **Smooth** everywhere: the determinant is a polynomial, and singular matrices have its
///   derivatives too (exact up to the third; those of higher orders miss what a rank of `n − 4` or
///   less adds)
/// - **ONNX** Det (11)
/// - **Source** Jacobi's formula, and at singular matrices the matrix determinant lemma: D.
///   Harville, Matrix algebra from a statistician's perspective (1997) §18.1
public record Det() implements Function {

  /// Returns the determinant of each matrix.
  ///
  /// @throws AutogradException (`SHAPE`) if the matrices are not square, (`DTYPE`) if they are not
  ///   floating
  public static Tensor det(Tensor a) {
    return new Det().apply(a);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor a = in[0];
    LuFactors lu = LuFactors.of("det", a);
    double[] determinants = new double[lu.signs().length];
    for (int m = 0; m < determinants.length; m++) {
      determinants[m] = lu.signs()[m];
      for (int i = 0; i < lu.n(); i++) {
        determinants[m] *= lu.pivot(m, i);
      }
      determinants[m] += 0.0; // −0 would be the sign of a permutation
    }
    Tensor y = MatrixStack.tensor(determinants, lu.lead(), a.dtype());
    if (ctx.needs(0)) {
      ctx.save(a, y);
      ctx.keep(Bordered.of(lu, a.dtype()));
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor a = ctx.saved(0);
    Tensor scale = g.unsqueeze(-1).unsqueeze(-1);
    Bordered border = ctx.kept(Bordered.class);
    if (!border.isRegular()) {
      return new Tensor[] {border.cofactors(a).mul(scale)};
    }
    Tensor det = ctx.saved(1).unsqueeze(-1).unsqueeze(-1);
    return new Tensor[] {Inverse.inverse(a).transpose(-2, -1).mul(det).mul(scale)};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    MatrixStack.requireSquareSamples("det", in[0]);
    return apply(in);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    return graph.node("Det", Map.of(), in[0].dtype(), MatrixStack.leading(in[0].shape()), in[0]);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, SampleMatrices.regular(s, 3));
    s.add(this, SampleMatrices.regular(s, 2, 2).neg());
    s.add(this, SampleMatrices.regular(s, 2, 1, 3).transpose(-2, -1));
    Tensor row = s.randn(2, 1, 3);
    s.add(this, row.mul(s.randn(2, 3, 1)));
    s.add(this, s.uniform(1, 2, 1, 1));
    s.add(this, s.randn(0, 2, 2));
    s.reject(this, "square", s.randn(2, 3));
    s.reject(this, "f32 or f64", s.indices(3, 2, 2));
  }
}
