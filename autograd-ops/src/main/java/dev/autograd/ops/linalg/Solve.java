package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The solutions of systems of linear equations.
///
/// - **Formula** `y = a⁻¹ b`, `db = a⁻ᵀ g`, `da = −db yᵀ`
/// - **Shapes** `a: [*, n, n], b: [*, n, k] → y: [*, n, k]` with leading dimensions broadcast, or
///   `b: [n] → y: [*, n]`
/// - **DType** f32, f64, promoted to one; computed in f64
/// - **Smooth** where `a` is regular
/// - **ONNX** none
/// - **Source** G. Golub, C. Van Loan, Matrix Computations §3.4; M. Giles, Collected matrix
///   derivative results (2008) §2.3.1
public record Solve() implements Function {

  /// Returns the solutions `y` of `a y = b`.
  ///
  /// @throws AutogradException (`SHAPE`) if the matrices are not square or the sizes do not fit,
  ///   (`DTYPE`) if they are not floating, (`ARGUMENT`) if one is singular
  public static Tensor solve(Tensor a, Tensor b) {
    return new Solve().apply(Operands.promoted("solve", a, b));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor a = in[0];
    Tensor b = in[1];
    DType dtype = Operands.floating("solve", a, b);
    MatrixStack.requireSquare("solve", a);
    RightSides sides = RightSides.of("solve", a, b);
    LuFactors lu = LuFactors.of("solve", a);
    lu.requireRegular("solve");
    Tensor y = sides.each(dtype, (matrix, m, v, at, x, to) -> lu.solve(matrix, m, v, at, x, to));
    if (ctx.needs(0)) {
      ctx.save(a, y);
    } else if (ctx.needs(1)) {
      ctx.save(a);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor t = ctx.saved(0).transpose(-2, -1);
    boolean vector = ctx.inputShape(1).rank() == 1;
    Tensor db = solve(t, vector ? g.unsqueeze(-1) : g);
    Tensor da = null;
    if (ctx.needs(0)) {
      Tensor y = ctx.saved(1);
      da = db.matmul(vector ? y.unsqueeze(-2) : y.transpose(-2, -1)).neg();
    }
    return new @Nullable Tensor[] {da, vector ? db.squeeze(-1) : db};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return RightSides.batched(this, batch, in[0], in[1]);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, SampleMatrices.regular(s, 3), s.randn(3, 2));
    s.add(this, SampleMatrices.regular(s, 3), s.randn(3));
    s.add(this, SampleMatrices.regular(s, 2, 2), s.randn(2));
    s.add(this, SampleMatrices.regular(s, 2, 1, 2), s.randn(3, 2, 1));
    s.add(
        this,
        SampleMatrices.regular(s, 2, 3).transpose(-2, -1),
        s.randn(2, 2, 3).transpose(-2, -1));
    s.add(this, s.uniform(1, 2, 1, 1), s.randn(1, 1));
    s.add(this, SampleMatrices.regular(s, 2), s.randn(2, 0));
    s.add(this, s.randn(0, 0), s.randn(0, 2));
    s.reject(this, "square", s.randn(2, 3), s.randn(2, 1));
    s.reject(this, "as many rows", SampleMatrices.regular(s, 3), s.randn(2, 1));
    s.reject(this, "broadcast", SampleMatrices.regular(s, 2, 2), s.randn(3, 2, 1));
    s.reject(this, "singular", Tensor.zeros(Shape.of(2, 2), s.randn().dtype()), s.randn(2));
  }
}
