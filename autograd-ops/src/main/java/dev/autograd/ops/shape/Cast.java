package dev.autograd.ops.shape;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The elements in another type; copies.
///
/// - **Formula** `y = x` rounded to nearest between floating types, truncated toward zero to
///   integers, `x ≠ 0` to bool; `dx = g` in the type of `x`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** all to all
/// - **Smooth** between floating types; the result is not differentiable in others
/// - **ONNX** Cast (13)
/// - **Source** IEEE 754-2019 §5.4
///
/// @param dtype the type of the result
public record Cast(DType dtype) implements Function {

  /// Makes the prototype, which casts to `f64`.
  public Cast() {
    this(DType.F64);
  }

  /// Returns `x` in another element type, itself if it has it already.
  public static Tensor cast(Tensor x, DType dtype) {
    return x.dtype() == dtype ? x : new Cast(dtype).apply(x);
  }

  @Override
  public boolean differentiable() {
    return dtype.isFloating();
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    return TensorCast.cast(in[0], dtype);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {cast(g, ctx.inputType(0))};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return apply(in);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return graph.node("Cast", Map.of("to", dtype), dtype, in[0].shape(), in[0]);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Cast(DType.F64), s.randn(2, 3));
    s.add(new Cast(DType.F64), s.randn(2, 3).transpose(0, 1));
    s.add(new Cast(DType.F64), s.indices(5, 3));
    s.add(new Cast(DType.I64), s.randn(3));
    s.add(new Cast(DType.BOOL), s.randn(0, 3));
    s.add(new Cast(DType.F64), s.randn());
  }
}
