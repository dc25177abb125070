package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a scope takes back when it closes, and what it leaves.
class TensorScopeTest {
  /// Enough elements for arrays to be used again and for chains to be computed later.
  private static final int LARGE = 100_000;

  private static void assertGone(Tensor t) {
    assertThat(refused(ErrorKind.SCOPE_CLOSED, () -> t.sum().item()))
        .hasMessageContaining("TensorScope")
        .hasMessageContaining("keep()");
  }

  @Test
  void whatIsMadeInsideHasNoValuesAfterwards() {
    Tensor small;
    Tensor made;
    Tensor view;
    Tensor computed;
    Tensor neverAskedFor;
    try (var _ = TensorScope.open()) {
      small = constant(1, 2).mul(2);
      made = Tensor.ones(LARGE);
      view = made.reshape(10, LARGE / 10).t();
      computed = made.exp();
      assertThat(computed.at(0)).isEqualTo((float) Math.E);
      neverAskedFor = made.mul(2).exp().add(1);
    }
    for (Tensor t : List.of(small, made, view, computed, neverAskedFor)) {
      assertGone(t);
    }
    assertThat(made.shape().numel()).isEqualTo(LARGE);
  }

  @Test
  void whatIsMadeOutsideStays() {
    Tensor before = Tensor.ones(LARGE);
    Tensor later = before.mul(2).add(1);
    try (var _ = TensorScope.open()) {
      assertThat(before.mul(3).sum().item()).isEqualTo(3.0 * LARGE);
      assertThat(later.sum().item()).isEqualTo(3.0 * LARGE);
    }
    assertThat(before.sum().item()).isEqualTo(LARGE);
    assertThat(later.sum().item()).isEqualTo(3.0 * LARGE);
    assertThat(before.mul(2).at(0)).isEqualTo(2);
  }

  @Test
  void whatIsFirstAskedForInsideAnotherScopeStays() {
    Tensor x = Tensor.ones(LARGE);
    Tensor chain = x.mul(2).add(1).tanh();
    Tensor placed = Tensor.zeros(LARGE);
    try (var _ = TensorScope.open()) {
      chain.at(0);
      GradMode.noGrad(() -> Autograd.into(placed, () -> x.add(Tensor.ones(LARGE))));
    }
    try (var _ = TensorScope.open()) {
      for (int i = 0; i < 4; i++) {
        Tensor.ones(LARGE).mul(7).add(i).at(0);
      }
    }
    assertThat(chain.sum().item()).isEqualTo(x.mul(2).add(1).tanh().sum().item());
    assertThat(placed.sum().item()).isEqualTo(2.0 * LARGE);
  }

  @Test
  void gradientsOfLeavesStay() {
    Tensor x = Tensor.ones(LARGE).requiresGrad(true);
    Tensor other = Tensor.ones(LARGE).requiresGrad(true);
    for (int i = 0; i < 3; i++) {
      try (var _ = TensorScope.open()) {
        x.mul(other).exp().sum().backward();
        other.zeroGrad();
      }
    }
    Tensor again = Tensor.ones(LARGE).requiresGrad(true);
    for (int i = 0; i < 3; i++) {
      again.mul(Tensor.ones(LARGE)).exp().sum().backward();
    }
    assertThat(x.grad().toFloatArray()).isEqualTo(again.grad().toFloatArray());
    assertThat(other.grad()).isNull();
  }

  @Test
  void aGradientThatIsSetOrReturnedInsideIsTreatedByWhereItIs() {
    Tensor x = Tensor.ones(LARGE).requiresGrad(true);
    Tensor returned;
    Tensor kept;
    try (TensorScope scope = TensorScope.open()) {
      x.grad(Tensor.ones(LARGE).mul(5));
      returned = Autograd.grad(x.mul(2).sum(), List.of(x)).getFirst();
      kept = scope.keep(Autograd.grad(x.mul(2).sum(), List.of(x)).getFirst());
    }
    assertThat(x.grad().sum().item()).isEqualTo(5.0 * LARGE);
    assertThat(kept.sum().item()).isEqualTo(2.0 * LARGE);
    assertGone(returned);
  }

  @Test
  void whatIsKeptGoesToTheScopeOutside() {
    Tensor once;
    Tensor twice;
    Tensor byTheOuter;
    Tensor pending;
    Tensor view;
    try (TensorScope outer = TensorScope.open()) {
      try (TensorScope inner = TensorScope.open()) {
        Tensor x = Tensor.ones(LARGE);
        once = inner.keep(x.mul(2));
        twice = outer.keep(inner.keep(x.mul(3)));
        byTheOuter = outer.keep(x.mul(4));
        pending = outer.keep(x.mul(5).add(x));
        view = inner.keep(x.reshape(2, LARGE / 2));
        Tensor dropped = x.mul(6);
        dropped.at(0);
      }
      assertThat(once.sum().item()).isEqualTo(2.0 * LARGE);
      outer.keep(view);
    }
    assertGone(once);
    assertThat(twice.sum().item()).isEqualTo(3.0 * LARGE);
    assertThat(byTheOuter.sum().item()).isEqualTo(4.0 * LARGE);
    assertThat(pending.sum().item()).isEqualTo(6.0 * LARGE);
    assertThat(view.sum().item()).isEqualTo(LARGE);
  }

  @Test
  void whatIsMadeOutsideByRequestStays() {
    Tensor state;
    Tensor gone;
    try (var _ = TensorScope.open()) {
      state = TensorScope.outside(() -> Tensor.ones(LARGE).mul(2));
      gone = Tensor.ones(LARGE);
    }
    assertThat(state.sum().item()).isEqualTo(2.0 * LARGE);
    assertGone(gone);
  }

  @Test
  void writesIntoTensorsFromOutsideStay() {
    Tensor target = Tensor.zeros(LARGE);
    Tensor half = target.reshape(2, LARGE / 2).select(0, 1);
    try (var _ = TensorScope.open()) {
      Tensor step = Tensor.ones(LARGE).mul(3).add(1);
      target.add_(step);
      half.mul_(step.reshape(2, LARGE / 2).select(0, 0));
    }
    assertThat(target.sum().item()).isEqualTo(4.0 * LARGE / 2 + 16.0 * LARGE / 2);
  }

  @Test
  void aGraphWhoseSavedTensorsAreGoneCannotBeWalked() {
    Tensor x = Tensor.ones(LARGE).requiresGrad(true);
    Tensor y;
    try (TensorScope scope = TensorScope.open()) {
      y = scope.keep(x.exp().mul(x.sin()));
    }
    assertThat(refused(ErrorKind.SCOPE_CLOSED, () -> y.sum().backward()))
        .hasMessageContaining("keep()");
    assertThat(x.grad()).isNull();
  }

  @Test
  void arraysThatTheProgramHasAreItsOwn() {
    float[] given = new float[LARGE];
    Arrays.fill(given, 7);
    Tensor wrapped;
    float[] live;
    Object copy;
    try (var _ = TensorScope.open()) {
      wrapped = Tensor.of(given);
      live = wrapped.mul(2).storage().floats();
      copy = wrapped.mul(3).toArray();
    }
    try (var _ = TensorScope.open()) {
      for (int i = 0; i < 4; i++) {
        Tensor.zeros(LARGE).add(i).at(0);
      }
    }
    assertThat(wrapped.sum().item()).isEqualTo(7.0 * LARGE);
    assertThat(live[LARGE - 1]).isEqualTo(14);
    assertThat(((float[]) copy)[LARGE - 1]).isEqualTo(21);
  }

  @Test
  void aScopeEndsWithAnExceptionToo() {
    Tensor[] made = new Tensor[1];
    assertThatThrownBy(
            () -> {
              try (var _ = TensorScope.open()) {
                made[0] = Tensor.ones(LARGE);
                made[0].matmul(Tensor.ones(3, 3));
              }
            })
        .isInstanceOf(AutogradException.class);
    assertGone(made[0]);
    assertThat(Tensor.ones(2).sum().item()).isEqualTo(2);
  }

  @Test
  void scopesCloseInnermostFirstAndOnce() {
    TensorScope outer = TensorScope.open();
    TensorScope inner = TensorScope.open();
    assertThat(refused(ErrorKind.ARGUMENT, outer::close)).hasMessageContaining("innermost");
    inner.close();
    inner.close();
    Tensor t = Tensor.ones(3);
    outer.close();
    assertGone(t);
    Tensor after = Tensor.ones(3);
    outer.close();
    assertThat(after.sum().item()).isEqualTo(3);
  }

  @Test
  void anotherThreadIsOutside() {
    Tensor there;
    try (var scope = TensorScope.open()) {
      there = CompletableFuture.supplyAsync(() -> Tensor.ones(LARGE).mul(2)).join();
      CompletableFuture.runAsync(() -> refused(ErrorKind.ARGUMENT, scope::close)).join();
    }
    assertThat(there.sum().item()).isEqualTo(2.0 * LARGE);
  }

  @Test
  void higherDerivativesWorkInside() {
    Tensor x = leaf(0.5, 1.5);
    double[] second;
    try (var _ = TensorScope.open()) {
      Tensor y = x.exp().mul(x).sum();
      Tensor g = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
      second = Autograd.grad(g.sum(), List.of(x)).getFirst().toDoubleArray();
    }
    for (int i = 0; i < 2; i++) {
      double v = x.at(i);
      assertThat(second[i]).isCloseTo((v + 2) * Math.exp(v), offset(1e-4));
    }
  }

  @Test
  void aTensorPrintsItsShapeWhenItsValuesAreGone() {
    Tensor t;
    try (var _ = TensorScope.open()) {
      t = Tensor.ones(2, 3);
    }
    assertThat(t.toString()).isEqualTo("tensor(of a closed scope, shape=[2, 3])");
  }
}
