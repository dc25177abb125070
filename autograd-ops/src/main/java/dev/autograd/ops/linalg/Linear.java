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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An affine map of the last dimension.
///
/// - **Formula** `y = x Wᵀ + b`, `dx = g W`, `dW = gᵀ x`, `db = sum(g)`, the last two over all rows
/// - **Shapes** `x [*, I], W [O, I], b [O] → y [*, O]`; b may be left out
/// - **DType** f32, f64, promoted to one
/// - **Smooth** everywhere
/// - **ONNX** Gemm (13) with transB = 1 for a matrix, else Transpose, MatMul, Add
/// - **Saves** x only for dW, W only for dx
///
/// @param bias whether there is a third operand
public record Linear(boolean bias) implements Function {

  /// Makes the map with a bias.
  public Linear() {
    this(true);
  }

  /// Returns `x Wᵀ`.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the last size of x is not that of W
  public static Tensor linear(Tensor x, Tensor weight) {
    return linear(x, weight, null);
  }

  /// Returns `x Wᵀ + b`, the same bits as the product and the sum one after the other.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the last size of x is not that of W or b
  ///   has not one entry for each row of W
  public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return bias == null
        ? new Linear(false).apply(Operands.promoted("linear", x, weight))
        : new Linear(true).apply(Operands.promoted("linear", x, weight, bias));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor w = in[1];
    Operands.count("linear", in, bias ? 3 : 2);
    DType dtype = Operands.floating("linear", in);
    Tensor y = Tensor.empty(shape(x.shape(), w.shape()), dtype);
    int out = w.size(0);
    int[] ws = w.strides();
    Tensor turned = w.alias(Shape.of(w.size(1), out), new int[] {ws[1], ws[0]}, w.offset());
    StackedProduct product = StackedProduct.of(x, turned);
    if (bias) {
      Operands.vector("linear", "bias", in[2], out, "row of the weight " + w.shape());
      product.plus(in[2], y);
    } else {
      product.into(y);
    }
    if (ctx.needs(0) && ctx.needs(1)) {
      ctx.save(x, w);
    } else if (ctx.needs(0)) {
      ctx.save(w);
    } else if (ctx.needs(1)) {
      ctx.save(x);
    }
    return y;
  }

  private static Shape shape(Shape x, Shape w) {
    if (w.rank() != 2) {
      throw Operands.shape("linear: weight must be a matrix [out, in], got " + w);
    }
    if (x.rank() == 0 || x.size(-1) != w.size(1)) {
      throw Operands.shape(
          "linear: the last size of x must be the second of the weight, got x "
              + x
              + " and weight "
              + w
              + (x.rank() > 0 && x.size(-1) == w.size(0) ? ". Transpose the weight?" : ""));
    }
    return x.with(x.rank() - 1, w.size(0));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor dx = ctx.needs(0) ? g.matmul(ctx.saved(ctx.needs(1) ? 1 : 0)) : null;
    Tensor dw = null;
    if (ctx.needs(1)) {
      Tensor rows = g.rank() == 1 ? g.unsqueeze(0) : g.flatten(0, -2);
      Tensor x = ctx.saved(0);
      dw = rows.transpose(0, 1).matmul(x.rank() == 1 ? x.unsqueeze(0) : x.flatten(0, -2));
    }
    if (!bias) {
      return new @Nullable Tensor[] {dx, dw};
    }
    // The engine adds the rows up.
    return new @Nullable Tensor[] {dx, dw, ctx.needs(2) ? g : null};
  }

  @Override
  public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
    Tensor v = Bilinear.tangent(ctx, (x, w) -> linear(x, w), tangents);
    return bias ? Bilinear.sum(v, tangents[2]) : v;
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    if (!batch.has(1) && !(bias && batch.has(2))) {
      return apply(in);
    }
    boolean row = in[0].rank() - (batch.has(0) ? 1 : 0) == 1;
    Tensor x = row ? in[0].unsqueeze(-2) : in[0];
    Tensor w = in[1].transpose(-1, -2);
    Tensor[] aligned = bias ? batch.aligned(x, w, in[2]) : batch.aligned(x, w);
    Tensor y = aligned[0].matmul(aligned[1]);
    y = bias ? y.add(aligned[2]) : y;
    return row ? y.squeeze(-2) : y;
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    Shape shape = shape(in[0].shape(), in[1].shape());
    if (in[0].shape().rank() == 2) {
      return graph.node("Gemm", Map.of("transB", 1L), in[0].dtype(), shape, in);
    }
    var f = new OnnxFormula(graph);
    Value y = graph.node("MatMul", Map.of(), in[0].dtype(), shape, in[0], f.transpose(in[1], 1, 0));
    return bias ? f.add(y, in[2]) : y;
  }

  @Override
  public void samples(Samples s) {
    var plain = new Linear(false);
    s.add(this, s.randn(3, 4), s.randn(2, 4), s.randn(2));
    s.add(this, s.randn(4), s.randn(2, 4), s.randn(2));
    s.add(this, s.randn(2, 3, 4), s.randn(5, 4), s.randn(5));
    s.add(this, s.randn(2, 4, 3).transpose(1, 2), s.randn(4, 2).transpose(0, 1), s.randn(2));
    s.add(this, s.randn(0, 4), s.randn(2, 4), s.randn(2));
    s.add(plain, s.randn(3, 4), s.randn(2, 4));
    s.add(plain, s.randn(2, 1, 4), s.randn(1, 4));
    s.reject(this, "last size of x", s.randn(3, 5), s.randn(2, 4), s.randn(2));
    s.reject(this, "bias must have shape", s.randn(3, 4), s.randn(2, 4), s.randn(3));
    s.reject(plain, "must be a matrix", s.randn(3, 4), s.randn(4));
  }
}
