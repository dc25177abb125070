package dev.autograd.ops.operand;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Map;

/// Writes formulas as ONNX nodes, shapes and types worked out as the operators define them.
///
/// @param graph the graph that is written
public record OnnxFormula(OnnxGraph graph) {

  /// Adds `a + b`.
  public Value add(Value a, Value b) {
    return binary("Add", a, b);
  }

  /// Adds `a − b`.
  public Value sub(Value a, Value b) {
    return binary("Sub", a, b);
  }

  /// Adds `a · b`.
  public Value mul(Value a, Value b) {
    return binary("Mul", a, b);
  }

  /// Adds `a · b` with a constant.
  public Value mul(Value a, double b) {
    return mul(a, graph.scalar(a.dtype(), b));
  }

  /// Adds `a / b`.
  public Value div(Value a, Value b) {
    return binary("Div", a, b);
  }

  /// Adds an operator of one operand that keeps type and shape.
  public Value unary(String opType, Value x) {
    return graph.node(opType, Map.of(), x.dtype(), x.shape(), x);
  }

  /// Adds `a = b`, element by element.
  public Value equal(Value a, Value b) {
    return graph.node(
        "Equal", Map.of(), DType.BOOL, Shape.broadcast("equal", a.shape(), b.shape()), a, b);
  }

  /// Adds a selection of `a` where `condition` holds, `b` elsewhere.
  public Value where(Value condition, Value a, Value b) {
    Shape shape = Shape.broadcast("where", a.shape(), b.shape());
    shape = Shape.broadcast("where", shape, condition.shape());
    return graph.node("Where", Map.of(), a.dtype(), shape, condition, a, b);
  }

  /// Adds a cast.
  public Value cast(Value x, DType to) {
    return x.dtype() == to ? x : graph.node("Cast", Map.of("to", to), to, x.shape(), x);
  }

  /// Adds a sum over `axes`, kept with size 1.
  public Value sum(Value x, int... axes) {
    long[] wide = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      wide[i] = axes[i];
    }
    return graph.node(
        "ReduceSum",
        Map.of("keepdims", 1L),
        x.dtype(),
        reduced(x.shape(), axes),
        x,
        graph.constant(wide));
  }

  /// Adds a mean over `axes`, kept with size 1.
  public Value mean(Value x, int... axes) {
    return reduce("ReduceMean", x, axes);
  }

  /// Adds a maximum over `axes`, kept with size 1.
  public Value max(Value x, int... axes) {
    return reduce("ReduceMax", x, axes);
  }

  private Value reduce(String opType, Value x, int... axes) {
    Shape shape = reduced(x.shape(), axes);
    if (graph.opset() >= 18) {
      long[] wide = new long[axes.length];
      for (int i = 0; i < axes.length; i++) {
        wide[i] = axes[i];
      }
      return graph.node(opType, Map.of("keepdims", 1L), x.dtype(), shape, x, graph.constant(wide));
    }
    return graph.node(opType, Map.of("axes", axes, "keepdims", 1L), x.dtype(), shape, x);
  }

  private static Shape reduced(Shape shape, int... axes) {
    for (int axis : axes) {
      shape = shape.with(axis, 1);
    }
    return shape;
  }

  /// Adds a reshape.
  public Value reshape(Value x, int... shape) {
    long[] wide = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      wide[i] = shape[i];
    }
    return graph.node("Reshape", Map.of(), x.dtype(), Shape.of(shape), x, graph.constant(wide));
  }

  /// Adds a permutation of the dimensions.
  public Value transpose(Value x, int... order) {
    int[] dims = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      dims[i] = x.shape().size(order[i]);
    }
    return graph.node("Transpose", Map.of("perm", order), x.dtype(), Shape.of(dims), x);
  }

  /// Adds a transposition of the last two dimensions.
  public Value transpose(Value x) {
    int rank = x.shape().rank();
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i;
    }
    order[rank - 2] = rank - 1;
    order[rank - 1] = rank - 2;
    return transpose(x, order);
  }

  private Value binary(String opType, Value a, Value b) {
    Shape shape = Shape.broadcast(opType, a.shape(), b.shape());
    return graph.node(opType, Map.of(), a.dtype(), shape, a, b);
  }
}
