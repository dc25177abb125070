package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.FunctionNode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.SavedTensorHandle;
import dev.autograd.SavedTensorHooks;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Hooks that decide where saved tensors live.
class SavedTensorHooksTest {
  private static FunctionNode nodeOf(Tensor t) {
    return (FunctionNode) t.gradFn();
  }

  private static SavedTensorHooks.Scope scaled(double by) {
    return SavedTensorHooks.with(x -> x.mul(by), x -> x.mul(by));
  }

  @Test
  void g01_packRunsForEverySavedOperandAndUnpackWhenItIsRead() {
    AtomicInteger packed = new AtomicInteger();
    AtomicInteger unpacked = new AtomicInteger();
    Tensor a = leaf(1, 1);
    Tensor y;
    try (var _ =
        SavedTensorHooks.with(
            x -> {
              packed.incrementAndGet();
              return x;
            },
            x -> {
              unpacked.incrementAndGet();
              return x;
            })) {
      y = a.mul(a);
    }
    assertThat(packed).hasValue(2);
    assertThat(unpacked).hasValue(0);
    y.sum().backward();
    assertThat(unpacked).hasValue(2);
    assertThat(gradOf(a)).containsExactly(2, 2);
  }

  @Test
  void g02_theInnermostPairAloneIsCalled() {
    Tensor a = leaf(1);
    Tensor b = leaf(1);
    Tensor y;
    Tensor z;
    try (var _ = scaled(3)) {
      try (var _ = scaled(5)) {
        y = a.mul(a);
      }
      z = b.mul(b);
    }
    y.backward();
    z.backward();
    assertThat(gradOf(a)).containsExactly(50);
    assertThat(gradOf(b)).containsExactly(18);
  }

  @Test
  void aScopeIsOverWhenItCloses() {
    Tensor a = leaf(1);
    try (var _ = scaled(3)) {
      a.add(1);
    }
    a.mul(a).backward();
    assertThat(gradOf(a)).containsExactly(2);
  }

  @Test
  void g03_aPackHookMustNotWriteIntoItsArgument() {
    Tensor a = leaf(1, 2);
    try (var _ = SavedTensorHooks.with(x -> x.mul_(2), x -> x)) {
      assertThat(refused(ErrorKind.PACK_HOOK_INPLACE, () -> a.mul(a)))
          .hasMessageContaining("MulBackward")
          .hasMessageContaining("[2]");
    }
  }

  @Test
  void oneSavedValueMayHaveHooksOfItsOwn() {
    Tensor a = leaf(1);
    Tensor b = leaf(2);
    Tensor y = a.mul(b);
    List<SavedTensorHandle> saved = nodeOf(y).savedTensors();
    assertThat(saved).hasSize(2);
    int ofB = saved.get(0).value() == b ? 0 : 1;
    AtomicInteger packed = new AtomicInteger();
    saved
        .get(ofB)
        .registerHooks(
            x -> {
              packed.incrementAndGet();
              return x.mul(10);
            },
            x -> x);
    assertThat(packed).hasValue(1);
    assertThat(saved.get(ofB).value().toDoubleArray()).containsExactly(20);
    y.backward();
    assertThat(gradOf(a)).containsExactly(20);
    assertThat(gradOf(b)).containsExactly(1);
  }

  @Test
  void g05_aSavedTensorTakesHooksOnceOnlyAndWhileItIsThere() {
    Tensor y = leaf(1).exp();
    SavedTensorHandle saved = nodeOf(y).savedTensors().getFirst();
    saved.registerHooks(x -> x, x -> x);
    assertThat(refused(ErrorKind.SAVED_HOOKS_TWICE, () -> saved.registerHooks(x -> x, x -> x)))
        .hasMessageContaining("ExpBackward");
    y.backward();
    refused(ErrorKind.GRAPH_FREED, () -> saved.registerHooks(x -> x, x -> x));

    Tensor a = leaf(1);
    Tensor hooked;
    try (var _ = scaled(1)) {
      hooked = a.mul(a);
    }
    refused(
        ErrorKind.SAVED_HOOKS_TWICE,
        () -> nodeOf(hooked).savedTensors().getFirst().registerHooks(x -> x, x -> x));
  }

  @Test
  void hooksOfASavedValueThatWasOverwrittenAreRefused() {
    Tensor b = leaf(1).clone();
    Tensor y = b.mul(b);
    b.add_(1);
    refused(
        ErrorKind.VERSION_MISMATCH,
        () -> nodeOf(y).savedTensors().getFirst().registerHooks(x -> x, x -> x));
  }

  @Test
  void g06_anUnpackHookMustReturnWhatWasSaved() {
    Tensor a = leaf(1, 2);
    Tensor none;
    Tensor shorter;
    Tensor narrower;
    try (var _ = SavedTensorHooks.with(x -> x, _ -> null)) {
      none = a.exp().sum();
    }
    try (var _ = SavedTensorHooks.with(x -> x, x -> x.narrow(0, 0, 1))) {
      shorter = a.exp().sum();
    }
    try (var _ = SavedTensorHooks.with(x -> x.to(DType.F32), x -> x)) {
      narrower = a.exp().sum();
    }
    assertThat(refused(ErrorKind.UNPACK_BAD_RETURN, none::backward)).hasMessageContaining("null");
    assertThat(refused(ErrorKind.UNPACK_BAD_RETURN, shorter::backward))
        .hasMessageContaining("[2]")
        .hasMessageContaining("[1]");
    assertThat(refused(ErrorKind.UNPACK_BAD_RETURN, narrower::backward))
        .hasMessageContaining("f64")
        .hasMessageContaining("f32");
  }

  @Test
  void g07_hooksCanBeForbiddenInAScope() {
    try (var _ = SavedTensorHooks.disabled("outer message")) {
      try (var _ = SavedTensorHooks.disabled("msg here")) {
        assertThat(refused(ErrorKind.SAVED_HOOKS_DISABLED, () -> scaled(2))).hasMessage("msg here");
      }
      assertThat(refused(ErrorKind.SAVED_HOOKS_DISABLED, () -> scaled(2)))
          .hasMessage("outer message");
      assertThat(refused(ErrorKind.SAVED_HOOKS_DISABLED, SavedTensorHooks::toDisk))
          .hasMessage("outer message");
    }
    scaled(2).close();
  }

  @Test
  void hooksInForceCannotBeForbidden() {
    try (var _ = scaled(2)) {
      refused(ErrorKind.SAVED_HOOKS_DISABLED, () -> SavedTensorHooks.disabled("too late"));
    }
  }

  @Test
  void g08_anUnpackedTensorTakesTheOriginalsPlaceInTheGraph() {
    Tensor a = leaf(2, 2);
    Tensor y;
    try (var _ = SavedTensorHooks.with(x -> x.to(DType.F32), x -> x.to(DType.F64))) {
      y = a.pow(3).sum();
    }
    Tensor first = Autograd.grad(y, List.of(a), GradOptions.createGraph()).getFirst();
    assertThat(first.toDoubleArray()).containsExactly(12, 12);
    Tensor second = Autograd.grad(first.sum(), List.of(a)).getFirst();
    assertThat(second.toDoubleArray()).containsExactly(12, 12);
  }

  @Test
  void anUnpackedResultTakesItsPlaceInTheGraphToo() {
    Tensor a = leaf(0.5, 1);
    Tensor y;
    try (var _ = SavedTensorHooks.with(Tensor::clone, x -> x)) {
      y = a.mul(2).exp().sum();
    }
    Tensor first = Autograd.grad(y, List.of(a), GradOptions.createGraph()).getFirst();
    Tensor second = Autograd.grad(first.sum(), List.of(a)).getFirst();
    assertThat(second.toDoubleArray()).containsExactly(4 * Math.exp(1), 4 * Math.exp(2));
  }

  @Test
  void g10_savedTensorsMayBeOverwrittenInAScope() {
    Tensor a = leaf(2, 2);
    try (var _ = SavedTensorHooks.allowMutationOnSavedTensors()) {
      Tensor b = a.clone();
      Tensor out = b.pow(2).sum();
      b.sin_();
      out.backward();
    }
    assertThat(gradOf(a)).containsExactly(4, 4);
  }

  @Test
  void everySaveOfAnOverwrittenTensorKeepsTheValueOfItsTime() {
    Tensor a = leaf(2);
    Tensor w = leaf(3);
    try (var _ = SavedTensorHooks.allowMutationOnSavedTensors()) {
      Tensor b = a.clone();
      Tensor first = b.mul(w);
      b.mul_(5);
      Tensor view = b.reshape(1);
      Tensor second = view.mul(w);
      b.narrow(0, 0, 1).mul_(7);
      GradMode.noGrad(() -> w.mul_(100));
      first.add(second).sum().backward();
    }
    assertThat(gradOf(a)).containsExactly(3 + 3 * 5);
    assertThat(gradOf(w)).containsExactly(2 + 10);
  }

  @Test
  void aFunctionThatMarksBeforeItWritesMayOverwriteToo() {
    record Doubled() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.markDirty(in[0]);
        Tensor.operations().copyInto(in[0].mul(2), in[0]);
        return in[0];
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul(2)};
      }
    }
    Tensor a = leaf(3);
    try (var _ = SavedTensorHooks.allowMutationOnSavedTensors()) {
      Tensor b = a.clone();
      Tensor out = b.mul(b);
      new Doubled().apply(b);
      out.sum().backward();
    }
    assertThat(gradOf(a)).containsExactly(6);
  }

  @Test
  void aGraphOfAMutationScopeIsOfUseInsideItOnly() {
    Tensor a = leaf(2);
    Tensor out;
    try (var _ = SavedTensorHooks.allowMutationOnSavedTensors()) {
      out = a.mul(a);
      refused(ErrorKind.ARGUMENT, SavedTensorHooks::allowMutationOnSavedTensors);
    }
    assertThat(refused(ErrorKind.ARGUMENT, out::backward))
        .hasMessageContaining("allowMutationOnSavedTensors");
  }

  @Test
  void g11_theExceptionsOfHooksSurfaceUnchanged() {
    IllegalStateException boom = new IllegalStateException("boom");
    Tensor a = leaf(1);
    try (var _ =
        SavedTensorHooks.with(
            _ -> {
              throw boom;
            },
            x -> a)) {
      assertThatThrownBy(a::exp).isSameAs(boom);
    }
    Tensor y;
    try (var _ =
        SavedTensorHooks.with(
            x -> x,
            _ -> {
              throw boom;
            })) {
      y = a.exp();
    }
    assertThatThrownBy(y::backward).isSameAs(boom);
    assertThat(GradMode.isEnabled()).isTrue();
    a.mul(a).backward();
    assertThat(gradOf(a)).containsExactly(2);
  }

  @Test
  void whatAnInPlaceOperationOverwritesIsPackedAsItWas() {
    Tensor a = leaf(2);
    Tensor b;
    try (var _ = SavedTensorHooks.with(x -> x, x -> x)) {
      b = a.clone().mul_(leaf(3));
      b.sin_();
    }
    b.backward();
    assertThat(gradOf(a)).containsExactly(3 * Math.cos(6));
  }

  @Test
  void aPackedAliasThatWasOverwrittenIsNoticed() {
    Tensor b = leaf(2).clone();
    Tensor y;
    try (var _ = SavedTensorHooks.with(x -> x, x -> x)) {
      y = b.mul(b);
    }
    b.add_(1);
    refused(ErrorKind.VERSION_MISMATCH, y::backward);
  }

  @Test
  void aFunctionThatSavesWhatItWroteHasThatPacked() {
    record ExpInPlace() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.markDirty(in[0]);
        ctx.save(in[0]);
        Tensor.operations().copyInto(in[0].exp(), in[0]);
        return in[0];
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul(ctx.saved(0))};
      }
    }
    Tensor a = leaf(0, 1);
    Tensor y;
    try (var _ = SavedTensorHooks.with(Tensor::clone, x -> x)) {
      y = new ExpInPlace().apply(a.clone());
    }
    y.sum().backward();
    assertThat(gradOf(a)).containsExactly(1, Math.E);
  }

  @Test
  void hooksBelongToTheirThread() throws InterruptedException {
    AtomicInteger packed = new AtomicInteger();
    try (var _ =
        SavedTensorHooks.with(
            x -> {
              packed.incrementAndGet();
              return x;
            },
            x -> x)) {
      Thread other = new Thread(() -> leaf(1).exp());
      other.start();
      other.join();
    }
    assertThat(packed).hasValue(0);
  }

  @Test
  void keptObjectsPassByTheHooks() {
    record Keeping() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.keep(new double[] {3});
        return in[0].mul(3);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul(ctx.kept(double[].class)[0])};
      }
    }
    List<Tensor> packed = new ArrayList<>();
    Tensor a = leaf(1);
    Tensor y;
    try (var _ =
        SavedTensorHooks.with(
            x -> {
              packed.add(x);
              return x;
            },
            x -> x)) {
      y = new Keeping().apply(a);
    }
    y.backward();
    assertThat(packed).isEmpty();
    assertThat(gradOf(a)).containsExactly(3);
  }

  @Test
  void aSavedTensorThatIsDetachedInPlaceIsAnError() {
    Tensor h = leaf(2).mul(1);
    Tensor y = h.mul(h);
    h.detach_();
    assertThat(refused(ErrorKind.SAVED_DETACHED, y::backward)).hasMessageContaining("MulBackward");
  }

  @Test
  void aResultThatIsDetachedInPlaceStillHasItsHistoryForItsOwnNode() {
    Tensor x = leaf(1);
    Tensor e = x.exp();
    Tensor y = e.add(0);
    e.detach_();
    Tensor first = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(Autograd.grad(first, List.of(x)).getFirst().item()).isEqualTo(Math.E);
  }

  @Test
  void handlesNameWhatIsFreed() {
    Tensor y = constant(2).mul(leaf(3));
    List<SavedTensorHandle> saved = nodeOf(y).savedTensors();
    y.backward();
    refused(ErrorKind.GRAPH_FREED, () -> saved.getFirst().value());
    refused(ErrorKind.GRAPH_FREED, () -> nodeOf(y).savedTensors());
  }
}
