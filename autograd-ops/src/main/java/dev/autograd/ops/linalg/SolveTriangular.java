package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.linalg.MatrixF64;
import dev.autograd.kernel.linalg.Triangular;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.shape.Tril;
import dev.autograd.ops.shape.Triu;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The solutions of systems of linear equations in triangular form.
///
/// - **Formula** `y = t⁻¹ b` with `t` the triangle of `a`, `db = t⁻ᵀ g`, `da = −db yᵀ` in the
///   triangle, 0 elsewhere
/// - **Shapes** `a: [*, n, n], b: [*, n, k] → y: [*, n, k]` with leading dimensions broadcast, or
///   `b: [n] → y: [*, n]`
/// - **DType** f32, f64, promoted to one; computed in f64
/// - **Smooth** where the diagonal has no 0
/// - **ONNX** none
/// - **Source** G. Golub, C. Van Loan, Matrix Computations §3.1
///
/// @param upper whether the upper triangle of `a` is meant; the other one is not read
public record SolveTriangular(boolean upper) implements Function {

  /// Makes the prototype, which takes the lower triangle.
  public SolveTriangular() {
    this(false);
  }

  /// Returns the solutions `y` of `t y = b`, `t` being the upper or the lower triangle of `a`.
  ///
  /// @throws AutogradException (`SHAPE`) if the matrices are not square or the sizes do not fit,
  ///   (`DTYPE`) if they are not floating, (`ARGUMENT`) if there is a 0 on a diagonal
  public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper) {
    return new SolveTriangular(upper).apply(Operands.promoted("solve_triangular", a, b));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor a = in[0];
    DType dtype = Operands.floating("solve_triangular", in);
    MatrixStack t = MatrixStack.square("solve_triangular", a);
    RightSides sides = RightSides.of("solve_triangular", a, in[1]);
    requireRegular(t);
    int n = t.order();
    Tensor y =
        sides.each(
            dtype,
            (matrix, m, b, at, x, to) -> {
              System.arraycopy(b, at, x, to, n * m);
              MatrixF64 triangle = new MatrixF64(t.values(), matrix * n * n, n);
              MatrixF64 solution = new MatrixF64(x, to, m);
              if (upper) {
                Triangular.solveUpper(n, m, triangle, solution);
              } else {
                Triangular.solveLower(n, m, triangle, false, solution);
              }
            });
    if (ctx.needs(0)) {
      ctx.save(a, y);
    } else if (ctx.needs(1)) {
      ctx.save(a);
    }
    return y;
  }

  private static void requireRegular(MatrixStack t) {
    int n = t.order();
    for (int m = 0; m < t.count(); m++) {
      for (int i = 0; i < n; i++) {
        if (t.values()[m * n * n + i * n + i] == 0) {
          throw Operands.argument(
              "solve_triangular: the diagonal must not hold a 0, "
                  + MatrixStack.which(MatrixStack.leading(t.shape()), m)
                  + " of order "
                  + n
                  + " is singular (element "
                  + i
                  + " is 0)");
        }
      }
    }
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor t = ctx.saved(0).transpose(-2, -1);
    boolean vector = ctx.inputShape(1).rank() == 1;
    Tensor db = solveTriangular(t, vector ? g.unsqueeze(-1) : g, !upper);
    Tensor da = null;
    if (ctx.needs(0)) {
      Tensor y = ctx.saved(1);
      Tensor all = db.matmul(vector ? y.unsqueeze(-2) : y.transpose(-2, -1)).neg();
      da = upper ? Triu.triu(all, 0) : Tril.tril(all, 0);
    }
    return new @Nullable Tensor[] {da, vector ? db.squeeze(-1) : db};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return RightSides.batched(this, batch, in[0], in[1]);
  }

  @Override
  public void samples(Samples s) {
    for (boolean each : new boolean[] {false, true}) {
      var op = new SolveTriangular(each);
      s.add(op, SampleMatrices.regular(s, 3), s.randn(3, 2));
      s.add(op, SampleMatrices.regular(s, 2, 2), s.randn(2));
      s.add(op, SampleMatrices.regular(s, 2, 1, 2), s.randn(3, 2, 1));
      s.add(op, SampleMatrices.regular(s, 3).transpose(-2, -1), s.randn(2, 3).transpose(0, 1));
      s.add(op, s.uniform(1, 2, 1, 1), s.randn(1, 1));
      s.add(op, s.randn(0, 0), s.randn(0, 2));
    }
    s.reject(this, "square", s.randn(2, 3), s.randn(2, 1));
    s.reject(this, "as many rows", SampleMatrices.regular(s, 3), s.randn(2, 1));
    s.reject(this, "singular", Tensor.zeros(Shape.of(2, 2), s.randn().dtype()), s.randn(2));
  }
}
