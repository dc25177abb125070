package dev.autograd.ops.pointwise;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes formulas as ONNX nodes.
///
/// Operators and types are those of opset 17; where an operator is missing (`expm1`, `log1p`,
/// `atan2`) the nodes follow a form that loses no digits for tiny arguments.
public final class ExprOnnx {
  private ExprOnnx() {}

  /// Writes an operation by its [Pointwise#operator] if it has one, else by its formula.
  public static Value expand(OnnxGraph graph, Pointwise op, Value... inputs) {
    String operator = op.operator();
    if (operator != null) {
      return operator(graph, op, operator, Map.of(), inputs);
    }
    return formula(graph, op, Types.of(op, inputs), inputs);
  }

  private static Value formula(OnnxGraph graph, Pointwise op, Types types, Value... inputs) {
    List<Expr> formula = List.of(PointwisePlan.of(op).formula());
    return types.finish(graph, expand(graph, formula, types.compute(), op.params(), inputs)[0]);
  }

  /// Writes an operation as one operator over all its inputs.
  ///
  /// Attributes are `f32` in ONNX; where one would have to be rounded for an operation in `f64`,
  /// the formula is written instead.
  public static Value operator(
      OnnxGraph graph, Pointwise op, String opType, Map<String, ?> attributes, Value... inputs) {
    Types types = Types.of(op, inputs);
    if (types.compute() == DType.F64
        && attributes.values().stream().anyMatch(Float.class::isInstance)) {
      return formula(graph, op, types, inputs);
    }
    BitSet conditions = ExprWalk.conditions(List.of(PointwisePlan.of(op).formula()));
    Value[] in = new Value[inputs.length];
    Shape shape = Shape.SCALAR;
    for (int i = 0; i < in.length; i++) {
      in[i] = conditions.get(i) ? inputs[i] : cast(graph, inputs[i], types.compute());
      shape = Shape.broadcast(opType, shape, in[i].shape());
    }
    DType made = op.typing() == Typing.COMPARISON ? DType.BOOL : types.compute();
    return types.finish(graph, graph.node(opType, attributes, made, shape, in));
  }

  /// Writes an operation of one input and one number as an operator of two inputs.
  public static Value withScalar(
      OnnxGraph graph, Pointwise op, String opType, Value input, double value) {
    Types types = Types.of(op, input);
    Value x = cast(graph, input, types.compute());
    Value s = graph.scalar(types.compute(), value);
    return types.finish(graph, graph.node(opType, Map.of(), types.compute(), input.shape(), x, s));
  }

  /// Writes a limitation to a range; an infinite bound is left out.
  public static Value clip(OnnxGraph graph, Pointwise op, Value input, double low, double high) {
    Types types = Types.of(op, input);
    DType type = types.compute();
    Value x = cast(graph, input, type);
    Value min = low == Double.NEGATIVE_INFINITY ? graph.absent() : graph.scalar(type, low);
    Value max = high == Double.POSITIVE_INFINITY ? graph.absent() : graph.scalar(type, high);
    return types.finish(graph, graph.node("Clip", Map.of(), type, input.shape(), x, min, max));
  }

  /// Tells whether an operation over such inputs computes in a floating type.
  public static boolean computesInFloat(Pointwise op, Value... inputs) {
    return Types.of(op, inputs).compute().isFloating();
  }

  static Value[] gradients(OnnxGraph graph, PointwiseGradients op, Value... inputs) {
    DType type = Typing.FLOATING.compute(op.name(), Types.common(inputs));
    return expand(graph, op.group().fused().outputs(), type, op.of().params(), inputs);
  }

  /// Writes formulas, every node of them once.
  static Value[] expand(
      OnnxGraph graph, List<Expr> outputs, DType compute, double[] params, Value... inputs) {
    BitSet conditions = ExprWalk.conditions(outputs);
    var nodes = new ExprNodes(graph, compute);
    Map<Expr, Value> values = new HashMap<>();
    for (Expr e : ExprWalk.bottomUp(outputs)) {
      values.put(
          e,
          switch (e) {
            case Expr.Input i ->
                conditions.get(i.index())
                    ? inputs[i.index()]
                    : cast(graph, inputs[i.index()], compute);
            case Expr.Param p -> graph.scalar(compute, params[p.index()]);
            case Expr.Constant c -> graph.scalar(compute, c.value());
            case Expr.Unary u -> nodes.unary(u.op(), at(values, u.x()));
            case Expr.Binary b -> nodes.binary(b.op(), at(values, b.a()), at(values, b.b()));
            case Expr.Select s ->
                nodes.where(at(values, s.c()), at(values, s.a()), at(values, s.b()));
            case Expr.Fma f ->
                nodes.add(nodes.mul(at(values, f.a()), at(values, f.b())), at(values, f.c()));
          });
    }
    Value[] results = new Value[outputs.size()];
    for (int k = 0; k < results.length; k++) {
      results[k] = at(values, outputs.get(k));
    }
    return results;
  }

  private static Value at(Map<Expr, Value> values, Expr e) {
    Value v = values.get(e);
    if (v == null) {
      throw new IllegalStateException("formula: operand after its use");
    }
    return v;
  }

  static Value cast(OnnxGraph graph, Value x, DType type) {
    return x.dtype() == type ? x : graph.node("Cast", Map.of("to", type), type, x.shape(), x);
  }

  /// The types an operation computes in and returns.
  private record Types(DType compute, DType result) {
    static Types of(Pointwise op, Value... inputs) {
      DType promoted = op.promote(common(inputs));
      DType compute = op.typing().compute(op.name(), promoted);
      return new Types(compute, op.typing().result(compute, promoted));
    }

    static DType common(Value... inputs) {
      DType[] types = new DType[inputs.length];
      int[] ranks = new int[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        types[i] = inputs[i].dtype();
        ranks[i] = inputs[i].shape().rank();
      }
      return CompiledFormulas.common(types, ranks);
    }

    /// Casts what was computed to the type of the result.
    Value finish(OnnxGraph graph, Value y) {
      return cast(graph, y, result);
    }
  }
}
