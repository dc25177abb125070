package dev.autograd.ops.reduction;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.ArgReduce;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.IntegerReduce;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.spi.OnnxGraph;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the extreme elements of sequences are.
final class Positions {
  private Positions() {}

  /// Returns the first position of each extreme; a NaN is more extreme than any number.
  static long[] of(String who, Tensor x, boolean[] gone, boolean greatest) {
    Dims.requireComputed(who, x);
    Dims.requireElements(who, x.shape(), gone);
    Axes axes = Dims.axes(x, gone);
    long[] y = new long[axes.outputs()];
    switch (x.dtype()) {
      case F32 -> {
        float[] v = x.memory().floats();
        if (greatest) {
          ArgReduce.argmax(v, x.offset(), axes, y, 0);
        } else {
          ArgReduce.argmin(v, x.offset(), axes, y, 0);
        }
      }
      case F64 -> {
        double[] v = x.memory().doubles();
        if (greatest) {
          ArgReduce.argmax(v, x.offset(), axes, y, 0);
        } else {
          ArgReduce.argmin(v, x.offset(), axes, y, 0);
        }
      }
      case I64 -> first(x.memory().longs(), x.offset(), axes, greatest, y);
      case BOOL, U8, I32, F16, BF16 -> {
        return of(who, TensorCast.cast(x, DType.I64), gone, greatest);
      }
    }
    return y;
  }

  private static void first(long[] x, int offset, Axes axes, boolean greatest, long[] y) {
    long[] extremes = new long[y.length];
    if (greatest) {
      IntegerReduce.max(x, offset, axes, extremes, 0);
    } else {
      IntegerReduce.min(x, offset, axes, extremes, 0);
    }
    for (int o = 0; o < y.length; o++) {
      int base = offset + axes.keptOffset(o);
      int i = 0;
      while (x[base + axes.reducedOffset(i)] != extremes[o]) {
        i++;
      }
      y[o] = i;
    }
  }

  /// Adds an ArgMax or ArgMin node; without an axis the flat index.
  static OnnxGraph.Value onnx(
      OnnxGraph graph, String opType, OnnxGraph.Value x, @Nullable Integer axis, boolean keepDim) {
    OnnxGraph.Value number = x.dtype() == DType.BOOL ? OnnxReduce.cast(graph, x, DType.I32) : x;
    Shape from = x.shape();
    boolean flat = axis == null || from.rank() == 0;
    if (flat) {
      Shape row = Shape.of(from.numel());
      number = graph.node("Reshape", Map.of(), number.dtype(), row, number, graph.constant(-1));
    }
    int along = axis == null || flat ? 0 : axis;
    boolean keep = keepDim && !flat;
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("axis", along);
    attributes.put("keepdims", keep ? 1 : 0);
    attributes.put("select_last_index", 0);
    boolean[] gone = new boolean[number.shape().rank()];
    gone[along] = true;
    OnnxGraph.Value y =
        graph.node(opType, attributes, DType.I64, Dims.left(number.shape(), gone, keep), number);
    if (flat && keepDim && from.rank() > 0) {
      long[] ones = new long[from.rank()];
      Arrays.fill(ones, 1);
      boolean[] all = new boolean[from.rank()];
      Arrays.fill(all, true);
      y = graph.node("Reshape", Map.of(), DType.I64, Dims.kept(from, all), y, graph.constant(ones));
    }
    return y;
  }
}
