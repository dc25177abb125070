package dev.autograd.ops.conv;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Averages over windows that share an image out into a given number of rows and columns.
///
/// - **Formula** window i of n over a size s is `[⌊i s / n⌋, ⌈(i + 1) s / n⌉)`; dx is
///   [AdaptiveAvgPool2dInputGrad]
/// - **Shapes** `x [N, C, H, W] → y [N, C, OH, OW]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** ReduceMean for one window, else MatMul with the windows of each axis
/// - **Saves** nothing
///
/// @param size OH and OW
public record AdaptiveAvgPool2d(Extent size) implements Function {

  /// Makes the pool into 2 x 2.
  public AdaptiveAvgPool2d() {
    this(Extent.of(2));
  }

  /// Checks the attributes.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if a size is less than 1
  public AdaptiveAvgPool2d {
    if (!size.atLeast(1)) {
      throw Operands.argument("adaptive_avg_pool2d: sizes must be at least 1, got " + size);
    }
  }

  /// Returns `height` by `width` averages of each plane; an input `[C, H, W]` is one image.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the input is no image or has no elements
  ///   in a plane
  public static Tensor adaptiveAvgPool2d(Tensor x, int height, int width) {
    if (x.rank() == 3) {
      return adaptiveAvgPool2d(x.unsqueeze(0), height, width).squeeze(0);
    }
    return new AdaptiveAvgPool2d(new Extent(height, width)).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating(name(), in);
    check(name(), in[0].shape());
    Tensor x = in[0].contiguous();
    Tensor y = Tensor.empty(x.shape().with(2, size.height()).with(3, size.width()), dtype);
    int planes = x.size(0) * x.size(1);
    if (dtype == DType.F32) {
      dev.autograd.kernel.pool.AvgPool2d.adaptiveForward(
          planes,
          x.size(2),
          x.size(3),
          size.height(),
          size.width(),
          x.memory().floats(),
          x.offset(),
          y.memory().floats(),
          0);
    } else {
      dev.autograd.kernel.pool.AvgPool2d.adaptiveForward(
          planes,
          x.size(2),
          x.size(3),
          size.height(),
          size.width(),
          x.memory().doubles(),
          x.offset(),
          y.memory().doubles(),
          0);
    }
    return y;
  }

  static void check(String op, Shape x) {
    if (x.rank() != 4 || x.size(2) == 0 || x.size(3) == 0) {
      throw Operands.shape(
          op + ": takes an input [N, C, H, W] with elements in every plane, got " + x);
    }
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape x = ctx.inputShape(0);
    return new Tensor[] {new AdaptiveAvgPool2dInputGrad(x.size(2), x.size(3)).apply(g)};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.unfolded(apply(Batch.folded(in[0], 0)), 0);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    if (size.height() == 1 && size.width() == 1) {
      return f.mean(in[0], 2, 3);
    }
    Shape x = in[0].shape();
    Value rows = graph.constant(windows(x.size(2), size.height(), in[0].dtype()));
    Value columns =
        f.transpose(graph.constant(windows(x.size(3), size.width(), in[0].dtype())), 1, 0);
    Value wide =
        graph.node("MatMul", Map.of(), in[0].dtype(), x.with(3, size.width()), in[0], columns);
    Shape y = x.with(2, size.height()).with(3, size.width());
    return graph.node("MatMul", Map.of(), in[0].dtype(), y, rows, wide);
  }

  /// Returns the matrix `[out, in]` that averages windows of a vector.
  static Tensor windows(int in, int out, DType dtype) {
    double[] m = new double[out * in];
    for (int o = 0; o < out; o++) {
      int begin = (int) ((long) o * in / out);
      int end = (int) (((long) (o + 1) * in + out - 1) / out);
      for (int i = begin; i < end; i++) {
        m[o * in + i] = 1.0 / (end - begin);
      }
    }
    return Tensor.of(m, out, in).to(dtype);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(2, 3, 4, 6));
    s.add(new AdaptiveAvgPool2d(Extent.of(1)), s.randn(2, 3, 3, 5));
    s.add(new AdaptiveAvgPool2d(new Extent(3, 2)), s.randn(1, 2, 5, 7));
    s.add(new AdaptiveAvgPool2d(new Extent(3, 4)), s.randn(1, 2, 2, 3));
    s.add(this, s.randn(1, 5, 4, 2).permute(0, 3, 1, 2));
    s.add(this, s.randn(0, 2, 4, 4));
    s.reject(this, "elements in every plane", s.randn(2, 3, 0, 4));
  }
}
