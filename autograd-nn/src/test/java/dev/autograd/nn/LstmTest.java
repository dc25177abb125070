package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.nn.Lstm.Options;
import dev.autograd.nn.Lstm.Result;
import dev.autograd.nn.Lstm.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LstmTest {
  private static final int T = 4;
  private static final int N = 3;
  private static final int IN = 5;
  private static final int HIDDEN = 2;

  /// One layer in one direction, in plain operations: y, h and c.
  private static List<Tensor> direction(
      Map<String, Tensor> p, String of, Tensor x, Tensor h, Tensor c, boolean reverse) {
    Tensor[] y = new Tensor[x.size(0)];
    for (int s = 0; s < y.length; s++) {
      int t = reverse ? y.length - 1 - s : s;
      Tensor z = x.get(t).matmul(named(p, "weight_ih" + of).t());
      z = z.add(h.matmul(named(p, "weight_hh" + of).t()));
      z = z.add(named(p, "bias_ih" + of)).add(named(p, "bias_hh" + of));
      List<Tensor> gates = z.chunk(4, 1);
      c = gates.get(1).sigmoid().mul(c).add(gates.get(0).sigmoid().mul(gates.get(2).tanh()));
      h = gates.get(3).sigmoid().mul(c.tanh());
      y[t] = h;
    }
    return List.of(Tensor.stack(List.of(y), 0), h, c);
  }

  private static Tensor named(Map<String, Tensor> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  private static Result plain(Map<String, Tensor> p, Tensor x, State state, int layers) {
    List<Tensor> h = new ArrayList<>();
    List<Tensor> c = new ArrayList<>();
    Tensor y = x;
    for (int l = 0; l < layers; l++) {
      List<Tensor> forth =
          direction(p, "_l" + l, y, state.h().get(2 * l), state.c().get(2 * l), false);
      List<Tensor> back =
          direction(
              p,
              "_l" + l + "_reverse",
              y,
              state.h().get(2 * l + 1),
              state.c().get(2 * l + 1),
              true);
      y = Tensor.cat(List.of(forth.get(0), back.get(0)), -1);
      h.addAll(List.of(forth.get(1), back.get(1)));
      c.addAll(List.of(forth.get(2), back.get(2)));
    }
    return new Result(y, Tensor.stack(h, 0), Tensor.stack(c, 0));
  }

  private static Tensor loss(Result r) {
    Tensor weights = Differences.randn(5, r.y().shape().dims());
    return r.y().mul(weights).sum().add(r.h().square().sum()).add(r.c().sum());
  }

  @Test
  void twoLayersInBothDirectionsEqualPlainOperations() {
    Lstm layer = new Lstm(IN, HIDDEN, Options.DEFAULTS.withLayers(2).inBothDirections());
    Differences.scramble(layer, 1);
    Tensor x = Differences.randn(2, T, N, IN).requiresGrad(true);
    State state = new State(Differences.randn(3, 4, N, HIDDEN), Differences.randn(4, 4, N, HIDDEN));
    Map<String, float[]> gradients = new LinkedHashMap<>();
    Map<String, Tensor> variables = new LinkedHashMap<>(layer.namedParameters());
    variables.put("x", x);

    Result expected = plain(layer.namedParameters(), x, state, 2);
    loss(expected).backward();
    variables.forEach(
        (name, t) -> {
          gradients.put(name, Objects.requireNonNull(t.grad()).toFloatArray());
          t.zeroGrad();
        });
    Result found = layer.forward(x, state);
    loss(found).backward();

    assertThat(found.y().shape()).isEqualTo(Shape.of(T, N, 2 * HIDDEN));
    assertThat(found.h().shape()).isEqualTo(Shape.of(4, N, HIDDEN));
    near(found.y(), expected.y());
    near(found.h(), expected.h());
    near(found.c(), expected.c());
    variables.forEach(
        (name, t) ->
            assertThat(Objects.requireNonNull(t.grad()).toFloatArray())
                .as(name)
                .containsExactly(Objects.requireNonNull(gradients.get(name)), within(1e-4f)));
  }

  private static void near(Tensor found, Tensor expected) {
    assertThat(found.toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-5f));
  }

  /// With all weights 0 every gate is known: i = σ(b), f = σ(b), o = σ(b), g = tanh(b). With σ(0) =
  /// 1/2 and tanh(∞) = 1 the cell is c' = c/2 + 1/2.
  @Test
  void aCellWithoutWeightsFollowsItsBiases() {
    Lstm layer = new Lstm(1, 1);
    Map<String, Tensor> values = new LinkedHashMap<>();
    layer.state().forEach((name, t) -> values.put(name, Tensor.zeros(t.shape(), DType.F32)));
    values.put("bias_ih_l0", Tensor.of(new float[] {0, 0, 100, 0}));
    layer.load(values);
    Result r = layer.forward(Tensor.ones(3, 1, 1), null);
    double[] c = {0.5, 0.75, 0.875};
    for (int t = 0; t < 3; t++) {
      assertThat(r.y().at(t, 0, 0)).isCloseTo(Math.tanh(c[t]) / 2, within(1e-6));
    }
    assertThat(r.c().item()).isCloseTo(0.875, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theBatchMayComeFirst(boolean bias) {
    Options options = bias ? Options.DEFAULTS : Options.DEFAULTS.withoutBias();
    Lstm layer = new Lstm(IN, HIDDEN, options);
    Lstm turned = new Lstm(IN, HIDDEN, options.withBatchFirst());
    turned.load(layer.state());
    Tensor x = Differences.randn(1, T, N, IN);
    Result found = turned.forward(x.transpose(0, 1), null);
    Result expected = layer.forward(x, null);
    assertThat(found.y().transpose(0, 1).toFloatArray()).isEqualTo(expected.y().toFloatArray());
    assertThat(found.h().toFloatArray()).isEqualTo(expected.h().toFloatArray());
    assertThat(found.c().toFloatArray()).isEqualTo(expected.c().toFloatArray());
  }

  @Test
  void aStateGoesOnWhereTheSequenceWasCut() {
    Lstm layer = new Lstm(IN, HIDDEN, Options.DEFAULTS.withLayers(2));
    Tensor x = Differences.randn(1, T, N, IN);
    Result head = layer.forward(x.narrow(0, 0, 1), null);
    Result rest = layer.forward(x.narrow(0, 1, T - 1), head.state());
    assertThat(Tensor.cat(List.of(head.y(), rest.y()), 0).toFloatArray())
        .isEqualTo(layer.forward(x).toFloatArray());
  }

  @Test
  void statesBetweenLayersAreDroppedInTrainingOnly() {
    Lstm layer = new Lstm(IN, HIDDEN, Options.DEFAULTS.withLayers(2).withDropout(1));
    Tensor x = Differences.randn(1, T, N, IN);
    Tensor y = layer.forward(x, null).y();
    Tensor none = layer.forward(x.mul(0).add(3), null).y();
    assertThat(y.toFloatArray()).isEqualTo(none.toFloatArray());
    layer.eval();
    assertThat(layer.forward(x).toFloatArray()).isNotEqualTo(y.toFloatArray());
  }

  @Test
  void gradientsEqualDifferences() {
    Lstm layer = new Lstm(3, 2, Options.DEFAULTS.inBothDirections());
    Differences.scramble(layer, 3);
    Differences.check(layer, Differences.randn(4, 3, 2, 3));
  }

  @Test
  void parametersAreNamedAndStartAsInPyTorch() {
    Generator.global().manualSeed(1);
    Lstm layer = new Lstm(IN, 16, Options.DEFAULTS.withLayers(2).inBothDirections());
    assertThat(layer.namedParameters().keySet())
        .containsExactly(
            "weight_ih_l0",
            "weight_hh_l0",
            "bias_ih_l0",
            "bias_hh_l0",
            "weight_ih_l0_reverse",
            "weight_hh_l0_reverse",
            "bias_ih_l0_reverse",
            "bias_hh_l0_reverse",
            "weight_ih_l1",
            "weight_hh_l1",
            "bias_ih_l1",
            "bias_hh_l1",
            "weight_ih_l1_reverse",
            "weight_hh_l1_reverse",
            "bias_ih_l1_reverse",
            "bias_hh_l1_reverse");
    assertThat(named(layer.namedParameters(), "weight_ih_l1").shape()).isEqualTo(Shape.of(64, 32));
    for (Tensor p : layer.parameters()) {
      double largest = p.abs().amax().item();
      assertThat(largest).isGreaterThan(0.15).isLessThanOrEqualTo(0.25);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Lstm layer = new Lstm(IN, HIDDEN);
    Tensor x = Differences.randn(1, T, N, IN);
    Tensor h = Tensor.zeros(1, N, HIDDEN);
    assertThatThrownBy(() -> layer.forward(Tensor.zeros(T, N, 2)))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("x must be [T, N, 5], got [4, 3, 2]");
    assertThatThrownBy(() -> layer.forward(x, new State(h, Tensor.zeros(N, HIDDEN))))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("the state c must be [1, 3, 2], got [3, 2]");
    assertThatThrownBy(() -> Options.DEFAULTS.withLayers(0))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("got 0 layers");
  }
}
