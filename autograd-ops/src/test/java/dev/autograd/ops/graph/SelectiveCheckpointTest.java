package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.Checkpoint;
import dev.autograd.CheckpointPolicy;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.ops.linalg.Matmul;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Checkpoints that keep the results of some operations.
class SelectiveCheckpointTest {
  private static final double[] WEIGHTS = {0.1, 0.2, 0.3, 0.4};

  private static Tensor net(Tensor x, Tensor w) {
    return x.matmul(w).tanh().matmul(w).exp();
  }

  @Test
  void whatTheRuleKeepsIsNotRunAgain() {
    Tensor x = leafOf(new double[] {1, 2}, 1, 2);
    Tensor w = leafOf(WEIGHTS, 2, 2);
    List<String> names = new ArrayList<>();
    Tensor y;
    try (var _ =
        Autograd.intercept(
            call -> {
              names.add(call.operation().name());
              return call.proceed();
            })) {
      y =
          Checkpoint.options()
              .selective(CheckpointPolicy.saving(Matmul.class))
              .run(in -> net(in[0], in[1]), x, w);
    }
    names.clear();
    y.sum().backward();
    assertThat(names).containsExactly("tanh", "exp");
    Tensor px = leafOf(new double[] {1, 2}, 1, 2);
    Tensor pw = leafOf(WEIGHTS, 2, 2);
    net(px, pw).sum().backward();
    assertThat(gradOf(x)).isEqualTo(gradOf(px));
    assertThat(gradOf(w)).isEqualTo(gradOf(pw));
  }

  @Test
  void everyPolicyGivesTheSameGradients() {
    for (CheckpointPolicy policy : CheckpointPolicy.values()) {
      Tensor x = leafOf(new double[] {1, 2}, 1, 2);
      Tensor w = leafOf(WEIGHTS, 2, 2);
      Checkpoint.options()
          .selective(_ -> policy)
          .run(in -> net(in[0], in[1]).transpose(0, 1).reshape(2).mul(2), x, w)
          .sum()
          .backward();
      Tensor px = leafOf(new double[] {1, 2}, 1, 2);
      Tensor pw = leafOf(WEIGHTS, 2, 2);
      net(px, pw).mul(2).sum().backward();
      assertThat(gradOf(x)).as(policy.name()).isEqualTo(gradOf(px));
      assertThat(gradOf(w)).as(policy.name()).isEqualTo(gradOf(pw));
    }
  }

  @Test
  void intermediateAndKeptValuesOfWhatIsKeptAreKept() {
    record Odd(AtomicInteger runs) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        runs.incrementAndGet();
        Tensor twice = in[0].mul(2).detach();
        ctx.save(twice, in[0]);
        ctx.keep(new double[] {5});
        return twice.mul(in[0]).mul(5);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        Tensor sum = ctx.saved(0).add(ctx.saved(1).mul(2));
        return new Tensor[] {g.mul(sum).mul(ctx.kept(double[].class)[0])};
      }
    }
    AtomicInteger runs = new AtomicInteger();
    Tensor x = leaf(3);
    Tensor y =
        Checkpoint.options()
            .selective(CheckpointPolicy.saving(Odd.class))
            .run(t -> new Odd(runs).apply(t.mul(1)).sin(), x);
    y.backward();
    assertThat(runs).hasValue(1);
    assertThat(gradOf(x)).containsExactly(Math.cos(90) * 60);
  }

  @Test
  void aBackwardInsideTheFunctionWorks() {
    Tensor x = leaf(2);
    Tensor y =
        Checkpoint.options()
            .selective(_ -> CheckpointPolicy.MUST_SAVE)
            .run(
                t -> {
                  Tensor h = t.mul(1);
                  Tensor force =
                      Autograd.grad(h.pow(3), List.of(h), GradOptions.createGraph()).getFirst();
                  return force.sin();
                },
                x);
    y.backward();
    assertThat(gradOf(x)).containsExactly(Math.cos(12) * 12);
  }

  @Test
  void aKeptResultThatWasOverwrittenIsAnError() {
    Tensor x = leaf(2);
    Tensor y =
        Checkpoint.options()
            .selective(_ -> CheckpointPolicy.MUST_SAVE)
            .run(
                t -> {
                  Tensor h = t.add(1);
                  Tensor s = h.sin();
                  h.mul_(2);
                  return s;
                },
                x);
    assertThat(refused(ErrorKind.CHECKPOINT_SELECTIVE, y::backward))
        .hasMessageContaining("add")
        .hasMessageContaining("written in place");
  }

  @Test
  void whatIsKeptServesOneBackward() {
    Tensor x = leaf(2);
    Tensor y =
        Checkpoint.options().selective(_ -> CheckpointPolicy.MUST_SAVE).run(t -> t.exp().sin(), x);
    y.backward(GradOptions.retainGraph());
    assertThat(refused(ErrorKind.CHECKPOINT_SELECTIVE, y::backward))
        .hasMessageContaining("one backward");
  }

  @Test
  void anotherOrderOfOperationsInTheSecondRunIsAnError() {
    AtomicInteger runs = new AtomicInteger();
    Tensor x = leaf(2);
    Tensor y =
        Checkpoint.options()
            .selective(_ -> CheckpointPolicy.MUST_SAVE)
            .run(t -> runs.getAndIncrement() == 0 ? t.exp().sin() : t.sin().exp(), x);
    assertThat(refused(ErrorKind.CHECKPOINT_MISMATCH, y::backward))
        .hasMessageContaining("sin")
        .hasMessageContaining("exp");
  }

  @Test
  void aRuleNeedsOperations() {
    refused(ErrorKind.ARGUMENT, CheckpointPolicy::saving);
  }
}
