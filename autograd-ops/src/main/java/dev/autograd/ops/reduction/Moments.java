package dev.autograd.ops.reduction;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.spi.OnnxGraph;
import java.util.Map;

/// Means and variances, in two passes: first the mean, then the squares of the distances from it.
record Moments(Storage mean, Storage variance) {

  static Moments of(String who, Tensor x, boolean[] gone, int correction) {
    Dims.requireFloating(who, x);
    Axes axes = Dims.axes(x, gone);
    Storage mean = Storage.empty(x.dtype(), axes.outputs());
    Storage variance = Storage.empty(x.dtype(), axes.outputs());
    if (x.dtype() == DType.F32) {
      Reduce.variance(
          x.memory().floats(),
          x.offset(),
          axes,
          correction,
          mean.floats(),
          0,
          variance.floats(),
          0);
    } else {
      Reduce.variance(
          x.memory().doubles(),
          x.offset(),
          axes,
          correction,
          mean.doubles(),
          0,
          variance.doubles(),
          0);
    }
    return new Moments(mean, variance);
  }

  /// Returns the gradient of the variance: `2 g (x − mean) / (n − correction)`.
  ///
  /// @param g the gradient of the variance, of a shape that broadcasts with `x`
  static Tensor backward(Tensor x, Tensor g, boolean[] gone, int correction) {
    double degrees = Math.max(0, Dims.count(x.shape(), gone) - correction);
    return x.sub(x.mean(Dims.list(gone), true)).mul(g.mul(2 / degrees));
  }

  static OnnxGraph.Value onnx(
      OnnxGraph graph, OnnxGraph.Value x, boolean[] gone, int correction, boolean keepDim) {
    OnnxGraph.Value mean = OnnxReduce.reduce(graph, "ReduceMean", x, gone, true);
    OnnxGraph.Value distance = OnnxReduce.binary(graph, "Sub", x, mean);
    OnnxGraph.Value squares = OnnxReduce.binary(graph, "Mul", distance, distance);
    OnnxGraph.Value sum = OnnxReduce.reduce(graph, "ReduceSum", squares, gone, keepDim);
    OnnxGraph.Value n = OnnxReduce.count(graph, x.shape(), gone, x.dtype());
    OnnxGraph.Value degrees =
        OnnxReduce.binary(graph, "Sub", n, graph.scalar(x.dtype(), correction));
    OnnxGraph.Value divisor =
        graph.node("Max", Map.of(), x.dtype(), Shape.SCALAR, degrees, graph.scalar(x.dtype(), 0));
    return OnnxReduce.binary(graph, "Div", sum, divisor);
  }
}
