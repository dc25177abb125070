package dev.autograd.onnx.eval;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.ops.activation.GeluTanh;
import dev.autograd.ops.activation.Hardswish;
import dev.autograd.ops.activation.Mish;
import dev.autograd.ops.arithmetic.Fmod;
import dev.autograd.ops.comparison.Where;
import dev.autograd.ops.trigonometry.Acos;
import dev.autograd.ops.trigonometry.Acosh;
import dev.autograd.ops.trigonometry.Asin;
import dev.autograd.ops.trigonometry.Asinh;
import dev.autograd.ops.trigonometry.Atan;
import dev.autograd.ops.trigonometry.Atanh;
import dev.autograd.ops.trigonometry.Cosh;
import dev.autograd.ops.trigonometry.Sinh;
import dev.autograd.ops.trigonometry.Tan;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.UnaryOperator;

/// Operators over elements.
final class ElementwiseImporters {
  private ElementwiseImporters() {}

  static void addTo(Map<String, Importer> all) {
    unary(all, "Abs", Tensor::abs);
    unary(all, "Neg", Tensor::neg);
    unary(all, "Exp", Tensor::exp);
    unary(all, "Log", Tensor::log);
    unary(all, "Sqrt", Tensor::sqrt);
    unary(all, "Reciprocal", Tensor::reciprocal);
    unary(all, "Sin", Tensor::sin);
    unary(all, "Cos", Tensor::cos);
    unary(all, "Tan", Tan::tan);
    unary(all, "Asin", Asin::asin);
    unary(all, "Acos", Acos::acos);
    unary(all, "Atan", Atan::atan);
    unary(all, "Sinh", Sinh::sinh);
    unary(all, "Cosh", Cosh::cosh);
    unary(all, "Asinh", Asinh::asinh);
    unary(all, "Acosh", Acosh::acosh);
    unary(all, "Atanh", Atanh::atanh);
    unary(all, "Erf", Tensor::erf);
    unary(all, "Sign", Tensor::sign);
    unary(all, "Floor", Tensor::floor);
    unary(all, "Ceil", Tensor::ceil);
    unary(all, "Round", Tensor::round);
    unary(all, "IsNaN", Tensor::isNan);
    all.put("IsInf", Importer.of(ElementwiseImporters::isInf));
    unary(all, "Not", Tensor::logicalNot);
    unary(all, "Identity", x -> x);
    activations(all);
    binary(all, "Add", Tensor::add);
    binary(all, "Sub", Tensor::sub);
    binary(all, "Mul", Tensor::mul);
    binary(all, "Pow", (a, b) -> a.pow(b).to(a.dtype()));
    binary(all, "Equal", Tensor::eq);
    binary(all, "Less", Tensor::lt);
    binary(all, "LessOrEqual", Tensor::le);
    binary(all, "Greater", Tensor::gt);
    binary(all, "GreaterOrEqual", Tensor::ge);
    binary(all, "And", Tensor::logicalAnd);
    binary(all, "Or", Tensor::logicalOr);
    binary(all, "Xor", Tensor::ne);
    // ONNX divides integers toward zero; this library's div of integers gives fractions.
    binary(
        all, "Div", (a, b) -> a.dtype().isFloating() ? a.div(b) : integers(a, b, (x, y) -> x / y));
    all.put("Mod", Importer.of(ElementwiseImporters::mod));
    variadic(all, "Max", Tensor::maximum);
    variadic(all, "Min", Tensor::minimum);
    variadic(all, "Sum", Tensor::add);
    all.put("Mean", Importer.of(c -> folded(c, Tensor::add).div(c.inputs().size())));
    all.put("Where", Importer.of(c -> Where.where(c.in(0), c.in(1), c.in(2))));
    all.put("Clip", Importer.of(ElementwiseImporters::clip));
    all.put("CastLike", Importer.of(c -> c.in(0).to(c.in(1).dtype())));
    all.put(
        "Cast", Importer.of(c -> c.in(0).to(OnnxTensors.dtype(c.node().requireElementType("to")))));
  }

  private static Tensor clip(NodeCall c) {
    Tensor y = c.has(1) ? c.in(0).maximum(c.in(1)) : c.in(0);
    return c.has(2) ? y.minimum(c.in(2)) : y;
  }

  private static Tensor isInf(NodeCall c) {
    Tensor positive = c.in(0).eq(Double.POSITIVE_INFINITY);
    Tensor negative = c.in(0).eq(Double.NEGATIVE_INFINITY);
    if (!c.flag("detect_positive", true)) {
      return c.flag("detect_negative", true) ? negative : negative.logicalAnd(positive);
    }
    return c.flag("detect_negative", true) ? positive.logicalOr(negative) : positive;
  }

  private static void activations(Map<String, Importer> all) {
    unary(all, "Relu", Tensor::relu);
    unary(all, "Sigmoid", Tensor::sigmoid);
    unary(all, "Tanh", Tensor::tanh);
    unary(all, "Softplus", Tensor::softplus);
    unary(all, "HardSwish", Hardswish::hardswish);
    unary(all, "Mish", Mish::mish);
    unary(all, "Softsign", x -> x.div(x.abs().add(1)));
    all.put("PRelu", Importer.of(c -> c.in(0).gt(0).where(c.in(0), c.in(0).mul(c.in(1)))));
    all.put("Celu", Importer.of(ElementwiseImporters::celu));
    all.put(
        "ThresholdedRelu",
        Importer.of(c -> c.in(0).maskedFill(c.in(0).le(c.node().floatOr("alpha", 1)), 0)));
    all.put("Shrink", Importer.of(ElementwiseImporters::shrink));
    all.put(
        "Gelu",
        Importer.of(
            c ->
                c.node().stringOr("approximate", "none").equals("tanh")
                    ? GeluTanh.geluTanh(c.in(0))
                    : c.in(0).gelu()));
    all.put("Dropout", ElementwiseImporters::dropout);
    all.put("LeakyRelu", Importer.of(c -> c.in(0).leakyRelu(c.node().floatOr("alpha", 0.01f))));
    all.put("Elu", Importer.of(c -> c.in(0).elu(c.node().floatOr("alpha", 1))));
    all.put("Selu", Importer.of(ElementwiseImporters::selu));
    all.put(
        "HardSigmoid",
        Importer.of(
            c ->
                c.in(0)
                    .mul(c.node().floatOr("alpha", 0.2f))
                    .add(c.node().floatOr("beta", 0.5f))
                    .clamp(0, 1)));
  }

  private static Tensor celu(NodeCall c) {
    double alpha = c.node().floatOr("alpha", 1);
    Tensor x = c.in(0);
    return x.relu().add(x.clampMax(0).div(alpha).expm1().mul(alpha));
  }

  private static Tensor shrink(NodeCall c) {
    Tensor x = c.in(0);
    double lambda = c.node().floatOr("lambd", 0.5f);
    double bias = c.node().floatOr("bias", 0);
    Tensor shrunk = x.sub(x.sign().mul(bias));
    return shrunk.maskedFill(x.abs().le(lambda), 0);
  }

  private static Tensor[] dropout(NodeCall c) {
    if (c.has(2) && c.in(2).item() != 0 && !(c.has(1) && c.in(1).item() == 0)) {
      throw c.refuse("dropout in training is random and not evaluated");
    }
    return new Tensor[] {c.in(0), Tensor.ones(c.in(0).shape(), DType.BOOL)};
  }

  private static Tensor selu(NodeCall c) {
    Tensor x = c.in(0);
    float alpha = c.node().floatOr("alpha", 1.67326319f);
    float gamma = c.node().floatOr("gamma", 1.05070102f);
    return x.relu().add(x.clampMax(0).expm1().mul(alpha)).mul(gamma);
  }

  private static Tensor mod(NodeCall c) {
    Tensor a = c.in(0);
    Tensor b = c.in(1);
    boolean truncated = c.flag("fmod", false);
    if (a.dtype().isFloating()) {
      return truncated ? Fmod.fmod(a, b) : a.remainder(b);
    }
    return truncated ? integers(a, b, (x, y) -> x % y) : integers(a, b, Math::floorMod);
  }

  private static Tensor integers(Tensor a, Tensor b, LongBinaryOperator f) {
    Shape shape = Shape.broadcast("integer operator", a.shape(), b.shape());
    long[] x = a.expand(shape.dims()).to(DType.I64).toLongArray();
    long[] y = b.expand(shape.dims()).to(DType.I64).toLongArray();
    long[] z = new long[x.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = f.applyAsLong(x[i], y[i]);
    }
    return Tensor.of(Storage.of(z, DType.I64), shape).to(a.dtype());
  }

  private static void unary(Map<String, Importer> all, String opType, UnaryOperator<Tensor> f) {
    all.put(opType, Importer.of(c -> f.apply(c.in(0))));
  }

  private static void binary(Map<String, Importer> all, String opType, BinaryOperator<Tensor> f) {
    all.put(opType, Importer.of(c -> f.apply(c.in(0), c.in(1))));
  }

  private static void variadic(Map<String, Importer> all, String opType, BinaryOperator<Tensor> f) {
    all.put(opType, Importer.of(c -> folded(c, f)));
  }

  private static Tensor folded(NodeCall c, BinaryOperator<Tensor> f) {
    Tensor y = c.in(0);
    for (int i = 1; i < c.inputs().size(); i++) {
      y = f.apply(y, c.in(i));
    }
    return y;
  }
}
