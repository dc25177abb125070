package dev.autograd.ops.conv;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.pool.PoolShape;
import dev.autograd.method.ValuesAndIndices;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The greatest element of every window, and where it was.
///
/// - **Formula** `y = max(window)`; the gradient goes to that element, [MaxPool2dInputGrad]
/// - **Shapes** `x [N, C, H, W] → y, indices [N, C, OH, OW]`; indices are `i32`, flat within a
///   plane
/// - **DType** f32, f64
/// - **Smooth** where no window has two greatest elements; then the first in row-major order takes
///   all
/// - **ONNX** MaxPool (12), Mod, Cast
/// - **Saves** the indices
///
/// @param geometry how the window moves; padding counts as −∞
public record MaxPool2d(PoolGeometry geometry) implements MultiFunction {

  /// Makes the pool over windows of 2 x 2, side by side.
  public MaxPool2d() {
    this(PoolGeometry.of(2));
  }

  /// Returns the maxima of square windows that lie side by side.
  public static Tensor maxPool2d(Tensor x, int kernel) {
    return maxPool2d(x, PoolGeometry.of(kernel));
  }

  /// Returns the maxima of square windows.
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
    return maxPool2d(x, PoolGeometry.of(kernel, stride, padding));
  }

  /// Returns the maxima of all windows; an input `[C, H, W]` is one image.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the window does not fit
  public static Tensor maxPool2d(Tensor x, PoolGeometry geometry) {
    if (x.rank() == 3) {
      return maxPool2d(x.unsqueeze(0), geometry).squeeze(0);
    }
    return new MaxPool2d(geometry).apply(x)[0];
  }

  /// Returns the maxima of all windows of `x [N, C, H, W]` and their `i64` indices, flat within a
  /// plane.
  public static ValuesAndIndices maxPool2dWithIndices(Tensor x, PoolGeometry geometry) {
    Tensor[] y = new MaxPool2d(geometry).apply(x);
    return new ValuesAndIndices(y[0], y[1].to(DType.I64));
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating("max_pool2d", in);
    PoolShape s = geometry.shape("max_pool2d", in[0].shape());
    Tensor x = in[0].contiguous();
    Shape out = PoolGeometry.output(x.shape(), s);
    Tensor y = Tensor.empty(out, dtype);
    Tensor indices = Tensor.empty(out, DType.I32);
    if (dtype == DType.F32) {
      dev.autograd.kernel.pool.MaxPool2d.forward(
          s, x.memory().floats(), x.offset(), y.memory().floats(), 0, indices.memory().ints(), 0);
    } else {
      dev.autograd.kernel.pool.MaxPool2d.forward(
          s, x.memory().doubles(), x.offset(), y.memory().doubles(), 0, indices.memory().ints(), 0);
    }
    if (ctx.needs(0)) {
      ctx.save(indices);
    }
    return new Tensor[] {y, indices};
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    Tensor gy = g[0];
    if (gy == null) {
      return new @Nullable Tensor[] {null};
    }
    Shape x = ctx.inputShape(0);
    return new Tensor[] {
      new MaxPool2dInputGrad(geometry, x.size(2), x.size(3)).apply(gy, ctx.saved(0))
    };
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    Tensor[] y = apply(Batch.folded(in[0], 0));
    return new Tensor[] {batch.unfolded(y[0], 0), batch.unfolded(y[1], 0)};
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    PoolShape s = geometry.shape("max_pool2d", in[0].shape());
    Shape out = PoolGeometry.output(in[0].shape(), s);
    Value[] y =
        graph.nodes(
            "MaxPool",
            Map.of(
                "kernel_shape", geometry.kernel().longs(),
                "strides", geometry.stride().longs(),
                "pads", geometry.padding().longs(),
                "dilations", geometry.dilation().longs(),
                "ceil_mode", geometry.ceil() ? 1L : 0L),
            new DType[] {in[0].dtype(), DType.I64},
            new Shape[] {out, out},
            in);
    // Theirs are flat over the whole input.
    Value flat =
        graph.node(
            "Mod", Map.of(), DType.I64, out, y[1], graph.constant(Math.multiplyFull(s.h(), s.w())));
    return new Value[] {y[0], new OnnxFormula(graph).cast(flat, DType.I32)};
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.distinct(2, 3, 4, 6));
    s.add(new MaxPool2d(PoolGeometry.of(3, 2, 1)), s.distinct(1, 2, 5, 6));
    s.add(new MaxPool2d(PoolGeometry.of(2, 1, 0)), s.distinct(1, 1, 3, 3));
    s.add(new MaxPool2d(PoolGeometry.of(2, 2, 0).ceil(true)), s.distinct(1, 2, 5, 3));
    s.add(new MaxPool2d(PoolGeometry.of(2, 1, 0).dilation(2)), s.distinct(1, 2, 5, 4));
    s.add(this, s.distinct(1, 4, 4, 2).permute(0, 3, 1, 2));
    s.add(this, s.distinct(0, 2, 4, 4));
    s.reject(this, "window must fit", s.randn(1, 1, 1, 4));
    s.reject(this, "[N, C, H, W]", s.randn(4, 4));
  }
}
