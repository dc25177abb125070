package dev.autograd.ops.pointwise;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// Computes ONNX nodes while they are written, after the operators' own definitions, in double.
final class EvaluatingGraph implements OnnxGraph {

  record Known(double[] values, DType dtype, Shape shape) implements Value {}

  static Known value(Tensor t) {
    return new Known(t.toDoubleArray(), t.dtype(), t.shape());
  }

  @Override
  public int opset() {
    return 17;
  }

  @Override
  public Value node(
      String opType, Map<String, ?> attributes, DType dtype, Shape shape, Value... inputs) {
    return new Known(compute(opType, attributes, shape, dtype, inputs), dtype, shape);
  }

  private static double[] compute(
      String opType, Map<String, ?> attributes, Shape shape, DType type, Value... in) {
    return switch (opType) {
      case "Add" -> two(shape, Double::sum, in);
      case "Sub" -> two(shape, (a, b) -> a - b, in);
      case "Mul" -> two(shape, (a, b) -> a * b, in);
      case "Div" -> two(shape, (a, b) -> a / b, in);
      case "Pow" -> two(shape, Math::pow, in);
      case "Min" -> two(shape, Math::min, in);
      case "Max" -> two(shape, Math::max, in);
      case "Mod" ->
          two(
              shape,
              attributes.containsKey("fmod")
                  ? (a, b) -> a % b
                  : (a, b) -> a - b * Math.floor(a / b),
              in);
      case "Less" -> two(shape, (a, b) -> a < b ? 1 : 0, in);
      case "LessOrEqual" -> two(shape, (a, b) -> a <= b ? 1 : 0, in);
      case "Greater" -> two(shape, (a, b) -> a > b ? 1 : 0, in);
      case "GreaterOrEqual" -> two(shape, (a, b) -> a >= b ? 1 : 0, in);
      case "Equal" -> two(shape, (a, b) -> a == b ? 1 : 0, in);
      case "And" -> two(shape, (a, b) -> a * b, in);
      case "Or" -> two(shape, Math::max, in);
      case "Where" -> where(shape, in);
      case "Not" -> one(x -> 1 - x, in);
      case "Neg" -> one(x -> -x, in);
      case "Abs" -> one(Math::abs, in);
      case "Sign" -> one(Math::signum, in);
      case "Floor" -> one(Math::floor, in);
      case "Ceil" -> one(Math::ceil, in);
      case "Round" -> one(Math::rint, in);
      case "Sqrt" -> one(Math::sqrt, in);
      case "Reciprocal" -> one(x -> 1 / x, in);
      case "Exp" -> one(Math::exp, in);
      case "Log" -> one(Math::log, in);
      case "Sin" -> one(Math::sin, in);
      case "Cos" -> one(Math::cos, in);
      case "Tan" -> one(Math::tan, in);
      case "Asin" -> one(Math::asin, in);
      case "Acos" -> one(Math::acos, in);
      case "Atan" -> one(Math::atan, in);
      case "Sinh" -> one(Math::sinh, in);
      case "Cosh" -> one(Math::cosh, in);
      case "Tanh" -> one(Math::tanh, in);
      case "Asinh" -> one(x -> Math.signum(x) * Math.log(Math.abs(x) + Math.hypot(x, 1)), in);
      case "Acosh" -> one(x -> Math.log(x + Math.sqrt(x * x - 1)), in);
      case "Atanh" -> one(x -> 0.5 * Math.log((1 + x) / (1 - x)), in);
      case "Erf" -> one(EvaluatingGraph::erf, in);
      case "Sigmoid" -> one(x -> 1 / (1 + Math.exp(-x)), in);
      case "IsNaN" -> one(x -> Double.isNaN(x) ? 1 : 0, in);
      case "IsInf" -> one(x -> Double.isInfinite(x) ? 1 : 0, in);
      case "Relu" -> one(x -> Math.max(x, 0), in);
      case "LeakyRelu" -> one(x -> x < 0 ? alpha(attributes) * x : x, in);
      case "Elu" -> one(x -> x < 0 ? alpha(attributes) * Math.expm1(x) : x, in);
      case "Selu" -> {
        double gamma = ((Number) attributes.get("gamma")).doubleValue();
        yield one(x -> gamma * (x <= 0 ? alpha(attributes) * Math.expm1(x) : x), in);
      }
      case "Softplus" -> one(x -> Math.log1p(Math.exp(x)), in);
      case "HardSigmoid" -> {
        double beta = ((Number) attributes.get("beta")).doubleValue();
        yield one(x -> Math.clamp(alpha(attributes) * x + beta, 0.0, 1.0), in);
      }
      case "HardSwish" -> one(x -> x * Math.clamp(x / 6 + 0.5, 0.0, 1.0), in);
      case "Clip" -> one(x -> clip(x, at(in[1], 0), at(in[2], 0)), in[0]);
      case "Cast" ->
          one(x -> type == DType.BOOL ? (x != 0 ? 1 : 0) : type.isFloating() ? x : (long) x, in);
      default -> throw new IllegalArgumentException("no operator of opset 17: " + opType);
    };
  }

  /// A bound that is left out is NaN here.
  private static double clip(double x, double low, double high) {
    double y = Double.isNaN(low) ? x : Math.max(x, low);
    return Double.isNaN(high) ? y : Math.min(y, high);
  }

  private static double alpha(Map<String, ?> attributes) {
    return ((Number) attributes.get("alpha")).doubleValue();
  }

  /// The series of Maclaurin: exact enough for the samples.
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private static double at(Value v, int index) {
    return ((Known) v).values()[index];
  }

  private static double[] one(DoubleUnaryOperator f, Value... in) {
    double[] x = ((Known) in[0]).values();
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = f.applyAsDouble(x[i]);
    }
    return y;
  }

  private static double[] two(Shape shape, DoubleBinaryOperator f, Value... in) {
    double[] y = new double[shape.numel()];
    for (int i = 0; i < y.length; i++) {
      y[i] = f.applyAsDouble(broadcast(in[0], shape, i), broadcast(in[1], shape, i));
    }
    return y;
  }

  private static double[] where(Shape shape, Value... in) {
    double[] y = new double[shape.numel()];
    for (int i = 0; i < y.length; i++) {
      boolean taken = broadcast(in[0], shape, i) != 0;
      y[i] = broadcast(in[taken ? 1 : 2], shape, i);
    }
    return y;
  }

  private static double broadcast(Value v, Shape to, int index) {
    int[] dims = to.dims();
    int[] own = v.shape().dims();
    int position = 0;
    int stride = 1;
    int rest = index;
    for (int d = 1; d <= dims.length; d++) {
      int size = dims[dims.length - d];
      int at = rest % size;
      rest /= size;
      if (d <= own.length) {
        position += own[own.length - d] == 1 ? 0 : at * stride;
        stride *= own[own.length - d];
      }
    }
    return at(v, position);
  }

  @Override
  public Value[] nodes(
      String opType, Map<String, ?> attributes, DType[] dtypes, Shape[] shapes, Value... inputs) {
    throw new UnsupportedOperationException("formulas need no operator of several outputs");
  }

  @Override
  public Value constant(long... values) {
    return value(Tensor.of(values));
  }

  @Override
  public Value scalar(DType dtype, double value) {
    return new Known(new double[] {value}, dtype, Shape.SCALAR);
  }

  @Override
  public Value constant(Tensor tensor) {
    return value(tensor);
  }

  @Override
  public Value absent() {
    return new Known(new double[] {Double.NaN}, DType.F64, Shape.SCALAR);
  }

  static Tensor tensor(Value v) {
    Known k = (Known) v;
    return Tensor.of(Storage.of(k.values(), DType.F64), k.shape());
  }
}
