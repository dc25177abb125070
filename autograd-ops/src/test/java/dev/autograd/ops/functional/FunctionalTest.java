package dev.autograd.ops.functional;

import static dev.autograd.functional.Functional.grad;
import static dev.autograd.functional.Functional.hessian;
import static dev.autograd.functional.Functional.hvp;
import static dev.autograd.functional.Functional.jacfwd;
import static dev.autograd.functional.Functional.jacobian;
import static dev.autograd.functional.Functional.jacrev;
import static dev.autograd.functional.Functional.jvp;
import static dev.autograd.functional.Functional.linearize;
import static dev.autograd.functional.Functional.valueAndGrad;
import static dev.autograd.functional.Functional.vjp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.functional.JacobianOptions;
import dev.autograd.functional.TensorFunction;
import dev.autograd.ops.attention.ScaledDotProductAttention;
import dev.autograd.ops.loss.CrossEntropy;
import dev.autograd.ops.normalization.BatchNorm;
import dev.autograd.ops.normalization.LayerNorm;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Derivatives of functions.
class FunctionalTest {
  private static Tensor rowSumsOfExp(Tensor x) {
    return x.exp().sum(new int[] {1}, false);
  }

  private static Tensor f64(double... values) {
    return Tensor.of(values);
  }

  private static Tensor scalar(double value) {
    return Tensor.scalar(value, DType.F64);
  }

  private static void refused(ErrorKind kind, ThrowingCallable call) {
    AutogradException e = catchThrowableOfType(AutogradException.class, call);
    assertThat(e).as("an error of kind %s", kind).isNotNull();
    assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
  }

  @Test
  void m01_aJacobianHasTheShapesOfResultAndArgument() {
    for (UnaryOperator<Tensor> j :
        List.of(jacrev(FunctionalTest::rowSumsOfExp), jacfwd(FunctionalTest::rowSumsOfExp))) {
      Tensor all = j.apply(Tensor.zeros(Shape.of(2, 2), DType.F64));
      assertThat(all.shape()).isEqualTo(Shape.of(2, 2, 2));
      assertThat(all.toDoubleArray()).containsExactly(1, 1, 0, 0, 0, 0, 1, 1);
    }
  }

  @Test
  void m03_theHessianOfACubeIsDiagonal() {
    Tensor h = hessian(x -> x.pow(3).sum()).apply(f64(1, 2));
    assertThat(h.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(h.toDoubleArray()).containsExactly(6, 0, 0, 12);
    assertThat(h.requiresGrad()).isFalse();
  }

  @Test
  void m04_aHessianHasABlockForEveryPairOfArguments() {
    TensorFunction f = TensorFunction.of((x, y) -> x.mul(y).mul(y));
    for (var strategy : JacobianOptions.Strategy.values()) {
      Tensor[][] h =
          hessian(f, JacobianOptions.defaults().strategy(strategy), scalar(1), scalar(2));
      assertThat(h[0][0].item()).isEqualTo(0);
      assertThat(h[0][1].item()).isEqualTo(4);
      assertThat(h[1][0].item()).isEqualTo(4);
      assertThat(h[1][1].item()).isEqualTo(2);
    }
  }

  @Test
  void m05_aVectorJacobianProductWeighsTheRows() {
    var at = vjp(FunctionalTest::rowSumsOfExp, Tensor.zeros(Shape.of(2, 2), DType.F64));
    assertThat(at.output(0).toDoubleArray()).containsExactly(2, 2);
    assertThat(at.apply(f64(1, 2))[0].toDoubleArray()).containsExactly(1, 1, 2, 2);
    assertThat(at.apply(f64(2, 1))[0].toDoubleArray()).containsExactly(2, 2, 1, 1);
  }

  @Test
  void m09_aVectorHasTheShapeItWeighs() {
    var at = vjp(FunctionalTest::rowSumsOfExp, Tensor.zeros(Shape.of(2, 2), DType.F64));
    refused(ErrorKind.V_SIZE, () -> at.apply(f64(1, 2, 3)));
    refused(ErrorKind.V_REQUIRED, at::apply);
    refused(ErrorKind.V_SIZE, () -> jvp(x -> x.sin(), f64(1, 2), f64(1)));
    refused(ErrorKind.V_REQUIRED, () -> linearize(x -> x.sin(), f64(1, 2)).apply());
  }

  @Test
  void m10_strictModeRefusesIndependence() {
    TensorFunction f = TensorFunction.of((UnaryOperator<Tensor>) x -> f64(1, 2));
    for (var strategy : JacobianOptions.Strategy.values()) {
      JacobianOptions options = JacobianOptions.defaults().strategy(strategy).asStrict();
      refused(ErrorKind.STRICT_INDEPENDENT, () -> jacobian(f, options, f64(1, 2, 3)));
    }
  }

  @Test
  void m11_independenceGivesZerosOtherwise() {
    TensorFunction f = TensorFunction.of((UnaryOperator<Tensor>) x -> f64(1, 2));
    for (var strategy : JacobianOptions.Strategy.values()) {
      Tensor j = jacobian(f, JacobianOptions.defaults().strategy(strategy), f64(1, 2, 3))[0][0];
      assertThat(j.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(j.toDoubleArray()).containsOnly(0);
    }
  }

  @Test
  void m12_aHessianNeedsAScalar() {
    refused(ErrorKind.HESSIAN_SCALAR, () -> hessian(x -> x.pow(3)).apply(f64(1, 2)));
  }

  @Test
  void m13_allStrategiesAgree() {
    UnaryOperator<Tensor> f = x -> x.matmul(x.t()).softmax(1).mul(x.sum()).log1p();
    Tensor x = Tensor.rand(Shape.of(3, 2), DType.F64, new Generator(5));
    double[] expected = jacrev(f).apply(x).toDoubleArray();
    assertThat(jacfwd(f).apply(x).toDoubleArray()).containsExactly(expected, within(1e-12));
    assertThat(jacrev(f, 4).apply(x).toDoubleArray()).containsExactly(expected, within(1e-12));
    assertThat(jacfwd(f, 4).apply(x).toDoubleArray()).containsExactly(expected, within(1e-12));
    var rows = JacobianOptions.defaults().strategy(JacobianOptions.Strategy.ROWS);
    assertThat(jacobian(TensorFunction.of(f), rows, x)[0][0].toDoubleArray())
        .containsExactly(expected, within(1e-12));
  }

  @Test
  void m14_gradsOfGradsAreHigherDerivatives() {
    UnaryOperator<Tensor> cube = x -> x.pow(3);
    assertThat(grad(cube).apply(scalar(2)).item()).isEqualTo(12);
    assertThat(grad(grad(cube)).apply(scalar(2)).item()).isEqualTo(12);
    assertThat(grad(grad(grad(cube))).apply(scalar(2)).item()).isEqualTo(6);
    assertThat(grad(grad(cube)).apply(scalar(2)).requiresGrad()).isFalse();
  }

  @Test
  void anInnerGradDoesNotConfuseItsVariableWithTheOuterOne() {
    // d/dx (x · d/dy (x + y)) = 1, not 2.
    UnaryOperator<Tensor> f =
        x -> x.mul(grad((UnaryOperator<Tensor>) y -> x.add(y)).apply(scalar(1)));
    assertThat(grad(f).apply(scalar(1)).item()).isEqualTo(1);
    UnaryOperator<Tensor> byTangents =
        x -> x.mul(jvp(y -> x.add(y), scalar(1), scalar(1)).tangent());
    assertThat(jvp(byTangents, scalar(1), scalar(1)).tangent().item()).isEqualTo(1);
  }

  @Test
  void m15_gradNeedsAScalar() {
    refused(ErrorKind.ROOT_NOT_SCALAR, () -> grad(x -> x.mul(2)).apply(f64(1, 2)));
  }

  @Test
  void m16_valueAndGradGiveBothAndPassTheRestOn() {
    var both = valueAndGrad(x -> x.mul(x)).apply(scalar(3));
    assertThat(both.gradient().item()).isEqualTo(6);
    assertThat(both.value().item()).isEqualTo(9);
    assertThat(both.value().requiresGrad()).isFalse();
    var f = TensorFunction.ofAll(x -> new Tensor[] {x[0].mul(x[0]), x[0].add(1)});
    var all = valueAndGrad(f).apply(new Tensor[] {scalar(3)});
    assertThat(all.gradient().item()).isEqualTo(6);
    assertThat(all.auxiliary().getFirst().item()).isEqualTo(4);
  }

  @Test
  void m17_gradientsByTheArgumentsThatAreAskedFor() {
    TensorFunction f = TensorFunction.of((x, y) -> x.mul(y).mul(y));
    Tensor[] g = grad(f, 0, 1).apply(scalar(2), scalar(3));
    assertThat(g[0].item()).isEqualTo(9);
    assertThat(g[1].item()).isEqualTo(12);
    refused(ErrorKind.ARGUMENT, () -> grad(f, 2).apply(scalar(2), scalar(3)));
  }

  @Test
  void m19_jvpGivesValueAndTangent() {
    var y = jvp(x -> x.sin(), scalar(0), scalar(2));
    assertThat(y.value().item()).isEqualTo(0);
    assertThat(y.tangent().item()).isEqualTo(2);
  }

  @Test
  void jvpNests() {
    UnaryOperator<Tensor> slope = x -> jvp(t -> t.pow(3), x, scalar(1)).tangent();
    assertThat(slope.apply(scalar(2)).item()).isEqualTo(12);
    assertThat(jvp(slope, scalar(2), scalar(1)).tangent().item()).isEqualTo(12);
    UnaryOperator<Tensor> curvature = x -> jvp(slope, x, scalar(1)).tangent();
    assertThat(jvp(curvature, scalar(2), scalar(1)).tangent().item()).isEqualTo(6);
    assertThat(grad(curvature).apply(scalar(2)).item()).isEqualTo(6);
  }

  @Test
  void m27_noGradInsideIsRespected() {
    UnaryOperator<Tensor> f = x -> x.sub(GradMode.noGrad(() -> x.mul(x)));
    assertThat(grad(f).apply(scalar(2)).item()).isEqualTo(1);
  }

  @Test
  void m28_noGradOutsideIsNot() {
    try (var _ = GradMode.noGrad()) {
      Tensor g = grad(x -> x.mul(x)).apply(scalar(3));
      assertThat(g.item()).isEqualTo(6);
      assertThat(g.requiresGrad()).isFalse();
    }
  }

  @Test
  void inferenceModeOutsideIsLeft() {
    try (var _ = GradMode.inferenceMode()) {
      Tensor x = f64(1, 2);
      UnaryOperator<Tensor> f = a -> a.pow(3).sum();
      assertThat(grad(f).apply(x).toDoubleArray()).containsExactly(3, 12);
      assertThat(hessian(f).apply(x).toDoubleArray()).containsExactly(6, 0, 0, 12);
      assertThat(hvp(f, x, f64(1, 1)).toDoubleArray()).containsExactly(6, 12);
      assertThat(jacfwd(f).apply(x).toDoubleArray()).containsExactly(3, 12);
      assertThat(linearize(f, x).apply(f64(1, 1))[0].item()).isEqualTo(15);
      assertThat(GradMode.isInferenceMode()).isTrue();
    }
  }

  @Test
  void m30_aLinearizedFunctionRunsOnce() {
    int[] runs = {0};
    var linear =
        linearize(
            x -> {
              runs[0]++;
              return x.sin();
            },
            scalar(0));
    assertThat(linear.outputs()[0].item()).isEqualTo(0);
    assertThat(linear.apply(scalar(2))[0].item()).isEqualTo(2);
    assertThat(linear.apply(scalar(3))[0].item()).isEqualTo(3);
    assertThat(runs[0]).isEqualTo(1);
  }

  @Test
  void whatTheFunctionRefersToStaysDifferentiable() {
    Tensor w = scalar(5).requiresGrad(true);
    Tensor g = grad(x -> x.mul(x).mul(w)).apply(scalar(3));
    assertThat(g.item()).isEqualTo(30);
    g.backward();
    assertThat(w.grad().item()).isEqualTo(6);
    Tensor x = scalar(3).requiresGrad(true);
    grad(a -> a.pow(3)).apply(x).backward();
    assertThat(x.grad().item()).isEqualTo(18);
  }

  @Test
  void operationsWithAFastBackwardKeepTheTangentsOfDualGradients() {
    Generator generator = new Generator(5);
    Tensor x = Tensor.randn(Shape.of(3, 4), DType.F64, generator);
    Tensor v = Tensor.randn(Shape.of(3, 4), DType.F64, generator);
    Tensor w = Tensor.randn(Shape.of(3, 4), DType.F64, generator);
    Tensor classes = Tensor.of(new long[] {1, 0, 3});
    List<UnaryOperator<Tensor>> all =
        List.of(
            y -> LayerNorm.layerNorm(y, null, null, 1e-5).mul(w).sum(),
            y -> new BatchNorm(1e-5, false, false).apply(y)[0].mul(w).sum(),
            y -> CrossEntropy.crossEntropy(y, classes),
            y -> ScaledDotProductAttention.scaledDotProductAttention(y, y, y).mul(w).sum());
    for (UnaryOperator<Tensor> f : all) {
      Tensor ahead = grad(f).apply(x.add(v.mul(1e-5)));
      Tensor behind = grad(f).apply(x.sub(v.mul(1e-5)));
      assertThat(hvp(f, x, v).toDoubleArray())
          .containsExactly(ahead.sub(behind).div(2e-5).toDoubleArray(), within(1e-6));
    }
  }

  @Test
  void aHessianVectorProductIsTheHessianTimesTheVector() {
    UnaryOperator<Tensor> f = x -> x.pow(3).sum().mul(x.prod());
    Tensor x = f64(1, 2, 3);
    Tensor v = f64(1, -1, 2);
    double[] expected = hessian(f).apply(x).matmul(v).toDoubleArray();
    assertThat(hvp(f, x, v).toDoubleArray()).containsExactly(expected, within(1e-9));
    double[] reverse = jacrev(grad(f)).apply(x).matmul(v).toDoubleArray();
    assertThat(reverse).containsExactly(expected, within(1e-9));
    double[] thirdOrder = jacfwd(jacfwd(jacrev(f))).apply(x).toDoubleArray();
    assertThat(jacrev(jacrev(jacfwd(f))).apply(x).toDoubleArray())
        .containsExactly(thirdOrder, within(1e-9));
  }
}
