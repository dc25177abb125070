package dev.autograd.gradcheck;

import dev.autograd.Tensor;
import dev.autograd.gradcheck.difference.Differences;
import dev.autograd.gradcheck.difference.Weights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares second derivatives with finite differences of first ones.
///
/// The first backward, recorded, is itself a function of the inputs and of the gradient that comes
/// in; a weighted sum of its results is differentiated with respect to both.
final class SecondOrder {
  private final Case c;
  private final Tolerance tolerance;
  private final Tally tally;

  SecondOrder(Case c, Tolerance tolerance, Tally tally) {
    this.c = c;
    this.tolerance = tolerance;
    this.tally = tally;
  }

  void check() {
    Subject subject = c.subject();
    int n = c.inputs().size();
    if (subject.variables().isEmpty()) {
      return;
    }
    Subject.Run run = subject.run();
    if (run.tracked().isEmpty()) {
      return;
    }
    List<Tensor> seeds = Weights.like(run.tracked(), c.seed());
    seeds.forEach(s -> s.requiresGrad(true));
    Subject gradient = subject.gradient(run.trackedOutputs(), seeds);
    Subject.Run first = gradient.run();
    List<Tensor> weights = Weights.like(first.out(), c.seed() + 1);
    List<@Nullable Tensor> analytic = analytic(first, weights);
    for (int k = 0; k < analytic.size(); k++) {
      int at = gradient.variables().get(k);
      Tensor x = gradient.point().get(at);
      tally.compare(
          Finding.Kind.GRADGRADCHECK_MISMATCH,
          c,
          tolerance,
          at,
          x.shape(),
          Subject.values(analytic.get(k), x),
          Differences.of(p -> Weights.dot(gradient.plain(p), weights), gradient.point(), at),
          at < n ? "" : "with respect to gradient " + (at - n) + " that comes in; ");
    }
  }

  private static List<@Nullable Tensor> analytic(Subject.Run first, List<Tensor> weights) {
    List<Integer> tracked = first.trackedOutputs();
    if (tracked.isEmpty()) {
      return Subject.absent(first.wanted().size());
    }
    return first.grad(first.tracked(), tracked.stream().map(weights::get).toList());
  }
}
