package dev.autograd.ops.linalg;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Bilinear;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The product of vectors, matrices and stacks of matrices.
///
/// - **Formula** `y = a b`, `da = g bᵀ`, `db = aᵀ g`
/// - **Shapes** `[K] [K] → []`, `[M, K] [K] → [M]`, `[K] [K, N] → [N]`, `[*, M, K] [*, K, N] → [*,
///   M, N]` with leading dimensions broadcast
/// - **DType** f32, f64, promoted to one
/// - **Smooth** everywhere
/// - **ONNX** MatMul (13)
/// - **Saves** each operand only for the other's gradient
public record Matmul() implements Function {

  /// Returns the product of `a` and `b`: dot for two vectors, matrix product for matrices, with
  /// leading dimensions broadcast.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if an operand is a scalar, the inner sizes
  ///   differ or the leading dimensions do not broadcast
  public static Tensor matmul(Tensor a, Tensor b) {
    return a.dtype() == b.dtype()
        ? new Matmul().apply(a, b)
        : new Matmul().apply(Operands.promoted("matmul", a, b));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor a = in[0];
    Tensor b = in[1];
    DType dtype = Operands.floating("matmul", a, b);
    Shape shape = shape(a.shape(), b.shape());
    Tensor y = Tensor.result(shape, dtype, StackedProduct.of(a, b)::into, a, b);
    if (ctx.needs(0) && ctx.needs(1)) {
      ctx.save(a, b);
    } else if (ctx.needs(0)) {
      ctx.save(b);
    } else if (ctx.needs(1)) {
      ctx.save(a);
    }
    return y;
  }

  private static Shape shape(Shape a, Shape b) {
    int ra = a.rank();
    int rb = b.rank();
    if (ra == 0 || rb == 0) {
      throw Operands.shape(
          "matmul: takes vectors, matrices or stacks of matrices, got a "
              + a
              + " and b "
              + b
              + ". Multiply by a scalar with mul().");
    }
    int inner = a.size(-1);
    int other = b.size(rb == 1 ? 0 : -2);
    if (inner != other) {
      throw Operands.shape(
          "matmul: inner sizes must match, got a "
              + a
              + " and b "
              + b
              + " ("
              + inner
              + " != "
              + other
              + "). Transpose "
              + (rb > 1 && b.size(-1) == inner ? "b" : ra > 1 && a.size(-2) == other ? "a" : "one")
              + "?");
    }
    int[] lead = Shape.broadcast("matmul", leading(a), leading(b)).dims();
    int rank = lead.length + (ra > 1 ? 1 : 0) + (rb > 1 ? 1 : 0);
    int[] dims = new int[rank];
    System.arraycopy(lead, 0, dims, 0, lead.length);
    int at = lead.length;
    if (ra > 1) {
      dims[at++] = a.size(-2);
    }
    if (rb > 1) {
      dims[at] = b.size(-1);
    }
    return Shape.of(dims);
  }

  /// Returns the dimensions that are stacked.
  private static Shape leading(Shape s) {
    int[] dims = s.dims();
    int[] lead = new int[Math.max(0, dims.length - 2)];
    System.arraycopy(dims, 0, lead, 0, lead.length);
    return Shape.of(lead);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int last = ctx.needs(1) ? 1 : 0;
    Shape a = ctx.inputShape(0);
    Shape b = ctx.inputShape(1);
    return new @Nullable Tensor[] {
      ctx.needs(0) ? left(g, ctx.saved(last), a) : null,
      ctx.needs(1) ? right(g, ctx.saved(0), b) : null
    };
  }

  private static Tensor left(Tensor g, Tensor b, Shape a) {
    if (b.rank() == 1) {
      return a.rank() == 1 ? g.mul(b) : matmul(g.unsqueeze(-1), b.unsqueeze(0));
    }
    if (a.rank() == 1) {
      return matmul(b, g.unsqueeze(-1)).squeeze(-1);
    }
    return matmul(g, b.transpose(-2, -1));
  }

  private static Tensor right(Tensor g, Tensor a, Shape b) {
    if (a.rank() == 1) {
      return b.rank() == 1 ? g.mul(a) : matmul(a.unsqueeze(1), g.unsqueeze(-2));
    }
    if (b.rank() == 1) {
      return matmul(a.flatten(0, -2).transpose(0, 1), g.flatten());
    }
    if (b.rank() == 2 && a.rank() > 2) {
      // One b for the whole stack: its gradient is one product over all rows.
      return matmul(a.flatten(0, -2).transpose(0, 1), g.flatten(0, -2));
    }
    return matmul(a.transpose(-2, -1), g);
  }

  @Override
  public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
    return Bilinear.tangent(ctx, Matmul::matmul, tangents);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    int ra = in[0].rank() - (batch.has(0) ? 1 : 0);
    int rb = in[1].rank() - (batch.has(1) ? 1 : 0);
    if (ra == 1 && rb == 2 && !batch.has(1)) {
      return matmul(in[0], in[1]);
    }
    if (ra == 2 && rb == 1 && !batch.has(0)) {
      return matmul(in[1], in[0].transpose(0, 1));
    }
    Tensor a = ra == 1 ? in[0].unsqueeze(-2) : in[0];
    Tensor b = rb == 1 ? in[1].unsqueeze(-1) : in[1];
    Tensor[] aligned = batch.aligned(a, b);
    Tensor y = matmul(aligned[0], aligned[1]);
    y = rb == 1 ? y.squeeze(-1) : y;
    return ra == 1 ? y.squeeze(rb == 1 ? -1 : -2) : y;
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    return graph.node(
        "MatMul", Map.of(), in[0].dtype(), shape(in[0].shape(), in[1].shape()), in[0], in[1]);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(4), s.randn(4));
    s.add(this, s.randn(3, 4), s.randn(4));
    s.add(this, s.randn(4), s.randn(4, 2));
    s.add(this, s.randn(3, 4), s.randn(4, 2));
    s.add(this, s.randn(2, 3, 4), s.randn(4));
    s.add(this, s.randn(4), s.randn(2, 4, 3));
    s.add(this, s.randn(2, 3, 4), s.randn(4, 2));
    s.add(this, s.randn(3, 4), s.randn(2, 4, 2));
    s.add(this, s.randn(2, 1, 3, 4), s.randn(3, 4, 2));
    s.add(this, s.randn(4, 3).transpose(0, 1), s.randn(2, 4).transpose(0, 1));
    s.add(this, s.randn(2, 3, 2, 4).permute(0, 2, 1, 3), s.randn(2, 4, 2, 3).permute(0, 2, 1, 3));
    s.add(this, s.randn(1, 1), s.randn(1, 1));
    s.add(this, s.randn(3, 0), s.randn(0, 2));
    s.add(this, s.randn(0, 3), s.randn(3, 2));
    int m = s.size(1, 5);
    int k = s.size(1, 5);
    int n = s.size(1, 5);
    s.add(this, s.randn(m, k), s.randn(k, n));
    s.reject(this, "inner sizes must match", s.randn(2, 3), s.randn(4, 5));
    s.reject(this, "broadcast", s.randn(2, 2, 3), s.randn(3, 3, 2));
    s.reject(this, "scalar", s.randn(), s.randn(3));
  }
}
