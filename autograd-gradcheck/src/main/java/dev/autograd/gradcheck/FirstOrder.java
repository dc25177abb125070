package dev.autograd.gradcheck;

import dev.autograd.Autograd;
import dev.autograd.GradOptions;
import dev.autograd.MultiFunction;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.difference.Differences;
import dev.autograd.gradcheck.difference.Steps;
import dev.autograd.gradcheck.difference.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares the gradient of a weighted sum of an operation's outputs with finite differences.
final class FirstOrder {
  private static final GradOptions ONCE = GradOptions.defaults().allowingUnused();

  private final Case c;
  private final Subject subject;
  private final Tolerance tolerance;
  private final Tally tally;
  private final Fault.Sink sink;
  private final int findingsBefore;

  FirstOrder(Case c, Tolerance tolerance, Tally tally) {
    this.c = c;
    this.subject = c.subject();
    this.tolerance = tolerance;
    this.tally = tally;
    this.sink = tally.of(c);
    this.findingsBefore = tally.findings().size();
  }

  boolean passed() {
    return tally.findings().size() == findingsBefore;
  }

  void check() {
    Subject watched =
        new Subject(
            in -> Case.apply(Witness.of(c.operation(), sink), in),
            subject.point(),
            subject.variables());
    Subject.Run run = watched.run();
    List<Tensor> again = subject.run().out();
    for (int k = 0; k < run.out().size(); k++) {
      tally.sameBits(c, "output " + k, -1, run.out().get(k), again.get(k));
    }
    List<Tensor> tracked = run.tracked();
    if (!c.operation().differentiable()) {
      if (!tracked.isEmpty()) {
        sink.add(Fault.of(Finding.Kind.GRADCHECK_NONDIFF, -1, "an output requires grad"));
      }
      return;
    }
    List<Integer> compared = subject.variables();
    if (compared.isEmpty()) {
      tally.excuse();
      return;
    }
    if (tracked.isEmpty()) {
      DerivativeRules.untracked(subject, run.out(), subject::plain, Steps.DOUBLE, tolerance, sink);
      return;
    }
    List<Integer> outputs = run.trackedOutputs();
    List<Tensor> weights = Weights.like(tracked, c.seed());
    List<@Nullable Tensor> grads =
        Autograd.grad(tracked, run.wanted(), weights, new GradOptions(true, false, true));
    List<@Nullable Tensor> second = Autograd.grad(tracked, run.wanted(), weights, ONCE);
    for (int k = 0; k < compared.size(); k++) {
      compare(compared.get(k), grads.get(k), second.get(k), outputs, weights);
    }
    DerivativeRules.zeroSeed(subject, sink);
    if (c.operation() instanceof MultiFunction) {
      DerivativeRules.undefinedGrads(subject, sink);
    }
    if (compared.size() > 1 && passed()) {
      for (int k = 0; k < compared.size(); k++) {
        alone(compared.get(k), grads.get(k), outputs, weights);
      }
    }
  }

  private void compare(
      int i,
      @Nullable Tensor grad,
      @Nullable Tensor second,
      List<Integer> outputs,
      List<Tensor> weights) {
    Tensor x = c.inputs().get(i);
    if (grad != null && second != null && !tally.sameBits(c, "the gradient", i, grad, second)) {
      return;
    }
    double[] numeric =
        Differences.of(
            in -> {
              List<Tensor> all = subject.plain(in);
              return Weights.dot(outputs.stream().map(all::get).toList(), weights);
            },
            c.inputs(),
            i);
    tally.compare(
        Finding.Kind.GRADCHECK_MISMATCH,
        c,
        tolerance,
        i,
        x.shape(),
        Subject.values(grad, x),
        numeric,
        "");
  }

  /// An input's gradient must not depend on whether others are asked for: a forward that saves, or
  /// a backward that computes, only what is needed has more than one way to go.
  private void alone(
      int i, @Nullable Tensor together, List<Integer> outputs, List<Tensor> weights) {
    Subject.Run run = new Subject(subject.f(), subject.point(), List.of(i)).run();
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> seeds = new ArrayList<>();
    for (int k = 0; k < outputs.size(); k++) {
      Tensor y = run.out().get(outputs.get(k));
      if (y.requiresGrad()) {
        roots.add(y);
        seeds.add(weights.get(k));
      }
    }
    Tensor grad = roots.isEmpty() ? null : run.grad(roots, seeds).getFirst();
    Tensor x = c.inputs().get(i);
    tally.compare(
        Finding.Kind.GRADCHECK_MISMATCH,
        c,
        tolerance,
        i,
        x.shape(),
        Subject.values(grad, x),
        Subject.values(together, x),
        "asked for alone, against the gradient asked for with the others; ");
  }
}
