package dev.autograd.ops.graph;

import static dev.autograd.Checkpoint.checkpoint;
import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.Checkpoint;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.ForwardMode;
import dev.autograd.Function;
import dev.autograd.FunctionNode;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.SavedTensorHooks;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.functional.Functional;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Checkpoints that run a function again instead of keeping what it saves.
class CheckpointTest {
  private static final int PATIENCE_MILLIS = 10_000;

  /// Counts the applications of operations by name.
  private static Autograd.InterceptorScope counting(List<String> names) {
    return Autograd.intercept(
        call -> {
          names.add(call.operation().name());
          return call.proceed();
        });
  }

  @Test
  void k01_theFunctionRunsOnceMoreInBackward() {
    Tensor x = leaf(0.5, 1);
    AtomicInteger runs = new AtomicInteger();
    Tensor y =
        checkpoint(
            t -> {
              runs.incrementAndGet();
              return t.sin().exp();
            },
            x);
    assertThat(runs).hasValue(1);
    y.sum().backward();
    assertThat(runs).hasValue(2);
    Tensor plain = leaf(0.5, 1);
    plain.sin().exp().sum().backward();
    assertThat(gradOf(x)).isEqualTo(gradOf(plain));
  }

  @Test
  void nothingSavedInsideIsHeld() throws InterruptedException {
    Tensor x = leaf(0.5);
    List<WeakReference<Tensor>> inner = new ArrayList<>();
    Tensor y =
        checkpoint(
            t -> {
              Tensor h = t.sin();
              inner.add(new WeakReference<>(h));
              return h.exp().mul(1);
            },
            x);
    awaitCollected(inner.getFirst());
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(Math.cos(0.5) * Math.exp(Math.sin(0.5)));
  }

  private static void awaitCollected(WeakReference<?> reference) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (reference.get() != null && System.nanoTime() < until) {
      System.gc();
      Thread.sleep(5);
    }
    assertThat(reference.get()).isNull();
  }

  @Test
  void k02_gradWorksThroughACheckpoint() {
    Tensor x = leaf(1, 2);
    Tensor y = checkpoint(Tensor::exp, x);
    assertThat(Autograd.grad(y.sum(), List.of(x)).getFirst().toDoubleArray())
        .containsExactly(Math.E, Math.exp(2));
    assertThat(x.grad()).isNull();
  }

  /// What the re-entrant kind, which is not offered, refuses.
  @Test
  void k03_gradAndBackwardIntoChosenInputsWork() {
    Tensor x = leaf(2);
    Tensor w = leaf(3);
    Tensor y = checkpoint(in -> in[0].mul(in[1]).mul(in[0]), x, w);
    Autograd.backward(List.of(y), List.of(), GradOptions.retainGraph(), List.of(w));
    assertThat(gradOf(w)).containsExactly(4);
    assertThat(x.grad()).isNull();
    assertThat(Autograd.grad(y, List.of(x)).getFirst().item()).isEqualTo(12);
  }

  @Test
  void k04_whatTheFunctionCapturesGetsItsGradientThoughNoInputDoes() {
    Tensor x = constant(1, 1);
    Tensor w = leaf(5, 7);
    Tensor y = checkpoint(t -> t.mul(w), x);
    assertThat(y.requiresGrad()).isTrue();
    y.sum().backward();
    assertThat(gradOf(w)).containsExactly(1, 1);
  }

  @Test
  void k08_whatComesAfterTheLastSaveIsNotRunAgain() {
    for (boolean early : new boolean[] {true, false}) {
      Tensor x = leaf(0.5);
      List<String> names = new ArrayList<>();
      Tensor y;
      try (var _ = counting(names)) {
        y = Checkpoint.options().earlyStop(early).run(t -> t.sin().cos().clone(), x);
      }
      y.backward();
      assertThat(names.stream().filter("clone"::equals).count()).isEqualTo(early ? 1 : 2);
      assertThat(names.stream().filter("sin"::equals).count()).isEqualTo(2);
      assertThat(gradOf(x)).containsExactly(-Math.sin(Math.sin(0.5)) * Math.cos(0.5));
    }
  }

  private static Tensor nested(Tensor x) {
    return checkpoint(
        a -> {
          Tensor h = a.sin();
          return checkpoint(b -> checkpoint(c -> c.exp().mul(c), b.mul(b)), h).tanh();
        },
        x);
  }

  private static Tensor unnested(Tensor x) {
    Tensor b = x.sin();
    Tensor c = b.mul(b);
    return c.exp().mul(c).tanh();
  }

  @Test
  void k09_checkpointsInsideOfCheckpointsGiveThePlainGradients() {
    Tensor x = leaf(0.5, 1.5);
    nested(x).sum().backward();
    Tensor plain = leaf(0.5, 1.5);
    unnested(plain).sum().backward();
    assertThat(gradOf(x)).isEqualTo(gradOf(plain));
  }

  private static Tensor slope(UnaryOperator<Tensor> f, Tensor x) {
    return Autograd.grad(f.apply(x).sum(), List.of(x), GradOptions.createGraph()).getFirst();
  }

  @Test
  void k09_gradientsOfGradientsOfCheckpointsAreThePlainOnes() {
    Tensor x = leaf(0.5, 1.5);
    UnaryOperator<Tensor> whole = t -> checkpoint(a -> slope(CheckpointTest::nested, a), t);
    Tensor second = slope(t -> checkpoint(a -> slope(whole, a), t), x);
    Tensor expected = slope(t -> slope(a -> slope(CheckpointTest::unnested, a), t), x);
    assertThat(second.toDoubleArray()).isEqualTo(expected.toDoubleArray());
  }

  @Test
  void k09_theGraphDiesAfterwards() throws InterruptedException {
    Tensor x = leaf(0.5);
    awaitCollected(walked(x));
  }

  private static WeakReference<Object> walked(Tensor x) {
    Tensor y = nested(x);
    Object node = y.gradFn();
    y.backward(GradOptions.createGraph());
    x.zeroGrad();
    return new WeakReference<>(node);
  }

  @Test
  void anEnclosingCheckpointHoldsNoInnerInputs() throws InterruptedException {
    List<WeakReference<Tensor>> inner = new ArrayList<>();
    Tensor x = leaf(0.5);
    Tensor y =
        checkpoint(
            a -> {
              Tensor h = a.mul(2);
              inner.add(new WeakReference<>(h));
              return checkpoint(b -> b.sin().exp(), h);
            },
            x);
    awaitCollected(inner.getFirst());
    y.backward();
    assertThat(gradOf(x)).containsExactly(2 * Math.cos(1) * Math.exp(Math.sin(1)));
  }

  @Test
  void eachWalkRunsTheFunctionAgain() {
    Tensor x = leaf(2);
    AtomicInteger runs = new AtomicInteger();
    Tensor y =
        checkpoint(
            t -> {
              runs.incrementAndGet();
              return t.pow(3).pow(2);
            },
            x);
    y.backward(GradOptions.retainGraph());
    y.backward();
    assertThat(runs).hasValue(3);
    assertThat(gradOf(x)).containsExactly(2 * 6 * 32);
    refused(ErrorKind.GRAPH_FREED, y::backward);
  }

  @Test
  void savedValuesCanBeReadOutsideOfBackward() {
    Tensor x = leaf(2);
    Tensor y = checkpoint(t -> t.mul(3).exp(), x);
    assertThat(((FunctionNode) y.gradFn()).savedValues().getFirst().item()).isEqualTo(Math.exp(6));
  }

  @Test
  void aBackwardInsideTheFunctionWorks() {
    for (boolean early : new boolean[] {true, false}) {
      Tensor x = leaf(2);
      Tensor y =
          Checkpoint.options()
              .earlyStop(early)
              .run(
                  t -> {
                    Tensor energy = t.pow(3).mul(t);
                    Tensor force =
                        Autograd.grad(energy, List.of(t), GradOptions.createGraph()).getFirst();
                    return force.mul(t);
                  },
                  x);
      y.backward();
      assertThat(gradOf(x)).as("early stop %s", early).containsExactly(16 * 8);
    }
  }

  @Test
  void k11_anyContainersGoInAndOut() {
    record Named(String name, Tensor value) {}
    Tensor x = leaf(1);
    Map<String, Tensor> in = Map.of("x", x);
    Map<String, Named> out =
        checkpoint(() -> Map.of("out", new Named("twice", in.get("x").mul(in.get("x")))));
    assertThat(out.get("out").name()).isEqualTo("twice");
    out.get("out").value().sum().backward();
    assertThat(gradOf(x)).containsExactly(2);
  }

  @Test
  void randomNumbersAreRepeatedAndTheGeneratorGoesOn() {
    Generator own = new Generator(7);
    Tensor x = leaf(2, 3);
    List<double[]> drawn = new ArrayList<>();
    Tensor y =
        Checkpoint.options()
            .generators(own)
            .run(
                t -> {
                  Tensor noise =
                      Tensor.rand(Shape.of(2), DType.F64, Generator.global())
                          .add(Tensor.rand(Shape.of(2), DType.F64, own));
                  drawn.add(noise.toDoubleArray());
                  return t.mul(noise).exp();
                },
                x);
    long global = Generator.global().position();
    long ofOwn = own.position();
    y.sum().backward();
    assertThat(drawn).hasSize(2);
    assertThat(drawn.get(1)).isEqualTo(drawn.get(0));
    assertThat(Generator.global().position()).isEqualTo(global);
    assertThat(own.position()).isEqualTo(ofOwn);
  }

  @Test
  void randomNumbersNeedNotBeRepeated() {
    Tensor x = leaf(2, 3);
    List<double[]> drawn = new ArrayList<>();
    Tensor y =
        Checkpoint.options()
            .preservesRandom(false)
            .run(
                t -> {
                  Tensor noise = Tensor.rand(Shape.of(2), DType.F64, Generator.global());
                  drawn.add(noise.toDoubleArray());
                  return t.mul(noise).exp();
                },
                x);
    y.sum().backward();
    assertThat(drawn.get(1)).isNotEqualTo(drawn.get(0));
  }

  @Test
  void aSecondRunThatSavesOtherThingsIsAnError() {
    Tensor x = leaf(1, 2, 3);
    AtomicInteger runs = new AtomicInteger();
    Tensor shape =
        checkpoint(t -> runs.getAndIncrement() == 0 ? t.exp() : t.narrow(0, 0, 2).exp(), x);
    assertThat(refused(ErrorKind.CHECKPOINT_MISMATCH, () -> shape.sum().backward()))
        .hasMessageContaining("ExpBackward: f64 [3]")
        .hasMessageContaining("ExpBackward: f64 [2]");

    runs.set(0);
    Tensor fewer = checkpoint(t -> runs.getAndIncrement() == 0 ? t.exp().sin() : t.exp(), x);
    assertThat(refused(ErrorKind.CHECKPOINT_MISMATCH, () -> fewer.sum().backward()))
        .hasMessageContaining("first saved 2 values (ExpBackward")
        .hasMessageContaining("second saved 1 values (ExpBackward");

    runs.set(0);
    Tensor type =
        checkpoint(t -> (runs.getAndIncrement() == 0 ? t : t.to(DType.F32)).exp().to(DType.F64), x);
    assertThat(refused(ErrorKind.CHECKPOINT_MISMATCH, () -> type.sum().backward()))
        .hasMessageContaining("f32 [3]");

    runs.set(0);
    Tensor more =
        Checkpoint.options()
            .earlyStop(false)
            .run(t -> runs.getAndIncrement() == 0 ? t.exp() : t.exp().sin(), x);
    assertThat(refused(ErrorKind.CHECKPOINT_MISMATCH, () -> more.sum().backward()))
        .hasMessageContaining("second saved 2 values");
  }

  @Test
  void anInputThatWasOverwrittenIsNoticed() {
    Tensor x = leaf(1).clone();
    Tensor y = checkpoint(t -> t.exp().sin(), x);
    x.add_(1);
    assertThat(refused(ErrorKind.VERSION_MISMATCH, y::backward)).hasMessageContaining("Checkpoint");
  }

  @Test
  void aValueThatTheFunctionOverwritesIsNoticed() {
    Tensor x = leaf(1);
    Tensor y =
        Checkpoint.options()
            .earlyStop(false)
            .run(
                t -> {
                  Tensor h = t.exp();
                  h.mul_(2);
                  return h;
                },
                x);
    refused(ErrorKind.VERSION_MISMATCH, y::backward);
  }

  @Test
  void inPlaceOperationsInsideAreRunAgainAsTheyWere() {
    Tensor x = leaf(2);
    Tensor y = checkpoint(t -> t.clone().mul_(t).sin_(), x);
    y.backward();
    assertThat(gradOf(x)).containsExactly(4 * Math.cos(4));
  }

  @Test
  void keptObjectsAreComputedAgainToo() {
    record Scaled(AtomicInteger made) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        made.incrementAndGet();
        ctx.keep(new double[] {3});
        return in[0].mul(3);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        double[] once = ctx.kept(double[].class);
        assertThat(ctx.kept(double[].class)).isSameAs(once);
        return new Tensor[] {g.mul(once[0])};
      }
    }
    AtomicInteger made = new AtomicInteger();
    Tensor x = leaf(1);
    Tensor y = checkpoint(t -> new Scaled(made).apply(t), x);
    y.backward();
    assertThat(made).hasValue(2);
    assertThat(gradOf(x)).containsExactly(3);
  }

  @Test
  void modesAndInterceptorsOfTheFirstRunHoldInTheSecond() {
    Tensor x = leaf(1);
    List<String> names = new ArrayList<>();
    List<Boolean> modes = new ArrayList<>();
    Tensor y;
    try (var _ = counting(names)) {
      y =
          checkpoint(
              t -> {
                modes.add(GradMode.isEnabled());
                return t.sin().exp();
              },
              x);
    }
    names.clear();
    y.backward();
    assertThat(names).containsExactly("sin", "exp");
    assertThat(modes).containsExactly(true, true);
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void whatTheFunctionThrowsInTheSecondRunSurfacesFromBackward() {
    Tensor x = leaf(1);
    IllegalStateException boom = new IllegalStateException("boom");
    AtomicInteger runs = new AtomicInteger();
    Tensor y =
        checkpoint(
            t -> {
              if (runs.getAndIncrement() > 0) {
                throw boom;
              }
              return t.exp();
            },
            x);
    assertThatThrownBy(y::backward).isSameAs(boom);
    x.mul(x).backward();
    assertThat(gradOf(x)).containsExactly(2);
  }

  @Test
  void hooksOnSavedTensorsOutsideApplyToTheInputs() {
    AtomicInteger packed = new AtomicInteger();
    Tensor x = leaf(0.5);
    Tensor y;
    try (var _ =
        SavedTensorHooks.with(
            t -> {
              packed.incrementAndGet();
              return t.clone();
            },
            t -> t)) {
      y = checkpoint(t -> t.sin().exp().tanh(), x);
    }
    assertThat(packed).hasValue(1);
    y.backward();
    Tensor plain = leaf(0.5);
    plain.sin().exp().tanh().backward();
    assertThat(gradOf(x)).isEqualTo(gradOf(plain));
  }

  @Test
  void hooksOnGradientsRunOnce() {
    AtomicInteger calls = new AtomicInteger();
    Tensor x = leaf(0.5);
    checkpoint(
            t -> {
              Tensor h = t.sin();
              h.registerHook(
                  _ -> {
                    calls.incrementAndGet();
                    return null;
                  });
              return h.exp();
            },
            x)
        .backward();
    assertThat(calls).hasValue(1);
  }

  @Test
  void chainsAreCheckpointedInSegments() {
    AtomicInteger runs = new AtomicInteger();
    UnaryOperator<Tensor> step =
        t -> {
          runs.incrementAndGet();
          return t.sin();
        };
    List<UnaryOperator<Tensor>> steps = List.of(step, step, step, step, step);
    Tensor x = leaf(0.7);
    Checkpoint.checkpointSequential(steps, 2, x).backward();
    assertThat(runs).as("the last three steps run once only").hasValue(5 + 2);
    Tensor plain = leaf(0.7);
    plain.sin().sin().sin().sin().sin().backward();
    assertThat(gradOf(x)).isEqualTo(gradOf(plain));
    refused(ErrorKind.ARGUMENT, () -> Checkpoint.checkpointSequential(steps, 6, x));
    refused(ErrorKind.ARGUMENT, () -> Checkpoint.checkpointSequential(steps, 0, x));
  }

  @Test
  void samplesOfABatchGoThroughCheckpoints() {
    double[] values = {0.5, 1, 1.5, 2};
    UnaryOperator<Tensor> f = x -> x.sin().mul(x).exp().sum();
    UnaryOperator<Tensor> checkpointed = x -> checkpoint(f, x);
    Tensor x = Tensor.of(values, 2, 2);
    double[] expected = Functional.vmap(Functional.grad(f)).apply(x).toDoubleArray();
    assertThat(Functional.vmap(Functional.grad(checkpointed)).apply(x).toDoubleArray())
        .isEqualTo(expected);
    Tensor leaf = Given.leafOf(values, 2, 2);
    Functional.vmap(checkpointed).apply(leaf).sum().backward();
    assertThat(gradOf(leaf)).isEqualTo(expected);
  }

  @Test
  void tangentsGoThroughCheckpoints() {
    UnaryOperator<Tensor> f = x -> x.sin().mul(x).exp();
    Tensor x = leaf(0.5);
    Tensor y;
    double tangent;
    try (var _ = ForwardMode.dualLevel()) {
      Tensor dual = ForwardMode.makeDual(x, constant(1));
      y = checkpoint(f, dual);
      tangent = ForwardMode.unpackDual(y).tangent().item();
    }
    y.backward();
    Tensor plain = leaf(0.5);
    f.apply(plain).backward();
    assertThat(tangent).isCloseTo(gradOf(plain)[0], within(1e-14));
    assertThat(gradOf(x)).isEqualTo(gradOf(plain));
  }
}
