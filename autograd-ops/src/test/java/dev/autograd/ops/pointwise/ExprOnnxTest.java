package dev.autograd.ops.pointwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.arithmetic.Mul;
import dev.autograd.ops.elementary.Expm1;
import dev.autograd.ops.elementary.Log1p;
import dev.autograd.spi.OnnxGraph;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The ONNX form of every formula computes what the formula does.
class ExprOnnxTest {
  private static final long SEED = 7;

  static Stream<Pointwise> formulas() {
    return FormulaContractTest.formulas();
  }

  static Stream<Pointwise> differentiable() {
    return FormulaContractTest.differentiable();
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void theFormComputesTheFormula(Pointwise prototype) {
    for (var c : SampleCases.of(prototype, SEED).cases) {
      same((Pointwise) c.operation(), c.inputs());
    }
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void theFormOfTheGradientComputesTheGradient(Pointwise prototype) {
    for (var c : SampleCases.of(prototype, SEED).cases) {
      Pointwise op = (Pointwise) c.operation();
      Tensor y = op.apply(c.inputs());
      for (int i = 0; i < op.arity(); i++) {
        PointwisePlan.Gradient gradient = PointwisePlan.of(op).gradient(i);
        if (!c.inputs()[i].dtype().isFloating() || !gradient.isComputed()) {
          continue;
        }
        Tensor[] in = new Tensor[gradient.saved().length + 1];
        in[0] = Tensor.full(y.shape(), 0.3, DType.F64);
        for (int k = 1; k < in.length; k++) {
          int symbol = gradient.saved()[k - 1];
          in[k] = symbol == op.arity() ? y : c.inputs()[symbol];
        }
        same(new PointwiseGradient(op, i), in);
      }
    }
  }

  private static void same(Pointwise op, Tensor... in) {
    Tensor expected = op.apply(in);
    OnnxGraph.Value[] values = new OnnxGraph.Value[in.length];
    for (int i = 0; i < in.length; i++) {
      values[i] = EvaluatingGraph.value(in[i]);
    }
    OnnxGraph.Value got = Objects.requireNonNull(op.onnx(new EvaluatingGraph(), values));
    assertThat(got.dtype()).as("%s", op).isEqualTo(expected.dtype());
    assertThat(got.shape()).as("%s", op).isEqualTo(expected.shape());
    double[] a = EvaluatingGraph.tensor(got).toDoubleArray();
    double[] b = expected.toDoubleArray();
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).as("%s", op).isCloseTo(b[i], within(1e-12 * (1 + Math.abs(b[i]))));
    }
  }

  @Test
  void gradientsOfSeveralInputsAreWrittenTogether() {
    Tensor g = Tensor.of(new double[] {2});
    Tensor a = Tensor.of(new double[] {3});
    Tensor b = Tensor.of(new double[] {5});
    OnnxGraph.Value[] got =
        Objects.requireNonNull(
            new PointwiseGradients(new Mul(), 3)
                .onnx(
                    new EvaluatingGraph(),
                    EvaluatingGraph.value(g),
                    EvaluatingGraph.value(a),
                    EvaluatingGraph.value(b)));
    assertThat(EvaluatingGraph.tensor(got[0]).item()).isEqualTo(10);
    assertThat(EvaluatingGraph.tensor(got[1]).item()).isEqualTo(6);
  }

  @Test
  void tinyArgumentsKeepTheirDigits() {
    for (double x : new double[] {1e-12, -3e-9, 1e-5, 0.3, 40, -0.7, Double.POSITIVE_INFINITY}) {
      Tensor t = Tensor.scalar(x, DType.F64);
      for (Pointwise op : new Pointwise[] {new Expm1(), new Log1p()}) {
        OnnxGraph.Value got =
            Objects.requireNonNull(op.onnx(new EvaluatingGraph(), EvaluatingGraph.value(t)));
        double expected = op instanceof Expm1 ? Math.expm1(x) : Math.log1p(x);
        double y = EvaluatingGraph.tensor(got).item();
        assertThat(y == expected || Math.abs(y - expected) <= 1e-14 * Math.abs(expected))
            .as("%s of %s: %s, expected %s", op, x, y, expected)
            .isTrue();
      }
    }
  }

  @Test
  void integersAreCastWhereTheOperationComputesInFloat() {
    OnnxGraph.Value x = EvaluatingGraph.value(Tensor.of(new long[] {4}));
    OnnxGraph.Value y =
        Objects.requireNonNull(
            new dev.autograd.ops.elementary.Sqrt().onnx(new EvaluatingGraph(), x));
    assertThat(y.dtype()).isEqualTo(DType.F32);
    assertThat(y.shape()).isEqualTo(Shape.of(1));
    assertThat(EvaluatingGraph.tensor(y).item()).isEqualTo(2);
  }
}
