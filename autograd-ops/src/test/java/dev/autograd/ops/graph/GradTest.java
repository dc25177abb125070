package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.ErrorKind;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Gradients that are returned and accumulate nowhere.
class GradTest {
  @Test
  void c15_theResultIsPlainAndNothingIsAccumulated() {
    Tensor x = leaf(2);
    Tensor g = Autograd.grad(x.pow(3), List.of(x)).getFirst();
    assertThat(g.item()).isEqualTo(12);
    assertThat(g.requiresGrad()).isFalse();
    assertThat(x.grad()).isNull();
  }

  @Test
  void c14_threeDerivativesOfACube() {
    Tensor x = leaf(2);
    Tensor y = x.pow(3);
    Tensor d1 = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    Tensor d2 = Autograd.grad(d1, List.of(x), GradOptions.createGraph()).getFirst();
    Tensor d3 = Autograd.grad(d2, List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(d1.item()).isEqualTo(12);
    assertThat(d1.requiresGrad()).isTrue();
    assertThat(d2.item()).isEqualTo(12);
    assertThat(d3.item()).isEqualTo(6);
    assertThat(x.grad()).isNull();
  }

  @Test
  void c17_c18_anUnusedInputIsAMistakeUnlessAllowed() {
    Tensor x = leaf(1);
    Tensor y = leafOf(new double[] {1, 2, 3, 4}, 2, 2);
    assertThat(refused(ErrorKind.UNUSED_INPUT, () -> Autograd.grad(x.mul(2), List.of(x, y))))
        .hasMessageContaining("input 1 of shape [2, 2]");
    List<Tensor> found =
        Autograd.grad(
            List.of(x.mul(2)), List.of(x, y), List.of(), GradOptions.defaults().allowingUnused());
    assertThat(found.get(0).item()).isEqualTo(2);
    assertThat(found.get(1)).isNull();
  }

  @Test
  void c20_inputsMustRequireGrad() {
    Tensor x = leaf(1);
    assertThat(
            refused(
                ErrorKind.INPUT_NO_GRAD, () -> Autograd.grad(x.mul(2), List.of(x, constant(1, 2)))))
        .hasMessageContaining("input 1 of shape [2]")
        .hasMessageContaining("requiresGrad(true)");
  }

  @Test
  void c21_inputsCannotBeEmpty() {
    Tensor y = leaf(1).mul(2);
    refused(ErrorKind.EMPTY_INPUTS, () -> Autograd.grad(y, List.of()));
    refused(
        ErrorKind.EMPTY_INPUTS,
        () -> Autograd.backward(List.of(y), List.of(), GradOptions.defaults(), List.of()));
  }

  @Test
  void inputsMayBeResultsAndEvenTheOutput() {
    Tensor x = leaf(2);
    Tensor h = x.square();
    Tensor y = h.mul(3);
    List<Tensor> g = Autograd.grad(y, List.of(h, x, y));
    assertThat(g).extracting(Tensor::item).containsExactly(3.0, 12.0, 1.0);
  }

  @Test
  void oneInputMayBeAskedForTwice() {
    Tensor x = leaf(3);
    List<Tensor> g = Autograd.grad(x.square(), List.of(x, x));
    assertThat(g).extracting(Tensor::item).containsExactly(6.0, 6.0);
    g.get(0).zero_();
    assertThat(g.get(1).item()).isEqualTo(6);
  }

  @Test
  void returnedGradientsShareNoMemory() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor seed = constant(5, 6);
    List<Tensor> g =
        Autograd.grad(List.of(x.add(y)), List.of(x, y), List.of(seed), GradOptions.defaults());
    g.get(0).zero_();
    assertThat(g.get(1).toDoubleArray()).containsExactly(5, 6);
    assertThat(seed.toDoubleArray()).containsExactly(5, 6);
  }

  @Test
  void onlyThePathToTheInputsIsWalked() {
    Tensor x = leaf(2);
    Tensor unrelated = leaf(1);
    Tensor branch = unrelated.exp();
    int[] calls = {0};
    branch
        .gradFn()
        .registerHook(
            (in, out) -> {
              calls[0]++;
              return null;
            });
    Autograd.grad(x.mul(branch), List.of(x));
    assertThat(calls[0]).isZero();
    branch.backward();
    assertThat(gradOf(unrelated)).as("what was not walked was not freed").containsExactly(Math.E);
  }

  @Test
  void i10_gradientsInShardsEqualThoseInOnePass() {
    int n = 4;
    Tensor[] l = new Tensor[n];
    Tensor[] v = new Tensor[n];
    Tensor loss = constant(0);
    for (int i = 0; i < n; i++) {
      l[i] = leaf(0);
      v[i] = l[i].mul(i).add(l[i].square());
      loss = loss.add(v[i].mul(i));
    }
    for (int from = 0; from < n; from += 2) {
      List<Tensor> shard = List.of(v[from], v[from + 1]);
      List<Tensor> d = Autograd.grad(loss, shard, GradOptions.retainGraph());
      Autograd.backward(shard, d, GradOptions.defaults());
    }
    for (int i = 0; i < n; i++) {
      assertThat(gradOf(l[i])).containsExactly(i * i);
    }
  }

  @Test
  void p13_theSecondDerivativeOfALinearFunctionIsAbsent() {
    Tensor x = leaf(1);
    Tensor a = leaf(3);
    Tensor d = Autograd.grad(x.mul(a), List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(d.item()).isEqualTo(3);
    assertThat(
            Autograd.grad(
                List.of(d), List.of(x), List.of(), GradOptions.retainGraph().allowingUnused()))
        .containsExactly((Tensor) null);
    assertThat(Autograd.grad(d, List.of(a)).getFirst().item()).isEqualTo(1);
  }

  @Test
  void p13_zerosCanStandForAbsentGradients() {
    Tensor x = leaf(1);
    Tensor a = leaf(3);
    Tensor d = Autograd.grad(x.mul(a), List.of(x), GradOptions.createGraph()).getFirst();
    GradOptions zeros = GradOptions.retainGraph().materializingGrads();
    assertThat(zeros.allowsUnused()).isTrue();
    assertThat(Autograd.grad(d, List.of(x), zeros).getFirst().toDoubleArray()).containsExactly(0);
    List<Tensor> all = Autograd.grad(List.of(d), List.of(x, a), List.of(), zeros);
    assertThat(all.get(0).toDoubleArray()).containsExactly(0);
    assertThat(all.get(1).toDoubleArray()).containsExactly(1);
    assertThat(refused(ErrorKind.ARGUMENT, () -> new GradOptions(false, false, false, true)))
        .hasMessageContaining("materializingGrads()");
  }

  @Test
  void p15_hessianVectorProductByDoubleBackward() {
    Tensor x = leaf(1, 2);
    Tensor g = Autograd.grad(x.pow(3).sum(), List.of(x), GradOptions.createGraph()).getFirst();
    Tensor product =
        Autograd.grad(List.of(g), List.of(x), List.of(constant(1, 2)), GradOptions.defaults())
            .getFirst();
    assertThat(product.toDoubleArray()).containsExactly(6, 24);
  }

  @Test
  void p17_aGradientThatIsAConstantIsNotRecorded() {
    Tensor w = leaf(2);
    Tensor x = constant(3);
    Tensor dw = Autograd.grad(w.mul(x), List.of(w), GradOptions.createGraph()).getFirst();
    assertThat(dw.item()).isEqualTo(3);
    assertThat(dw.requiresGrad()).isFalse();
  }

  @Test
  void aGradientPenaltyReachesTheParameters() {
    Tensor w = leaf(0.7);
    Tensor x = leaf(0.4);
    Tensor y = w.mul(x).tanh();
    Tensor dx = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    dx.square().backward();
    double h = 1e-6;
    double numeric = (penalty(0.7 + h, 0.4) - penalty(0.7 - h, 0.4)) / (2 * h);
    assertThat(gradOf(w)[0]).isCloseTo(numeric, within(1e-8));
  }

  private static double penalty(double w, double x) {
    double t = Math.tanh(w * x);
    double dx = w * (1 - t * t);
    return dx * dx;
  }

  @Test
  void manySeedsGiveManyProductsInOneBackward() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = x.square();
    Tensor seeds = Tensor.of(new double[] {1, 0, 0, 0, 1, 0, 1, 1, 1}, 3, 3);
    Tensor g =
        Autograd.gradBatched(List.of(y), List.of(x), List.of(seeds), GradOptions.retainGraph())
            .getFirst();
    assertThat(g.toDoubleArray()).containsExactly(2, 0, 0, 0, 4, 0, 2, 4, 6);
    refused(
        ErrorKind.SEED_SHAPE,
        () ->
            Autograd.gradBatched(
                List.of(y), List.of(x), List.of(constant(1, 1, 1)), GradOptions.retainGraph()));
    refused(
        ErrorKind.SEED_SHAPE,
        () -> Autograd.gradBatched(List.of(y), List.of(x), List.of(), GradOptions.retainGraph()));
    Tensor twice =
        Autograd.gradBatched(List.of(y), List.of(x), List.of(seeds), GradOptions.createGraph())
            .getFirst();
    assertThat(Autograd.grad(twice.sum(), List.of(x)).getFirst().toDoubleArray())
        .containsExactly(4, 4, 2);
  }
}
