package dev.autograd.gradcheck;

import dev.autograd.Autograd;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Compares the gradient of a weighted sum of an operation's outputs with finite differences.
final class FirstOrder {
  private static final GradOptions ONCE = GradOptions.defaults().allowingUnused();

  private final Case c;
  private final Tolerance tolerance;
  private final Tally tally;
  private final int findingsBefore;

  FirstOrder(Case c, Tolerance tolerance, Tally tally) {
    this.c = c;
    this.tolerance = tolerance;
    this.tally = tally;
    this.findingsBefore = tally.findings().size();
  }

  boolean passed() {
    return tally.findings().size() == findingsBefore;
  }

  /// Returns fresh leaves of the sample's inputs; those that are compared require grad.
  static List<Tensor> leaves(Case c) {
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < c.inputs().size(); i++) {
      Tensor x = c.inputs().get(i);
      all.add(c.compares(i) ? x.detach().requiresGrad(true) : x);
    }
    return all;
  }

  void check() {
    List<Tensor> in = leaves(c);
    List<Tensor> out = Case.apply(Witness.of(c, tally), in);
    List<Tensor> again = Case.apply(c.operation(), leaves(c));
    for (int k = 0; k < out.size(); k++) {
      tally.sameBits(c, "output " + k, -1, out.get(k), again.get(k));
    }
    List<Integer> compared = c.compared();
    boolean asks = !compared.isEmpty();
    List<Integer> outputs =
        IntStream.range(0, out.size()).filter(k -> out.get(k).requiresGrad()).boxed().toList();
    List<Tensor> tracked = outputs.stream().map(out::get).toList();
    if (!c.operation().differentiable()) {
      if (!tracked.isEmpty()) {
        tally.add(
            Finding.of(
                Finding.Kind.GRADCHECK_NONDIFF, c, "an output requires grad; " + c.shapes()));
      }
      return;
    }
    if (!asks) {
      tally.excuse();
      return;
    }
    if (tracked.isEmpty()) {
      untrackedDoNotDepend(out, compared);
      return;
    }
    List<Tensor> weights = Weights.like(tracked, c.seed());
    List<Tensor> wanted = compared.stream().map(in::get).toList();
    List<@Nullable Tensor> grads =
        Autograd.grad(tracked, wanted, weights, new GradOptions(true, false, true));
    List<@Nullable Tensor> second = Autograd.grad(tracked, wanted, weights, ONCE);
    for (int k = 0; k < compared.size(); k++) {
      compare(compared.get(k), grads.get(k), second.get(k), outputs, weights);
    }
    zeroSeed(compared);
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
        Differences.of(in -> Weights.dot(plain(in, outputs), weights), c.inputs(), i);
    tally.compare(
        Finding.Kind.GRADCHECK_MISMATCH, c, tolerance, i, x.shape(), values(grad, x), numeric, "");
  }

  /// Returns these outputs, computed without recording.
  private List<Tensor> plain(List<Tensor> in, List<Integer> outputs) {
    try (var _ = GradMode.noGrad()) {
      List<Tensor> all = Case.apply(c.operation(), in);
      return outputs.stream().map(all::get).toList();
    }
  }

  /// An input's gradient must not depend on whether others are asked for: a forward that saves, or
  /// a backward that computes, only what is needed has more than one way to go.
  private void alone(
      int i, @Nullable Tensor together, List<Integer> outputs, List<Tensor> weights) {
    List<Tensor> in = new ArrayList<>(c.inputs());
    Tensor x = in.get(i).detach().requiresGrad(true);
    in.set(i, x);
    List<Tensor> out = Case.apply(c.operation(), in);
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> seeds = new ArrayList<>();
    for (int k = 0; k < outputs.size(); k++) {
      Tensor y = out.get(outputs.get(k));
      if (y.requiresGrad()) {
        roots.add(y);
        seeds.add(weights.get(k));
      }
    }
    Tensor grad = roots.isEmpty() ? null : Autograd.grad(roots, List.of(x), seeds, ONCE).getFirst();
    tally.compare(
        Finding.Kind.GRADCHECK_MISMATCH,
        c,
        tolerance,
        i,
        x.shape(),
        values(grad, x),
        values(together, x),
        "asked for alone, against the gradient asked for with the others; ");
  }

  private static double[] values(@Nullable Tensor grad, Tensor x) {
    return grad == null ? new double[x.numel()] : grad.toDoubleArray();
  }

  /// Where no output carries a gradient, none may depend on the inputs. Beside outputs that do, the
  /// author's word is taken: statistics that only backward reads are such outputs.
  private void untrackedDoNotDepend(List<Tensor> out, List<Integer> compared) {
    for (int k = 0; k < out.size(); k++) {
      Tensor y = out.get(k);
      if (y.requiresGrad() || !y.dtype().isFloating()) {
        continue;
      }
      int output = k;
      List<Tensor> weights = Weights.like(List.of(y), c.seed());
      for (int i : compared) {
        double[] numeric =
            Differences.of(
                in -> {
                  try (var _ = GradMode.noGrad()) {
                    return Weights.dot(List.of(Case.apply(c.operation(), in).get(output)), weights);
                  }
                },
                c.inputs(),
                i);
        for (int e = 0; e < numeric.length; e++) {
          if (!tolerance.accepts(0, numeric[e])) {
            tally.add(
                Finding.at(
                    Finding.Kind.GRADCHECK_NONDIFF,
                    c,
                    i,
                    c.inputs().get(i).shape(),
                    e,
                    0,
                    numeric[e],
                    "output "
                        + output
                        + " does not require grad, but depends on the input; "
                        + c.shapes()));
            return;
          }
        }
        tally.compared(numeric.length);
      }
    }
  }

  private void zeroSeed(List<Integer> compared) {
    List<Tensor> in = leaves(c);
    List<Tensor> tracked =
        Case.apply(c.operation(), in).stream().filter(Tensor::requiresGrad).toList();
    List<Tensor> zeros = tracked.stream().map(t -> Tensor.zeros(t.shape(), t.dtype())).toList();
    List<@Nullable Tensor> grads =
        Autograd.grad(tracked, compared.stream().map(in::get).toList(), zeros, ONCE);
    for (int k = 0; k < grads.size(); k++) {
      Tensor g = grads.get(k);
      if (g == null) {
        continue;
      }
      double[] values = g.toDoubleArray();
      for (int e = 0; e < values.length; e++) {
        if (values[e] != 0) {
          tally.add(
              Finding.at(
                  Finding.Kind.GRADCHECK_NOT_LINEAR,
                  c,
                  compared.get(k),
                  g.shape(),
                  e,
                  values[e],
                  0,
                  "a zero gradient of the outputs must give zeros: backward is linear in the"
                      + " gradient that comes in; "
                      + c.shapes()));
          return;
        }
      }
      tally.compared(values.length);
    }
  }
}
