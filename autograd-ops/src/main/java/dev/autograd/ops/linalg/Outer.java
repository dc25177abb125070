package dev.autograd.ops.linalg;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Bilinear;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The outer product of two vectors.
///
/// - **Formula** `y[i, j] = a[i] b[j]`, `da = g b`, `db = gᵀ a`
/// - **Shapes** `[M] [N] → [M, N]`
/// - **DType** f32, f64, promoted to one
/// - **Smooth** everywhere
/// - **ONNX** Reshape, Mul
/// - **Saves** each operand only for the other's gradient
public record Outer() implements Function {

  /// Returns every product of an entry of `a` with an entry of `b`.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if an operand is not a vector
  public static Tensor outer(Tensor a, Tensor b) {
    return new Outer().apply(Operands.promoted("outer", a, b));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor a = in[0];
    Tensor b = in[1];
    DType dtype = Operands.floating("outer", a, b);
    if (a.rank() != 1 || b.rank() != 1) {
      throw Operands.shape(
          "outer: takes two vectors, got a "
              + a.shape()
              + " and b "
              + b.shape()
              + ". Flatten them?");
    }
    int m = a.size(0);
    int n = b.size(0);
    Tensor y = Tensor.empty(Shape.of(m, n), dtype);
    StackedProduct.of(
            a.alias(Shape.of(m, 1), new int[] {a.strides()[0], 1}, a.offset()),
            b.alias(Shape.of(1, n), new int[] {1, b.strides()[0]}, b.offset()))
        .into(y);
    if (ctx.needs(0) && ctx.needs(1)) {
      ctx.save(a, b);
    } else if (ctx.needs(0)) {
      ctx.save(b);
    } else if (ctx.needs(1)) {
      ctx.save(a);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int last = ctx.needs(1) ? 1 : 0;
    return new @Nullable Tensor[] {
      ctx.needs(0) ? g.matmul(ctx.saved(last)) : null,
      ctx.needs(1) ? g.transpose(0, 1).matmul(ctx.saved(0)) : null
    };
  }

  @Override
  public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
    return Bilinear.tangent(ctx, Outer::outer, tangents);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return in[0].unsqueeze(-1).mul(in[1].unsqueeze(-2));
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    return f.mul(f.reshape(in[0], in[0].shape().size(0), 1), in[1]);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(3), s.randn(4));
    s.add(this, s.randn(1), s.randn(1));
    s.add(this, s.randn(0), s.randn(3));
    s.add(this, s.randn(3, 2).select(1, 0), s.randn(4, 2).select(1, 1));
    s.reject(this, "two vectors", s.randn(2, 2), s.randn(2));
  }
}
