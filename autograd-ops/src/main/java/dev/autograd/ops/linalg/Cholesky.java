package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The lower triangular factors of symmetric positive definite matrices.
///
/// - **Formula** `y yᵀ = (a + aᵀ) / 2`, `da` = the symmetric part of `y⁻ᵀ Φ(yᵀ g) y⁻¹`, where `Φ`
///   takes the lower triangle and halves the diagonal
/// - **Shapes** `a: [*, n, n] → y: [*, n, n]`
/// - **DType** f32, f64; computed in f64
/// - **Smooth** where `a` is positive definite; the gradient is symmetric
/// - **ONNX** none
/// - **Source** I. Murray, Differentiation of the Cholesky decomposition (2016) §3.1,
///   https://arxiv.org/abs/1602.07527
public record Cholesky() implements Function {

  /// Returns the lower triangular `y` with `y yᵀ = a`, the symmetric part of `a` being meant.
  ///
  /// @throws AutogradException (`SHAPE`) if the matrices are not square, (`DTYPE`) if they are not
  ///   floating, (`ARGUMENT`) if one is not positive definite
  public static Tensor cholesky(Tensor a) {
    return new Cholesky().apply(a);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    MatrixStack a = MatrixStack.symmetric("cholesky", in[0]);
    int n = a.order();
    int[] failed = new int[a.count()];
    MatrixStack.each(
        failed.length,
        (double) n * n * n / 3,
        i -> failed[i] = dev.autograd.kernel.linalg.Cholesky.factor(n, a.values(), i * n * n));
    for (int i = 0; i < failed.length; i++) {
      if (failed[i] > 0) {
        throw Operands.argument(
            "cholesky: matrices must be positive definite, the leading minor of order "
                + failed[i]
                + " of "
                + MatrixStack.which(MatrixStack.leading(a.shape()), i)
                + " of order "
                + n
                + " is not positive. Add a small multiple of the identity?");
      }
    }
    Tensor y = MatrixStack.tensor(a.values(), a.shape(), in[0].dtype());
    if (ctx.needs(0)) {
      ctx.save(y);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor y = ctx.saved(0);
    Tensor t = y.transpose(-2, -1);
    Tensor phi = t.matmul(g).mul(halves(y.size(-1)).to(g.dtype()));
    Tensor left = SolveTriangular.solveTriangular(t, phi, true);
    Tensor both = SolveTriangular.solveTriangular(t, left.transpose(-2, -1), true);
    return new Tensor[] {both.add(both.transpose(-2, -1)).mul(0.5)};
  }

  /// Returns ones below the diagonal, halves on it, zeros above.
  private static Tensor halves(int n) {
    double[] phi = new double[n * n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(phi, i * n, i * n + i, 1);
      phi[i * n + i] = 0.5;
    }
    return Tensor.of(phi, n, n);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    MatrixStack.requireSquareSamples("cholesky", in[0]);
    return apply(in);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, SampleMatrices.definite(s, 3));
    s.add(this, SampleMatrices.regular(s, 2, 2));
    s.add(this, SampleMatrices.regular(s, 2, 1, 3).transpose(-2, -1));
    s.add(this, s.uniform(1, 2, 1, 1));
    s.add(this, s.randn(0, 2, 2));
    s.add(this, s.randn(2, 0, 0));
    s.reject(this, "square", s.randn(2, 3));
    s.reject(this, "positive definite", Tensor.full(Shape.of(2, 2), 1, s.randn().dtype()));
    s.reject(this, "f32 or f64", s.indices(3, 2, 2));
  }
}
