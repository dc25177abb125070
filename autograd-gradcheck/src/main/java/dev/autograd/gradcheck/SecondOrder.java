package dev.autograd.gradcheck;

import dev.autograd.Autograd;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.ArrayList;
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
  private final List<Integer> compared;

  SecondOrder(Case c, Tolerance tolerance, Tally tally) {
    this.c = c;
    this.tolerance = tolerance;
    this.tally = tally;
    this.compared = c.compared();
  }

  void check() {
    if (compared.isEmpty()) {
      return;
    }
    List<Tensor> in = FirstOrder.leaves(c);
    List<Tensor> tracked = tracked(in);
    if (tracked.isEmpty()) {
      return;
    }
    List<Tensor> seeds = Weights.like(tracked, c.seed());
    seeds.forEach(s -> s.requiresGrad(true));
    List<@Nullable Tensor> grads = first(in, tracked, seeds, true);
    List<Tensor> present = new ArrayList<>();
    for (Tensor g : grads) {
      if (g != null) {
        present.add(g);
      }
    }
    List<Tensor> weights = Weights.like(present, c.seed() + 1);
    List<Tensor> variables = new ArrayList<>(compared.stream().map(in::get).toList());
    variables.addAll(seeds);
    List<@Nullable Tensor> analytic = secondGrads(present, weights, variables);
    // The function of finite differences takes all inputs and then the seeds.
    List<Tensor> point = new ArrayList<>(c.inputs());
    seeds.forEach(s -> point.add(s.detach()));
    for (int k = 0; k < variables.size(); k++) {
      int at = k < compared.size() ? compared.get(k) : c.inputs().size() + k - compared.size();
      Tensor a = analytic.get(k);
      Tensor x = point.get(at);
      tally.compare(
          Finding.Kind.GRADGRADCHECK_MISMATCH,
          c,
          tolerance,
          at,
          x.shape(),
          a == null ? new double[x.numel()] : a.toDoubleArray(),
          Differences.of(p -> value(p, weights), point, at),
          k < compared.size()
              ? ""
              : "with respect to gradient " + (k - compared.size()) + " that comes in; ");
    }
  }

  private List<Tensor> tracked(List<Tensor> in) {
    return Case.apply(c.operation(), in).stream().filter(Tensor::requiresGrad).toList();
  }

  private List<@Nullable Tensor> first(
      List<Tensor> in, List<Tensor> tracked, List<Tensor> seeds, boolean create) {
    return Autograd.grad(
        tracked,
        compared.stream().map(in::get).toList(),
        seeds,
        new GradOptions(create, create, true));
  }

  private List<@Nullable Tensor> secondGrads(
      List<Tensor> present, List<Tensor> weights, List<Tensor> variables) {
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> rootWeights = new ArrayList<>();
    for (int k = 0; k < present.size(); k++) {
      if (present.get(k).requiresGrad()) {
        roots.add(present.get(k));
        rootWeights.add(weights.get(k));
      }
    }
    if (roots.isEmpty()) {
      List<@Nullable Tensor> none = new ArrayList<>();
      variables.forEach(_ -> none.add(null));
      return none;
    }
    return Autograd.grad(roots, variables, rootWeights, GradOptions.defaults().allowingUnused());
  }

  /// Returns the weighted sum of the first gradients at a point.
  private double value(List<Tensor> point, List<Tensor> weights) {
    try (var _ = GradMode.enableGrad()) {
      int n = c.inputs().size();
      Case moved = new Case(c.operation(), point.subList(0, n), c.smooth(), c.seed(), c.index());
      List<Tensor> in = FirstOrder.leaves(moved);
      List<Tensor> grads = new ArrayList<>();
      for (Tensor g : first(in, tracked(in), point.subList(n, point.size()), false)) {
        if (g != null) {
          grads.add(g);
        }
      }
      return Weights.dot(grads, weights);
    }
  }
}
