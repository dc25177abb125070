package dev.autograd.ops.conv;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.pool.PoolShape;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The gradient of [MaxPool2d]: every gradient added to the element that its maximum came from.
///
/// - **Formula** `dx[n, c, indices[n, c, i, j]] += g[n, c, i, j]`; with h its gradient: dg is h
///   gathered at the indices
/// - **Shapes** `g, indices [N, C, OH, OW] → dx [N, C, H, W]`
/// - **DType** f32, f64; indices i32
/// - **Smooth** everywhere
/// - **ONNX** ScatterElements (16)
/// - **Saves** the indices
///
/// @param geometry how the window moved
/// @param height H
/// @param width W
public record MaxPool2dInputGrad(PoolGeometry geometry, int height, int width) implements Function {

  /// Makes the gradient of a pool over windows of 2 x 2 on images of 4 x 4.
  public MaxPool2dInputGrad() {
    this(PoolGeometry.of(2), 4, 4);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating(name(), in[0]);
    PoolShape s = geometry.shapeOfGradient(name(), in[0].shape(), height, width);
    Operands.sameShape(name(), "g", in[0], "indices", in[1]);
    if (in[1].dtype() != DType.I32) {
      throw new AutogradException(
          ErrorKind.DTYPE, name() + ": indices must be i32, got " + in[1].dtype());
    }
    Tensor g = in[0].contiguous();
    Tensor at = in[1].contiguous();
    Tensor dx = Tensor.zeros(g.shape().with(2, height).with(3, width), dtype);
    if (dtype == DType.F32) {
      dev.autograd.kernel.pool.MaxPool2d.backward(
          s,
          g.memory().floats(),
          g.offset(),
          at.memory().ints(),
          at.offset(),
          dx.memory().floats(),
          0);
    } else {
      dev.autograd.kernel.pool.MaxPool2d.backward(
          s,
          g.memory().doubles(),
          g.offset(),
          at.memory().ints(),
          at.offset(),
          dx.memory().doubles(),
          0);
    }
    if (ctx.needs(0)) {
      ctx.save(in[1]);
    }
    return dx;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor h) {
    Tensor at = ctx.saved(0);
    Tensor dg =
        h.flatten(2, 3).gather(2, at.to(DType.I64).flatten(2, 3)).reshape(at.shape().dims());
    return new @Nullable Tensor[] {dg, null};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Tensor[] all = batch.repeated(in);
    return batch.unfolded(apply(Batch.folded(all[0], 0), Batch.folded(all[1], 0)), 0);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    Shape out = in[0].shape();
    int n = out.size(0);
    int c = out.size(1);
    int area = out.size(2) * out.size(3);
    Shape planes = Shape.of(n, c, height * width);
    Value zeros =
        graph.node(
            "Expand",
            Map.of(),
            in[0].dtype(),
            planes,
            graph.scalar(in[0].dtype(), 0),
            graph.constant(n, c, (long) height * width));
    Value dx =
        graph.node(
            "ScatterElements",
            Map.of("axis", 2L, "reduction", "add"),
            in[0].dtype(),
            planes,
            zeros,
            f.cast(f.reshape(in[1], n, c, area), DType.I64),
            f.reshape(in[0], n, c, area));
    return f.reshape(dx, n, c, height, width);
  }

  @Override
  public void samples(Samples s) {
    Tensor at = s.indices(16, 2, 3, 2, 2).to(DType.I32);
    s.add(this, s.randn(2, 3, 2, 2), at);
    var overlapping = new MaxPool2dInputGrad(PoolGeometry.of(2, 1, 0), 3, 3);
    s.add(overlapping, s.randn(1, 2, 2, 2).transpose(2, 3), s.indices(9, 1, 2, 2, 2).to(DType.I32));
    s.reject(this, "shape of the pool", s.randn(2, 3, 1, 2), at);
  }
}
