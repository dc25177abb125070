package dev.autograd.ops.pointwise;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.kernel.expr.BinaryOp;
import dev.autograd.kernel.expr.UnaryOp;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Map;

/// The ONNX nodes of the operations that formulas are made of.
final class ExprNodes {
  private final OnnxGraph graph;
  private final DType compute;

  ExprNodes(OnnxGraph graph, DType compute) {
    this.graph = graph;
    this.compute = compute;
  }

  Value unary(UnaryOp op, Value x) {
    return switch (op) {
      case NEG -> number("Neg", x);
      case ABS -> number("Abs", x);
      case SIGN -> number("Sign", x);
      case FLOOR -> rounding("Floor", x);
      case CEIL -> rounding("Ceil", x);
      case ROUND -> rounding("Round", x);
      case TRUNC ->
          compute.isFloating() ? mul(number("Sign", x), number("Floor", number("Abs", x))) : x;
      case SQRT -> number("Sqrt", x);
      case RSQRT -> number("Reciprocal", number("Sqrt", x));
      case EXP -> number("Exp", x);
      case EXP2 -> number("Pow", constant(2), x);
      case EXPM1 -> expm1(x);
      case LOG -> number("Log", x);
      case LOG1P -> log1p(x);
      case LOG2 -> div(number("Log", x), constant(Math.log(2)));
      case LOG10 -> div(number("Log", x), constant(Math.log(10)));
      case SIN -> number("Sin", x);
      case COS -> number("Cos", x);
      case TAN -> number("Tan", x);
      case ASIN -> number("Asin", x);
      case ACOS -> number("Acos", x);
      case ATAN -> number("Atan", x);
      case SINH -> number("Sinh", x);
      case COSH -> number("Cosh", x);
      case TANH -> number("Tanh", x);
      case ASINH -> number("Asinh", x);
      case ACOSH -> number("Acosh", x);
      case ATANH -> number("Atanh", x);
      case ERF -> number("Erf", x);
      case ERFC -> sub(constant(1), number("Erf", x));
      case SIGMOID -> number("Sigmoid", x);
      case IS_NAN -> compute.isFloating() ? truth("IsNaN", x) : truth("Not", truth("Equal", x, x));
      case NOT -> truth("Not", x);
    };
  }

  Value binary(BinaryOp op, Value a, Value b) {
    return switch (op) {
      case ADD -> add(a, b);
      case SUB -> sub(a, b);
      case MUL -> mul(a, b);
      case DIV -> div(a, b);
      case REM -> graph.node("Mod", Map.of("fmod", 1), compute, shape(a, b), a, b);
      case POW -> number("Pow", a, b);
      case ATAN2 -> atan2(a, b);
      case MIN -> number("Min", a, b);
      case MAX -> number("Max", a, b);
      case LT -> truth("Less", a, b);
      case LE -> truth("LessOrEqual", a, b);
      case GT -> truth("Greater", a, b);
      case GE -> truth("GreaterOrEqual", a, b);
      case EQ -> truth("Equal", a, b);
      case NE -> truth("Not", truth("Equal", a, b));
      case AND -> truth("And", a, b);
      case OR -> truth("Or", a, b);
    };
  }

  Value add(Value a, Value b) {
    return number("Add", a, b);
  }

  Value mul(Value a, Value b) {
    return number("Mul", a, b);
  }

  Value where(Value condition, Value a, Value b) {
    return number("Where", condition, a, b);
  }

  private Value sub(Value a, Value b) {
    return number("Sub", a, b);
  }

  private Value div(Value a, Value b) {
    return number("Div", a, b);
  }

  /// Integers are whole already, and the rounding operators do not take them.
  private Value rounding(String opType, Value x) {
    return compute.isFloating() ? number(opType, x) : x;
  }

  /// `2 sinh(x/2) e^(x/2)` near 0, where `e^x − 1` cancels.
  private Value expm1(Value x) {
    Value half = mul(x, constant(0.5));
    Value near = mul(mul(constant(2), number("Sinh", half)), number("Exp", half));
    Value far = sub(number("Exp", x), constant(1));
    return where(truth("Less", number("Abs", x), constant(0.5)), near, far);
  }

  /// `x ln u / (u − 1)` with `u = 1 + x` as it was rounded (Kahan); `ln u` where 1 is lost beside
  /// `x`.
  private Value log1p(Value x) {
    Value u = add(x, constant(1));
    Value log = number("Log", u);
    Value corrected = div(mul(log, x), sub(u, constant(1)));
    Value large = where(truth("Equal", u, x), log, corrected);
    return where(truth("Equal", u, constant(1)), x, large);
  }

  private Value atan2(Value y, Value x) {
    Value zero = constant(0);
    Value right = number("Atan", div(y, x));
    Value turn = where(truth("Less", y, zero), constant(-Math.PI), constant(Math.PI));
    Value quadrants = where(truth("Less", x, zero), add(right, turn), right);
    Value upright = mul(number("Sign", y), constant(Math.PI / 2));
    Value finite = where(truth("Equal", x, zero), upright, quadrants);
    Value corner = where(truth("Less", x, zero), constant(3 * Math.PI / 4), constant(Math.PI / 4));
    Value infinite = truth("And", truth("IsInf", x), truth("IsInf", y));
    return where(infinite, mul(number("Sign", y), corner), finite);
  }

  private Value constant(double value) {
    return graph.scalar(compute, value);
  }

  private Value number(String opType, Value... inputs) {
    return graph.node(opType, Map.of(), compute, shape(inputs), inputs);
  }

  private Value truth(String opType, Value... inputs) {
    return graph.node(opType, Map.of(), DType.BOOL, shape(inputs), inputs);
  }

  private static Shape shape(Value... inputs) {
    Shape shape = inputs[0].shape();
    for (Value v : inputs) {
      shape = Shape.broadcast("onnx", shape, v.shape());
    }
    return shape;
  }
}
