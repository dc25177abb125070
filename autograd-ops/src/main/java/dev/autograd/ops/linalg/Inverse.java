package dev.autograd.ops.linalg;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The inverses of square matrices.
///
/// - **Formula** `y = a⁻¹`, `da = −yᵀ g yᵀ`
/// - **Shapes** `a: [*, n, n] → y: [*, n, n]`
/// - **DType** f32, f64; computed in f64
/// - **Smooth** where `a` is regular
/// - **ONNX** none
/// - **Source** G. Golub, C. Van Loan, Matrix Computations §3.4; M. Giles, Collected matrix
///   derivative results (2008) §2.2.3
public record Inverse() implements Function {

  /// Returns the inverse of each matrix.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the matrices are not square, (`DTYPE`) if
  ///   they are not floating, (`ARGUMENT`) if one is singular
  public static Tensor inverse(Tensor a) {
    return new Inverse().apply(a);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor a = in[0];
    LuFactors lu = LuFactors.of("inverse", a);
    lu.requireRegular("inverse");
    int n = lu.n();
    double[] identity = new double[n * n];
    for (int i = 0; i < n; i++) {
      identity[i * n + i] = 1;
    }
    double[] x = new double[lu.values().length];
    MatrixStack.each(
        lu.signs().length, (double) n * n * n, i -> lu.solve(i, n, identity, 0, x, i * n * n));
    Tensor y = MatrixStack.tensor(x, a.shape(), a.dtype());
    if (ctx.needs(0)) {
      ctx.save(y);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor t = ctx.saved(0).transpose(-2, -1);
    return new Tensor[] {t.matmul(g).matmul(t).neg()};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    MatrixStack.requireSquareSamples("inverse", in[0]);
    return apply(in);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, SampleMatrices.regular(s, 3));
    s.add(this, SampleMatrices.regular(s, 2, 2));
    s.add(this, SampleMatrices.regular(s, 2, 1, 3).transpose(-2, -1));
    s.add(this, s.uniform(1, 2, 1, 1));
    s.add(this, s.randn(0, 2, 2));
    s.add(this, s.randn(2, 0, 0));
    s.reject(this, "square", s.randn(2, 3));
    s.reject(this, "square", s.randn(3));
    s.reject(this, "singular", Tensor.zeros(2, 2));
    s.reject(this, "f32 or f64", s.indices(3, 2, 2));
  }
}
