package dev.autograd.functional;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.Vmap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function evaluated at a point, with its derivative there transposed: vector-Jacobian products,
/// as many as wanted.
public final class Pullback {
  private final List<Tensor> arguments;
  private final Tensor[] outputs;
  private final boolean recorded;

  private Pullback(List<Tensor> arguments, Tensor[] outputs, boolean recorded) {
    this.arguments = arguments;
    this.outputs = outputs;
    this.recorded = recorded;
  }

  /// Evaluates `f` at `x`, ready to be differentiated by the arguments `by`.
  static Pullback of(TensorFunction f, Tensor[] x, int... by) {
    boolean outerMode = GradMode.isEnabled();
    Tensor[] inside = x.clone();
    List<Tensor> arguments = new ArrayList<>();
    boolean outerGrad = false;
    // Recording is on in here, even under inference mode.
    try (var _ = GradMode.inferenceMode(false)) {
      for (int i : by) {
        outerGrad |= x[checkedIndex(i, x.length)].requiresGrad();
        inside[i] = Vmap.argument(Pushforward.ordinary(x[i]));
        arguments.add(inside[i]);
      }
      Tensor[] outputs = f.apply(inside);
      boolean recorded =
          outerMode && (outerGrad || !Autograd.dependOnlyOn(List.of(outputs), arguments));
      return new Pullback(arguments, outputs, recorded);
    }
  }

  private static int checkedIndex(int i, int count) {
    if (i < 0 || i >= count) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "function: there is no argument " + i + " to differentiate by, it was given " + count);
    }
    return i;
  }

  /// Returns the results of the function; not for further recording unless something outside of it
  /// requires grad.
  public Tensor[] outputs() {
    Tensor[] y = outputs.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] = output(i);
    }
    return y;
  }

  /// Returns result `index`.
  public Tensor output(int index) {
    return recorded ? outputs[index] : withoutHistory(outputs[index]);
  }

  private static Tensor withoutHistory(Tensor y) {
    return y.requiresGrad() ? Autograd.withoutHistory(y) : y;
  }

  Tensor rawOutput(int index) {
    return outputs[index];
  }

  int outputCount() {
    return outputs.length;
  }

  boolean isRecorded() {
    return recorded;
  }

  List<Tensor> arguments() {
    return arguments;
  }

  /// Returns the products of `seeds` with the Jacobian by each argument; zeros where a result does
  /// not depend on one.
  ///
  /// @param seeds one for each result, of its shape
  /// @throws AutogradException (`V_SIZE`) if a seed has another shape, (`V_REQUIRED`) if their
  ///   number is wrong
  public Tensor[] apply(Tensor... seeds) {
    return orZeros(products(GradOptions.retainGraph(), seeds));
  }

  /// Returns the gradients of the first result, which has one element, and lets the graph go.
  Tensor[] gradients() {
    Tensor value = outputs[0];
    if (value.numel() != 1) {
      throw new AutogradException(
          ErrorKind.ROOT_NOT_SCALAR,
          "grad: the function must have a result of one element, got shape "
              + value.shape()
              + ". Reduce it with sum() or mean(), or use vjp or jacrev.");
    }
    Tensor one = Tensor.ones(value.shape(), value.dtype());
    return orZeros(products(1, GradOptions.defaults(), one));
  }

  private Tensor[] orZeros(@Nullable Tensor[] found) {
    Tensor[] all = new Tensor[found.length];
    for (int i = 0; i < all.length; i++) {
      Tensor g = found[i];
      Tensor x = arguments.get(i);
      all[i] = g == null ? Tensor.zeros(x.shape(), x.dtype()) : g;
    }
    return all;
  }

  /// Returns the products with `null` where no result depends on an argument.
  @Nullable Tensor[] products(GradOptions unrecorded, Tensor... seeds) {
    checkSeeds(seeds);
    return products(outputs.length, unrecorded, seeds);
  }

  private @Nullable Tensor[] products(int results, GradOptions unrecorded, Tensor... seeds) {
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> weights = new ArrayList<>();
    for (int o = 0; o < results; o++) {
      if (outputs[o].requiresGrad()) {
        roots.add(outputs[o]);
        weights.add(Pushforward.ordinary(seeds[o]));
      }
    }
    if (roots.isEmpty()) {
      return new Tensor[arguments.size()];
    }
    GradOptions options = recorded || requireGrad(weights) ? GradOptions.createGraph() : unrecorded;
    return Autograd.grad(roots, arguments, weights, options.allowingUnused())
        .toArray(new @Nullable Tensor[0]);
  }

  private static boolean requireGrad(List<Tensor> seeds) {
    return GradMode.isEnabled() && seeds.stream().anyMatch(Tensor::requiresGrad);
  }

  private void checkSeeds(Tensor[] seeds) {
    if (seeds.length != outputs.length) {
      throw new AutogradException(
          ErrorKind.V_REQUIRED,
          "vjp: one vector for each of the "
              + outputs.length
              + " results is needed, got "
              + seeds.length);
    }
    for (int o = 0; o < seeds.length; o++) {
      if (!seeds[o].shape().equals(outputs[o].shape())) {
        throw new AutogradException(
            ErrorKind.V_SIZE,
            "vjp: vector "
                + o
                + " must have the shape of its result, "
                + outputs[o].shape()
                + ", got "
                + seeds[o].shape());
      }
    }
  }
}
