package dev.autograd.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What all optimizers share.
class OptimizerTest {
  interface Maker extends BiFunction<Map<String, Tensor>, Double, Optimizer> {}

  static Stream<Named<Maker>> makers() {
    return Stream.of(
        Named.of("sgd", (p, lr) -> new Sgd(p, lr)),
        Named.of("momentum", (p, lr) -> new Sgd(p, lr, new Sgd.Options(0.9, true, 0.1))),
        Named.of("adam", (p, lr) -> Adam.adam(p, lr, Adam.Options.DEFAULTS)),
        Named.of(
            "adamW", (p, lr) -> Adam.adamW(p, lr, Adam.Options.DEFAULTS.withWeightDecay(0.1))));
  }

  private static AutogradException refused(ErrorKind kind, ThrowingCallable call) {
    AutogradException e = catchThrowableOfType(AutogradException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(kind);
    return e;
  }

  private static Tensor parameter() {
    return Tensor.of(Reference.start()).requiresGrad(true);
  }

  @ParameterizedTest
  @MethodSource("makers")
  void aSavedStateContinuesTheSameSequence(Maker maker) {
    Tensor p = parameter();
    Optimizer whole = maker.apply(Map.of("p", p), 0.05);
    Tensor q = parameter();
    Optimizer first = maker.apply(Map.of("p", q), 0.05);
    for (int t = 1; t <= 3; t++) {
      Reference.step(whole, p, t);
      Reference.step(first, q, t);
    }
    Tensor r = Tensor.of(q.toDoubleArray()).requiresGrad(true);
    Optimizer second = maker.apply(Map.of("p", r), 0.05);
    second.load(first.state(), first.steps());
    assertThat(second.steps()).isEqualTo(3);
    Reference.step(first, q, 99); // must not reach into the copy
    for (int t = 4; t <= 6; t++) {
      Reference.step(whole, p, t);
      Reference.step(second, r, t);
    }
    assertThat(r.toDoubleArray()).isEqualTo(p.toDoubleArray());
  }

  @ParameterizedTest
  @MethodSource("makers")
  void aParameterWithoutGradientStays(Maker maker) {
    Tensor p = parameter();
    Tensor q = parameter();
    Map<String, Tensor> both = new LinkedHashMap<>();
    both.put("p", p);
    both.put("q", q);
    Optimizer optimizer = maker.apply(both, 0.05);
    Reference.step(optimizer, p, 1);
    assertThat(p.toDoubleArray()).isNotEqualTo(Reference.start());
    assertThat(q.toDoubleArray()).isEqualTo(Reference.start());
    assertThat(optimizer.state().keySet()).noneMatch(name -> name.startsWith("q/"));
  }

  @ParameterizedTest
  @MethodSource("makers")
  void aSharedParameterTakesOneStep(Maker maker) {
    Tensor p = parameter();
    Tensor q = parameter();
    Map<String, Tensor> twice = new LinkedHashMap<>();
    twice.put("encoder", p);
    twice.put("decoder", p);
    Optimizer tied = maker.apply(twice, 0.05);
    Optimizer single = maker.apply(Map.of("encoder", q), 0.05);
    for (int t = 1; t <= 3; t++) {
      Reference.step(tied, p, t);
      Reference.step(single, q, t);
    }
    assertThat(p.toDoubleArray()).isEqualTo(q.toDoubleArray());
    assertThat(tied.state().keySet()).isEqualTo(single.state().keySet());
  }

  @ParameterizedTest
  @MethodSource("makers")
  void aRecordedGradientIsUsedAsANumber(Maker maker) {
    Tensor p = parameter();
    Optimizer optimizer = maker.apply(Map.of("p", p), 0.05);
    p.pow(3).sum().backward(GradOptions.createGraph());
    optimizer.step();
    assertThat(p.isLeaf()).isTrue();
    assertThat(optimizer.state().values()).noneMatch(Tensor::requiresGrad);
  }

  @ParameterizedTest
  @MethodSource("makers")
  void reachesTheMinimumOfABowl(Maker maker) {
    Tensor p = Tensor.of(new double[] {3, -2}).requiresGrad(true);
    Optimizer optimizer = maker.apply(Map.of("p", p), 0.1);
    double before = p.square().sum().item();
    for (int i = 0; i < 200; i++) {
      optimizer.zeroGrad();
      assertThat(p.grad()).isNull();
      p.square().sum().backward();
      optimizer.step();
    }
    assertThat(p.square().sum().item()).isLessThan(1e-3 * before);
  }

  @Test
  void parametersAreLeavesThatRequireGrad() {
    Tensor plain = Tensor.of(new double[] {1});
    assertThat(refused(ErrorKind.ARGUMENT, () -> new Sgd(Map.of("w", plain), 0.1)))
        .hasMessageContaining("'w'");
    Tensor result = parameter().mul(2);
    refused(ErrorKind.ARGUMENT, () -> new Sgd(Map.of("w", result), 0.1));
  }

  @Test
  void aStateOfAnotherModelIsRefusedAndChangesNothing() {
    Tensor p = parameter();
    Adam adam = Adam.adam(Map.of("p", p), 0.1, Adam.Options.DEFAULTS);
    Reference.step(adam, p, 1);
    double[] before = adam.state().get("p/exp_avg").toDoubleArray();
    Tensor four = Tensor.of(Reference.start());
    assertThat(refused(ErrorKind.ARGUMENT, () -> adam.load(Map.of("q/exp_avg", four), 5)))
        .hasMessageContaining("'q/exp_avg'")
        .hasMessageContaining("exp_avg_sq");
    refused(ErrorKind.ARGUMENT, () -> adam.load(Map.of("p/momentum", four), 5));
    refused(ErrorKind.ARGUMENT, () -> adam.load(Map.of("exp_avg", four), 5));
    assertThat(
            refused(
                ErrorKind.SHAPE,
                () -> adam.load(Map.of("p/exp_avg", Tensor.of(new double[] {1})), 5)))
        .hasMessageContaining("[1]")
        .hasMessageContaining("[4]");
    assertThat(adam.steps()).isEqualTo(1);
    assertThat(adam.state().get("p/exp_avg").toDoubleArray()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("makers")
  void theLearningRateIsNotNegative(Maker maker) {
    for (double lr : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(refused(ErrorKind.ARGUMENT, () -> maker.apply(Map.of("p", parameter()), lr)))
          .hasMessageContaining("learning rate")
          .hasMessageContaining("got " + lr);
      Optimizer optimizer = maker.apply(Map.of("p", parameter()), 0.1);
      refused(ErrorKind.ARGUMENT, () -> optimizer.learningRate(lr));
    }
  }
}
