package dev.autograd.gradcheck;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.functional.Functional;
import dev.autograd.functional.Pullback;
import dev.autograd.functional.TensorFunction;
import dev.autograd.functional.VmapOptions;
import dev.autograd.gradcheck.difference.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds an operation under vmap against the same applied to each sample by itself: results,
/// gradients of single samples, and products of the derivatives at one sample with a batch of
/// vectors, as whole Jacobians and Hessians are made of them.
///
/// Every input is mapped by itself, every one is shared by the samples while the others are mapped,
/// and all are mapped together; along the first dimension and along the last.
final class SampleBatches {
  /// What two orders of one sum keep, with room to spare.
  private static final Tolerance ROUNDING = new Tolerance(1e-10, 1e-10);

  private static final int[] NONE = {};

  private final Case first;
  private final Case second;
  private final boolean twice;
  private final Tally tally;

  /// Takes one sample and another of the same shapes and types, with other values.
  ///
  /// @param twice whether second derivatives are checked
  SampleBatches(Case first, Case second, boolean twice, Tally tally) {
    this.first = first;
    this.second = second;
    this.twice = twice;
    this.tally = tally;
  }

  void check() {
    int known = tally.findings().size();
    int n = first.inputs().size();
    List<boolean[]> patterns = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      boolean[] one = new boolean[n];
      one[i] = true;
      patterns.add(one);
    }
    for (int i = 0; i < n && n > 2; i++) {
      boolean[] others = new boolean[n];
      Arrays.fill(others, true);
      others[i] = false;
      patterns.add(others);
    }
    if (n > 1) {
      boolean[] all = new boolean[n];
      Arrays.fill(all, true);
      patterns.add(all);
    }
    for (int p = 0; p < patterns.size() && tally.findings().size() == known; p++) {
      mapped(patterns.get(p), p % 2 == 0);
    }
    // A backward that is no more than once differentiable may read the values that come in.
    boolean vectors = first.operation().differentiable() && !first.operation().onceDifferentiable();
    if (vectors && tally.findings().size() == known) {
      directions();
    }
  }

  // --- batches of samples ----------------------------------------------------------------------

  private void mapped(boolean[] mapped, boolean ahead) {
    TensorFunction operation =
        TensorFunction.ofAll(x -> Case.apply(first.operation(), List.of(x)).toArray(Tensor[]::new));
    Tensor[][] samples = samples(mapped, second);
    Tensor[][] alone = alone(operation, samples);
    if (alone == null) {
      // Integers can decide about shapes, and then have to be the same for all samples.
      samples = samples(mapped, null);
      alone = alone(operation, samples);
    }
    if (alone == null) {
      return;
    }
    String where = where(mapped, ahead);
    if (!compare(where, NONE, operation, samples, mapped, ahead, alone)) {
      return;
    }
    int[] by = differentiable(mapped);
    if (by.length == 0) {
      return;
    }
    int n = mapped.length;
    TensorFunction gradients = TensorFunction.ofAll(x -> pullback(x, n, by));
    boolean[] both = Arrays.copyOf(mapped, n + alone[0].length);
    Arrays.fill(both, n, both.length, true);
    Tensor[][] seeded = new Tensor[samples.length][];
    for (int s = 0; s < samples.length; s++) {
      List<Tensor> seeds = Weights.likeTyped(List.of(alone[s]), first.seed() + s);
      seeded[s] = Arrays.copyOf(samples[s], both.length);
      for (int k = 0; k < seeds.size(); k++) {
        seeded[s][n + k] = seeds.get(k);
      }
    }
    Tensor[][] expected = alone(gradients, seeded);
    if (expected != null) {
      compare(where, by, gradients, seeded, both, ahead, expected);
    }
  }

  private Tensor[] pullback(Tensor[] x, int inputs, int[] by) {
    Tensor[] variables = new Tensor[by.length];
    for (int v = 0; v < by.length; v++) {
      variables[v] = x[by[v]];
    }
    TensorFunction f =
        TensorFunction.ofAll(
            at -> {
              List<Tensor> all = new ArrayList<>(Arrays.asList(x).subList(0, inputs));
              for (int v = 0; v < by.length; v++) {
                all.set(by[v], at[v]);
              }
              return Case.apply(first.operation(), all).toArray(Tensor[]::new);
            });
    return Functional.vjp(f, variables).apply(Arrays.copyOfRange(x, inputs, x.length));
  }

  private int[] differentiable(boolean[] mapped) {
    return first.operation().differentiable()
        ? first.compared().stream().mapToInt(i -> i).filter(i -> mapped[i]).toArray()
        : new int[0];
  }

  /// Returns the inputs of both samples; where one is not mapped, and where `other` is absent for
  /// integers and truth values too, it is the same in both.
  private Tensor[][] samples(boolean[] mapped, @Nullable Case other) {
    Tensor[] one = first.inputs().toArray(Tensor[]::new);
    Tensor[] two = one.clone();
    for (int i = 0; i < two.length; i++) {
      if (mapped[i] && (other != null || two[i].dtype().isFloating())) {
        two[i] = second.inputs().get(i);
      }
    }
    return new Tensor[][] {one, two};
  }

  /// Applies a function to each sample; `null` if it takes one of them not, which may hold values
  /// that do not go together, or if the shapes of the results differ.
  private static Tensor @Nullable [][] alone(TensorFunction f, Tensor[][] samples) {
    Tensor[][] all = new Tensor[samples.length][];
    for (int s = 0; s < samples.length; s++) {
      try {
        all[s] = f.apply(samples[s]);
      } catch (AutogradException e) {
        return null;
      }
      for (int k = 0; s > 0 && k < all[s].length; k++) {
        if (!all[s][k].shape().equals(all[0][k].shape())) {
          return null;
        }
      }
    }
    return all;
  }

  /// @param by the inputs whose gradients the results are, none where they are the operation's own
  private boolean compare(
      String where,
      int[] by,
      TensorFunction f,
      Tensor[][] samples,
      boolean[] mapped,
      boolean ahead,
      Tensor[][] alone) {
    Tensor[] arguments = samples[0].clone();
    @Nullable Integer[] dims = new Integer[mapped.length];
    for (int i = 0; i < mapped.length; i++) {
      if (mapped[i]) {
        int dim = ahead ? 0 : arguments[i].rank();
        dims[i] = dim;
        arguments[i] = Tensor.stack(List.of(samples[0][i], samples[1][i]), dim);
      }
    }
    Tensor[] together;
    try {
      together = Functional.vmap(f, VmapOptions.inDims(dims)).apply(arguments);
    } catch (RuntimeException | LinkageError e) {
      add(
          Fault.of(
              Finding.Kind.BATCH_MISMATCH,
              -1,
              (by.length == 0 ? "the results " : "the gradients ") + where + " failed with " + e));
      return false;
    }
    return same(where, by, together, alone);
  }

  // --- batches of vectors ----------------------------------------------------------------------

  /// Multiplies the Jacobian, its transpose and the second derivatives with vectors at once.
  private void directions() {
    Tensor[] x = first.variables();
    if (x.length == 0) {
      return;
    }
    TensorFunction f = first.differentiated();
    Pullback at = Functional.vjp(f, x);
    products(
        "with a batch of gradients coming in",
        TensorFunction.ofAll(at::apply),
        List.of(at.outputs()));
    products("with a batch of tangents", tangents(f, x), List.of(x));
    if (twice) {
      Tensor[] seeds =
          Weights.likeTyped(List.of(at.outputs()), first.seed() + 2).toArray(Tensor[]::new);
      TensorFunction gradients =
          TensorFunction.ofAll(point -> Functional.vjp(f, point).apply(seeds));
      products("with a batch of tangents of the gradient", tangents(gradients, x), List.of(x));
    }
  }

  private static TensorFunction tangents(TensorFunction f, Tensor[] x) {
    return TensorFunction.ofAll(
        v ->
            Functional.jvp(f, x, v).stream()
                .map(Functional.ValueAndTangent::tangent)
                .toArray(Tensor[]::new));
  }

  private void products(String what, TensorFunction product, List<Tensor> like) {
    Tensor[][] vectors = {
      Weights.likeTyped(like, first.seed()).toArray(Tensor[]::new),
      Weights.likeTyped(like, first.seed() + 1).toArray(Tensor[]::new)
    };
    boolean[] all = new boolean[like.size()];
    Arrays.fill(all, true);
    Tensor[][] alone = alone(product, vectors);
    if (alone != null) {
      compare(what, NONE, product, vectors, all, true, alone);
    }
  }

  // --- what is found ---------------------------------------------------------------------------

  private boolean same(String where, int[] by, Tensor[] together, Tensor[][] alone) {
    for (int k = 0; k < together.length; k++) {
      int input = by.length == 0 ? -1 : by[k];
      String result =
          (by.length == 0 ? "result " + k : "the gradient of input " + input) + ' ' + where;
      Tensor y = alone[0][k];
      Shape want = Tensor.stack(List.of(y, y), 0).shape();
      if (!together[k].shape().equals(want) || together[k].dtype() != y.dtype()) {
        add(
            Fault.of(
                Finding.Kind.BATCH_SHAPE,
                input,
                result
                    + " is "
                    + together[k].dtype()
                    + together[k].shape()
                    + " for two samples of "
                    + y.dtype()
                    + y.shape()));
        return false;
      }
      for (int s = 0; s < alone.length; s++) {
        double[] values = together[k].select(0, s).toDoubleArray();
        double[] references = alone[s][k].toDoubleArray();
        Comparison found = Comparison.of(tolerance(y.dtype()), values, references);
        tally.compared(found.size());
        int e = found.worst();
        if (e >= 0) {
          add(
              Fault.at(
                  Finding.Kind.BATCH_MISMATCH,
                  input,
                  y.shape(),
                  e,
                  values[e],
                  references[e],
                  result
                      + ", sample "
                      + s
                      + " of two, against the sample by itself; "
                      + found.bad()
                      + " of "
                      + found.size()
                      + " elements differ"));
          return false;
        }
      }
    }
    return true;
  }

  private static Tolerance tolerance(DType dtype) {
    return dtype == DType.F64 ? ROUNDING : Tolerance.SINGLE;
  }

  private static String where(boolean[] mapped, boolean ahead) {
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < mapped.length; i++) {
      if (mapped[i]) {
        inputs.add(String.valueOf(i));
      }
    }
    return "under vmap over the "
        + (ahead ? "first" : "last")
        + " dimension of input "
        + String.join(" and ", inputs);
  }

  private void add(Fault fault) {
    tally.of(first).add(fault);
  }
}
