package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.linalg.SymmetricEigen;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.shape.Undiagonal;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The eigenvalues and eigenvectors of symmetric matrices.
///
/// - **Formula** `(a + aᵀ) / 2 = v diag(w) vᵀ`; `da` = the symmetric part of `v (diag(g_w) + F ∘
///   (vᵀ g_v)) vᵀ`, with `Fᵢⱼ = 1 / (wⱼ − wᵢ)` for `i ≠ j`, 0 for `i = j`
/// - **Shapes** `a: [*, n, n] → w: [*, n], v: [*, n, n]`
/// - **DType** f32, f64; computed in f64
/// - **Smooth** where the eigenvalues differ; the gradient is symmetric. That of the eigenvalues is
///   right for equal ones too, in sum; that of the eigenvectors does not exist there
/// - **ONNX** none
/// - **Source** G. Golub, C. Van Loan, Matrix Computations §8.3; M. Giles, Collected matrix
///   derivative results (2008) §3.1
///
/// Eigenvalues ascend. Of the two directions of an eigenvector the one whose component of the
/// greatest size is positive is returned.
public record Eigh() implements MultiFunction {

  /// The eigenvalues of matrices, ascending, and the eigenvectors as columns in their order.
  ///
  /// @param values the eigenvalues, `[*, n]`
  /// @param vectors the eigenvectors, `[*, n, n]`
  public record EigenvaluesAndVectors(Tensor values, Tensor vectors) {}

  /// Which neighbouring eigenvalues are equal, for the error; `matrix` is −1 if none are.
  private record Degeneracy(int matrix, int first) {}

  /// Returns the eigenvalues and eigenvectors of each matrix, the symmetric part being meant.
  ///
  /// @throws AutogradException (`SHAPE`) if the matrices are not square, (`DTYPE`) if they are not
  ///   floating, (`ARGUMENT`) if one holds NaN or infinity; and in backward (`ARGUMENT`) if
  ///   eigenvectors of equal eigenvalues are to be differentiated
  public static EigenvaluesAndVectors eigh(Tensor a) {
    Tensor[] y = new Eigh().apply(a);
    return new EigenvaluesAndVectors(y[0], y[1]);
  }

  /// Returns the eigenvalues of each matrix, ascending.
  ///
  /// @throws AutogradException as [#eigh]
  public static Tensor eigvalsh(Tensor a) {
    return new Eigh().apply(a)[0];
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    MatrixStack a = MatrixStack.symmetric("eigh", in[0]);
    int n = a.order();
    int count = a.count();
    double[] w = new double[count * n];
    double[] v = new double[count * n * n];
    boolean[] converged = new boolean[count];
    MatrixStack.each(
        count,
        4.0 * n * n * n,
        i ->
            converged[i] =
                SymmetricEigen.decompose(n, a.values(), i * n * n, w, i * n, v, i * n * n));
    Shape lead = MatrixStack.leading(a.shape());
    for (int i = 0; i < count; i++) {
      if (!converged[i]) {
        throw Operands.argument(
            "eigh: "
                + MatrixStack.which(lead, i)
                + " of order "
                + n
                + " holds NaN or infinity, or did not converge");
      }
    }
    DType dtype = in[0].dtype();
    Tensor values = MatrixStack.tensor(w, MatrixStack.extended(lead, n), dtype);
    Tensor vectors = MatrixStack.tensor(v, a.shape(), dtype);
    if (ctx.needs(0)) {
      ctx.save(values, vectors);
      ctx.keep(degeneracy(w, n, dtype));
      ctx.materializeGrads(false);
    }
    return new Tensor[] {values, vectors};
  }

  private static Degeneracy degeneracy(double[] w, int n, DType dtype) {
    double epsilon = dtype == DType.F32 ? 0x1p-23 : 0x1p-52;
    for (int m = 0; m * n < w.length && n > 0; m++) {
      double greatest = Math.max(Math.abs(w[m * n]), Math.abs(w[m * n + n - 1]));
      for (int i = 0; i + 1 < n; i++) {
        if (w[m * n + i + 1] - w[m * n + i] <= n * epsilon * greatest) {
          return new Degeneracy(m, i);
        }
      }
    }
    return new Degeneracy(-1, -1);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    Tensor w = ctx.saved(0);
    Tensor v = ctx.saved(1);
    Tensor t = v.transpose(-2, -1);
    Tensor ofValues = g[0];
    Tensor ofVectors = g[1];
    Tensor inner = ofValues == null ? null : Undiagonal.diagEmbed(ofValues, 0);
    if (ofVectors != null) {
      requireApart(ctx.kept(Degeneracy.class), MatrixStack.leading(v.shape()));
      // Ones on the diagonal divide nothing by 0; the zeros of `apart` take them out again.
      Tensor identity = identity(w.size(-1)).to(w.dtype());
      Tensor apart = identity.rsub(1);
      Tensor gaps = w.unsqueeze(-2).sub(w.unsqueeze(-1)).add(identity);
      Tensor part = t.matmul(ofVectors).div(gaps).mul(apart);
      inner = inner == null ? part : inner.add(part);
    }
    if (inner == null) {
      return new Tensor[] {null};
    }
    Tensor da = v.matmul(inner).matmul(t);
    return new Tensor[] {da.add(da.transpose(-2, -1)).mul(0.5)};
  }

  private static void requireApart(Degeneracy found, Shape lead) {
    if (found.matrix() >= 0) {
      throw Operands.argument(
          "eigh: eigenvectors have a gradient only where the eigenvalues differ, eigenvalues "
              + found.first()
              + " and "
              + (found.first() + 1)
              + " of "
              + MatrixStack.which(lead, found.matrix())
              + " are equal to working precision. Use the eigenvalues only, or move them apart.");
    }
  }

  private static Tensor identity(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return Undiagonal.diagEmbed(Tensor.of(ones), 0);
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    MatrixStack.requireSquareSamples("eigh", in[0]);
    return apply(in);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, SampleMatrices.spread(s, 3));
    s.add(this, SampleMatrices.spread(s, 2, 2));
    s.add(this, SampleMatrices.spread(s, 2, 1, 3).transpose(-2, -1));
    s.add(this, s.uniform(1, 2, 1, 1));
    s.add(this, s.randn(0, 2, 2));
    s.add(this, s.randn(2, 0, 0));
    s.reject(this, "square", s.randn(2, 3));
    s.reject(this, "NaN or infinity", Tensor.full(Shape.of(2, 2), Double.NaN, DType.F64));
    s.reject(this, "f32 or f64", s.indices(3, 2, 2));
  }
}
