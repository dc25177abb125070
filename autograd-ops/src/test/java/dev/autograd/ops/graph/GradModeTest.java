package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.ForwardMode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.SavedTensorHooks;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Scopes without recording, and tensors cut off from the graph.
class GradModeTest {
  @Test
  void d01_nothingIsRecordedInsideNoGrad() {
    Tensor x = leaf(1, 2);
    Tensor w;
    try (var _ = GradMode.noGrad()) {
      w = x.mul(2);
    }
    assertThat(w.requiresGrad()).isFalse();
    assertThat(w.gradFn()).isNull();
    assertThat(x.requiresGrad()).isTrue();
    assertThat(x.mul(2).requiresGrad()).isTrue();
  }

  @Test
  void d02_scopesNestAndRestore() {
    Tensor x = leaf(1);
    try (var _ = GradMode.noGrad()) {
      assertThat(GradMode.isEnabled()).isFalse();
      try (var _ = GradMode.enableGrad()) {
        assertThat(GradMode.isEnabled()).isTrue();
        assertThat(x.mul(2).requiresGrad()).isTrue();
      }
      assertThat(GradMode.isEnabled()).isFalse();
      try (var _ = GradMode.setEnabled(true)) {
        assertThat(x.mul(2).requiresGrad()).isTrue();
      }
      assertThat(x.mul(2).requiresGrad()).isFalse();
    }
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void d03_anExceptionRestoresTheMode() {
    assertThatThrownBy(
            () ->
                GradMode.noGrad(
                    (Runnable)
                        () -> {
                          throw new IllegalStateException("stop");
                        }))
        .hasMessage("stop");
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void d02_aPlainCallHoldsUntilTheScopeAroundItCloses() {
    Tensor x = leaf(1);
    try (var _ = GradMode.noGrad()) {
      GradMode.setGradEnabled(true);
      assertThat(x.mul(2).requiresGrad()).isTrue();
      GradMode.setGradEnabled(false);
      assertThat(x.mul(2).requiresGrad()).isFalse();
      GradMode.setGradEnabled(true);
    }
    assertThat(GradMode.isEnabled()).isTrue();
    GradMode.enableGrad(() -> GradMode.setGradEnabled(false));
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void d02_everyModeHasItsLambda() {
    Tensor x = leaf(1);
    assertThat(GradMode.noGrad(() -> x.mul(2)).requiresGrad()).isFalse();
    GradMode.noGrad(
        () -> {
          assertThat(GradMode.enableGrad(() -> x.mul(2)).requiresGrad()).isTrue();
          assertThat(GradMode.setEnabled(true, () -> x.mul(2)).requiresGrad()).isTrue();
          GradMode.setEnabled(true, () -> assertThat(GradMode.isEnabled()).isTrue());
          assertThat(GradMode.isEnabled()).isFalse();
        });
  }

  @Test
  void theModeBelongsToItsThread() {
    try (var _ = GradMode.noGrad()) {
      assertThat(CompletableFuture.supplyAsync(GradMode::isEnabled).join()).isTrue();
    }
  }

  @Test
  void aTaskCarriesTheModesOfItsMaker() throws Exception {
    Tensor x = leaf(1);
    Runnable plain;
    Callable<Tensor> carried;
    try (var _ = GradMode.noGrad()) {
      plain = GradMode.carry((Runnable) () -> assertThat(GradMode.isEnabled()).isFalse());
      carried = GradMode.carry(() -> x.mul(2));
    }
    Callable<Tensor> inference =
        GradMode.inferenceMode(() -> GradMode.carry((Callable<Tensor>) () -> x.mul(2)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(plain).get();
      assertThat(threads.submit(carried).get().requiresGrad()).isFalse();
      assertThat(threads.submit(inference).get().isInference()).isTrue();
      assertThat(threads.submit(GradMode::isEnabled).get()).isTrue();
      CompletableFuture<Boolean> enabled =
          GradMode.noGrad(
              () -> CompletableFuture.supplyAsync(GradMode::isEnabled, GradMode.carrying(threads)));
      assertThat(enabled.get()).isFalse();
    }
    carried.call();
    assertThat(GradMode.isEnabled()).as("a task leaves the thread's own modes").isTrue();
    assertThatThrownBy(
            () ->
                GradMode.noGrad(
                        () ->
                            GradMode.carry(
                                (Callable<Void>)
                                    () -> {
                                      throw new IllegalStateException("stop");
                                    }))
                    .call())
        .hasMessage("stop");
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void aTaskCarriesTheHooksOnSavedTensors() throws Exception {
    Tensor x = leaf(1, 2);
    AtomicInteger packed = new AtomicInteger();
    Callable<Tensor> task;
    try (var _ =
        SavedTensorHooks.with(
            t -> {
              packed.incrementAndGet();
              return t;
            },
            t -> t)) {
      task = GradMode.carry(() -> x.mul(x));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(task).get();
      assertThat(packed).hasValue(2);
      threads.submit(() -> x.mul(x)).get();
      assertThat(packed).hasValue(2);
    }
  }

  @Test
  void d20_l12_aResultIsWrittenIntoAGivenTensorWhereNothingIsRecorded() {
    Tensor a = leaf(1, 2);
    Tensor c = constant(3, 4);
    Tensor out = constant(0, 0);
    Tensor view = out.reshape(2, 1);
    assertThat(refused(ErrorKind.OUT_REQUIRES_GRAD, () -> Autograd.into(out, () -> a.mul(c))))
        .hasMessageContaining("an argument requires grad")
        .hasMessageContaining("copy_");
    assertThat(refused(ErrorKind.OUT_REQUIRES_GRAD, () -> Autograd.into(a, () -> c.mul(2))))
        .hasMessageContaining("the tensor to write into");
    assertThat(out.toDoubleArray()).containsOnly(0);
    assertThat(out.version()).isZero();
    try (var _ = GradMode.noGrad()) {
      assertThat(Autograd.into(out, () -> a.mul(c))).isSameAs(out);
    }
    assertThat(view.toDoubleArray()).containsExactly(3, 8);
    assertThat(out.version()).isEqualTo(1);
    assertThat(out.requiresGrad()).isFalse();
    Autograd.into(out, () -> c.add(c));
    assertThat(out.toDoubleArray()).containsExactly(6, 8);
    Autograd.into(out, () -> out.flip(0));
    assertThat(out.toDoubleArray()).as("its own array is an argument").containsExactly(8, 6);
    refused(ErrorKind.SHAPE, () -> Autograd.into(out, () -> constant(1)));
    Tensor whole = Tensor.of(new long[] {0, 0});
    refused(ErrorKind.DTYPE, () -> Autograd.into(whole, () -> c));
  }

  @Test
  void aProductGoesStraightToItsPlaceUnlessSomebodyElseMaySeeIt() {
    Tensor a = Tensor.arange(6).to(DType.F64).reshape(2, 3);
    Tensor b = Tensor.arange(12).to(DType.F64).reshape(3, 4).add(1);
    double[] expected = a.matmul(b).toDoubleArray();
    Tensor out = Tensor.zeros(Shape.of(2, 4), DType.F64);
    Autograd.into(out, () -> a.matmul(b));
    assertThat(out.toDoubleArray()).containsExactly(expected);

    // The argument is written after the product was asked for.
    Tensor c = a.mul(1);
    Autograd.into(
        out,
        () -> {
          Tensor y = c.matmul(b);
          c.zero_();
          return y;
        });
    assertThat(out.toDoubleArray()).containsExactly(expected);

    // The program keeps the product, and another is the result.
    Tensor[] kept = new Tensor[1];
    Autograd.into(
        out,
        () -> {
          kept[0] = a.matmul(b);
          return kept[0].neg();
        });
    assertThat(kept[0].toDoubleArray()).containsExactly(expected);
    assertThat(out.toDoubleArray()).containsExactly(kept[0].neg().toDoubleArray());
    Autograd.into(out, () -> kept[0] = a.matmul(b));
    assertThat(out.toDoubleArray()).containsExactly(expected);
    assertThat(refused(ErrorKind.ARGUMENT, () -> kept[0].toDoubleArray()))
        .hasMessageContaining("Go on with what into returned");

    // The place is an argument.
    Tensor square = Tensor.arange(4).to(DType.F64).reshape(2, 2);
    double[] squared = square.matmul(square).toDoubleArray();
    Autograd.into(square, () -> square.matmul(square));
    assertThat(square.toDoubleArray()).containsExactly(squared);
  }

  @Test
  void l12_aDualArgumentIsRefusedEvenWhereNothingIsRecorded() {
    Tensor out = constant(0, 0);
    try (var _ = ForwardMode.dualLevel();
        var _ = GradMode.noGrad()) {
      Tensor dual = ForwardMode.makeDual(constant(1, 2), constant(1, 1));
      assertThat(refused(ErrorKind.OUT_REQUIRES_GRAD, () -> Autograd.into(out, () -> dual.mul(2))))
          .hasMessageContaining("an argument has a tangent");
      refused(ErrorKind.OUT_REQUIRES_GRAD, () -> Autograd.into(dual, () -> constant(1, 1)));
    }
    assertThat(out.toDoubleArray()).containsOnly(0);
  }

  @Test
  void d05_aLeafMayBeWrittenInsideNoGrad() {
    Tensor x = leaf(1, 2);
    try (var _ = GradMode.noGrad()) {
      x.add_(1);
    }
    assertThat(x.toDoubleArray()).containsExactly(2, 3);
    assertThat(x.isLeaf()).isTrue();
    assertThat(x.requiresGrad()).isTrue();
    assertThat(x.version()).isEqualTo(1);
  }

  @Test
  void d08_nothingFlowsThroughADetachedTensor() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2).detach();
    assertThat(y.requiresGrad()).isFalse();
    x.add(y).sum().backward();
    assertThat(gradOf(x)).containsExactly(1, 1);
  }

  @Test
  void aDetachedTensorSharesMemoryAndVersion() {
    Tensor x = leaf(1, 2);
    Tensor y = x.exp();
    Tensor alias = y.detach();
    alias.zero_();
    assertThat(y.toDoubleArray()).containsOnly(0);
    assertThat(y.version()).isEqualTo(1);
    assertThat(refused(ErrorKind.VERSION_MISMATCH, () -> y.sum().backward()))
        .hasMessageContaining("ExpBackward");
  }

  @Test
  void d09_detachingInPlaceCutsLaterPassesOff() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor a = x.mul(2);
    y.add(a).sum().backward();
    assertThat(a.detach_()).isSameAs(a);
    assertThat(a.isLeaf()).isTrue();
    assertThat(a.requiresGrad()).isFalse();
    y.add(a).sum().backward();
    assertThat(gradOf(x)).containsExactly(2, 2);
    assertThat(gradOf(y)).containsExactly(2, 2);
  }

  @Test
  void d10_aViewCannotBeDetachedInPlace() {
    Tensor view = leafOf(new double[] {1, 2, 3, 4}, 2, 2).get(0);
    assertThat(refused(ErrorKind.DETACH_VIEW, view::detach_)).hasMessageContaining("detach()");
  }

  @Test
  void valuesMayBeReadWithoutLeavingTheGraph() {
    Tensor x = leaf(1, 2);
    double[] values = x.toDoubleArray();
    values[0] = 99;
    assertThat(x.at(0)).as("what is handed out is a copy").isEqualTo(1);
    assertThat(x.mul(2).toDoubleArray()).containsExactly(2, 4);
  }

  @Test
  void backwardRunsInsideNoGradToo() {
    Tensor x = leaf(3);
    Tensor y = x.square();
    try (var _ = GradMode.noGrad()) {
      y.backward();
      assertThat(GradMode.isEnabled()).isFalse();
    }
    assertThat(gradOf(x)).containsExactly(6);
  }

  @Test
  void aRecordedPassInsideNoGradIsStillRecorded() {
    Tensor x = leaf(3);
    Tensor y = x.pow(3);
    try (var _ = GradMode.noGrad()) {
      y.backward(GradOptions.createGraph());
    }
    assertThat(x.grad().requiresGrad()).isTrue();
    assertThat(constant(1).requiresGrad()).isFalse();
  }
}
