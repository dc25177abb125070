package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.RemovableHandle;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Hooks on tensors and nodes, and kept gradients.
class HooksTest {
  @Test
  void a05_aResultMayKeepItsGradient() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(3);
    Tensor out = h.mul(h).sum();
    h.retainGrad();
    h.retainGrad();
    assertThat(h.retainsGrad()).isTrue();
    out.backward(GradOptions.retainGraph());
    assertThat(gradOf(h)).containsExactly(6, 12);
    out.backward();
    assertThat(gradOf(h)).containsExactly(12, 24);
    assertThat(gradOf(x)).containsExactly(36, 72);
  }

  @Test
  void a06_retainingIsNothingOnALeaf() {
    Tensor x = leaf(1);
    x.retainGrad();
    assertThat(x.retainsGrad()).isFalse();
    x.mul(2).backward();
    assertThat(gradOf(x)).containsExactly(2);
  }

  @Test
  void a07_retainingNeedsAGradient() {
    refused(ErrorKind.RETAIN_NO_GRAD, constant(1)::retainGrad);
  }

  @Test
  void aKeptGradientIsNobodyElses() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(1);
    h.retainGrad();
    Tensor seed = constant(3, 4);
    h.backward(seed);
    h.grad().zero_();
    assertThat(seed.toDoubleArray()).containsExactly(3, 4);
    assertThat(gradOf(x)).containsExactly(3, 4);
  }

  @Test
  void f01_aHookSeesTheGradientUntilItIsRemoved() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    List<double[]> seen = new ArrayList<>();
    RemovableHandle handle =
        y.registerHook(
            g -> {
              seen.add(g.toDoubleArray());
              return null;
            });
    Tensor out = y.sum();
    out.backward(GradOptions.retainGraph());
    handle.remove();
    handle.remove();
    out.backward();
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).containsExactly(1, 1);
    assertThat(gradOf(x)).containsExactly(4, 4);
  }

  @Test
  void f02_replacingHooksRunInTheOrderOfRegistration() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    y.registerHook(g -> g.mul(10));
    y.registerHook(g -> g.add(1));
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(22, 22);
  }

  @Test
  void f03_aHookOnALeafSeesEachPassBeforeAccumulation() {
    Tensor x = leaf(1, 2);
    x.registerHook(g -> g.mul(0.5));
    x.mul(4).sum().backward();
    x.mul(4).sum().backward();
    assertThat(gradOf(x)).containsExactly(4, 4);
  }

  @Test
  void aHookSeesTheTotalOfAllUses() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(1);
    List<double[]> seen = new ArrayList<>();
    y.registerHook(
        g -> {
          seen.add(g.toDoubleArray());
          return null;
        });
    y.mul(2).add(y.mul(3)).add(y).sum().backward();
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).containsExactly(6, 6);
  }

  @Test
  void f06_aHookMustKeepTheShape() {
    Tensor y = leaf(1, 2).mul(2);
    y.registerHook(_ -> constant(1, 2, 3));
    Tensor out = y.sum();
    assertThat(refused(ErrorKind.HOOK_BAD_RETURN, out::backward))
        .hasMessageContaining("[2]")
        .hasMessageContaining("[3]");
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // what a program without generics can do
  void f07_aHookMustReturnATensor() {
    Tensor y = leaf(1, 2).mul(2);
    java.util.function.UnaryOperator hook = _ -> "2";
    y.registerHook(hook);
    Tensor out = y.sum();
    assertThat(refused(ErrorKind.HOOK_BAD_RETURN, out::backward)).hasMessageContaining("a String");
  }

  @Test
  void aHookThatStartsItsOwnWalkAgainIsStopped() {
    Tensor y = leaf(2).square();
    y.registerHook(
        _ -> {
          y.backward(GradOptions.retainGraph());
          return null;
        });
    assertThat(refused(ErrorKind.WALKS_NESTED, y::backward)).hasMessageContaining("hook");
  }

  @Test
  void aHookNeedsAGradient() {
    Tensor x = constant(1);
    refused(ErrorKind.HOOK_NO_GRAD, () -> x.registerHook(g -> g));
  }

  @Test
  void f08_aHookStaysWithTheNodeOfItsRegistration() {
    Tensor a = leaf(1, 1);
    Tensor b = a.clone();
    List<Double> first = new ArrayList<>();
    List<Double> second = new ArrayList<>();
    b.registerHook(
        g -> {
          first.add(g.at(0));
          return g.mul(2);
        });
    b.mul_(2);
    b.registerHook(
        g -> {
          second.add(g.at(0));
          return g.mul(2);
        });
    b.sum().backward();
    assertThat(second).containsExactly(1.0);
    assertThat(first).containsExactly(4.0);
    assertThat(gradOf(a)).containsExactly(8, 8);
  }

  @Test
  void f09_aKeptGradientFollowsTheNewestVersion() {
    Tensor x = leaf(1);
    Tensor a = x.mul(3);
    a.retainGrad();
    a.mul_(2);
    assertThat(a.retainsGrad()).isTrue();
    a.sum().backward();
    assertThat(gradOf(a)).containsExactly(1);
    assertThat(gradOf(x)).containsExactly(6);
  }

  @Test
  void f10_aPostHookSeesAndReplacesWhatANodeReturns() {
    Tensor x = leaf(5);
    Tensor y = x.mul(3);
    List<Double> seen = new ArrayList<>();
    y.gradFn()
        .registerHook(
            (in, out) -> {
              seen.add(in[0].item());
              seen.add(out[0].item());
              return new Tensor[] {in[0].mul(10)};
            });
    y.backward();
    assertThat(seen).containsExactly(3.0, 1.0);
    assertThat(gradOf(x)).containsExactly(30);
  }

  @Test
  void f11_preHooksChainAndCanBeRemovedWhileTheyRun() {
    Tensor a = leaf(1, 1);
    Tensor b = a.clone();
    List<RemovableHandle> once = new ArrayList<>();
    once.add(
        b.gradFn()
            .registerPrehook(
                g -> {
                  once.getFirst().remove();
                  return new Tensor[] {g[0].mul(2)};
                }));
    b.gradFn().registerPrehook(_ -> null);
    b.gradFn().registerPrehook(g -> new Tensor[] {g[0].add(1)});
    Tensor out = b.sum();
    out.backward(GradOptions.retainGraph());
    assertThat(gradOf(a)).containsExactly(3, 3);
    a.zeroGrad();
    out.backward();
    assertThat(gradOf(a)).containsExactly(2, 2);
  }

  @Test
  void nodeHooksMustReturnAsManyGradients() {
    Tensor a = leaf(1);
    Tensor b = a.clone();
    b.gradFn().registerPrehook(_ -> new Tensor[2]);
    assertThat(refused(ErrorKind.HOOK_BAD_RETURN, b::backward))
        .hasMessageContaining("must return 1 gradients, got 2");
    Tensor c = a.exp();
    c.gradFn().registerHook((_, _) -> new Tensor[0]);
    assertThat(refused(ErrorKind.HOOK_BAD_RETURN, c::backward))
        .hasMessageContaining("must return 1 gradients, got 0");
  }

  @Test
  void f14_postAccumulateHooksRunOnceForEachPassThatAccumulates() {
    Tensor p = leaf(2);
    Tensor loss = p.mul(3);
    List<Double> seen = new ArrayList<>();
    p.registerPostAccumulateGradHook(leaf -> seen.add(leaf.grad().item()));
    loss.backward(GradOptions.retainGraph());
    Autograd.grad(loss, List.of(p), GradOptions.retainGraph());
    assertThat(seen).containsExactly(3.0);
    Autograd.backward(List.of(loss), List.of(), GradOptions.defaults(), List.of(p));
    assertThat(seen).containsExactly(3.0, 6.0);
    refused(ErrorKind.POST_ACC_HOOK_NON_LEAF, () -> loss.registerPostAccumulateGradHook(_ -> {}));
    Tensor plain = constant(1);
    refused(ErrorKind.POST_ACC_HOOK_NON_LEAF, () -> plain.registerPostAccumulateGradHook(_ -> {}));
  }

  @Test
  void f14_anOptimizerStepCanRunInsideTheBackwardPass() {
    Tensor p = leaf(5);
    p.registerPostAccumulateGradHook(leaf -> GradMode.noGrad(() -> leaf.sub_(leaf.grad())));
    p.registerPostAccumulateGradHook(leaf -> GradMode.noGrad(() -> leaf.mul_(4)));
    p.sum().backward();
    assertThat(p.item()).isEqualTo(4 * (5 - 1));
  }

  @Test
  void f18_hooksOfACapturedTensorRunThoughItsNodeDoesNot() {
    Tensor a = leaf(1);
    Tensor b = a.mul(2);
    Tensor c = b.mul(2);
    int[] calls = new int[2];
    a.registerHook(
        _ -> {
          calls[0]++;
          return null;
        });
    b.registerHook(
        _ -> {
          calls[0]++;
          return null;
        });
    b.gradFn()
        .registerHook(
            (_, _) -> {
              calls[1]++;
              return null;
            });
    Autograd.grad(c, List.of(b), GradOptions.retainGraph());
    assertThat(calls).containsExactly(1, 0);
    Autograd.grad(c, List.of(a, b), GradOptions.retainGraph());
    assertThat(calls).containsExactly(3, 1);
  }

  @Test
  void f19_aHookMayRunABackwardOfItsOwnAndRemoveItself() {
    Tensor x = leaf(1, 1);
    Tensor tmp = x.mul(x);
    List<RemovableHandle> handle = new ArrayList<>();
    handle.add(
        tmp.registerHook(
            g -> {
              handle.getFirst().remove();
              Tensor inner = Tensor.of(g.toDoubleArray()).requiresGrad(true);
              try (var _ = GradMode.enableGrad()) {
                inner.mul(2).add(5).sum().backward();
              }
              return inner.grad().add(g);
            }));
    Tensor out = tmp.sum();
    out.backward(GradOptions.retainGraph());
    assertThat(gradOf(x)).containsExactly(6, 6);
    x.zeroGrad();
    out.backward();
    assertThat(gradOf(x)).containsExactly(2, 2);
  }

  @Test
  void aHookThatKeepsTheGradientKeepsItsValue() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(1);
    List<Tensor> kept = new ArrayList<>();
    y.registerHook(
        g -> {
          kept.add(g);
          return null;
        });
    y.exp().sum().backward();
    double[] before = kept.getFirst().toDoubleArray();
    x.mul(7).sum().backward();
    assertThat(kept.getFirst().toDoubleArray())
        .isEqualTo(before)
        .containsExactly(Math.E, Math.exp(2));
    assertThat(gradOf(x)).containsExactly(Math.E + 7, Math.exp(2) + 7);
  }

  @Test
  void hooksAreRecordedUnderCreateGraph() {
    Tensor x = leaf(3);
    Tensor y = x.square();
    y.registerHook(g -> g.mul(x));
    Tensor d = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(d.item()).isEqualTo(18);
    assertThat(Autograd.grad(d, List.of(x)).getFirst().item()).isEqualTo(12);
  }
}
