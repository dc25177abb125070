package dev.autograd.functional;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.ForwardMode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function evaluated at a point, with its derivative there: Jacobian-vector products, as many as
/// wanted, none of which evaluates the function again.
///
/// The backward of the function is recorded with free seeds, in which it is linear; run backward in
/// turn it gives the product with the Jacobian itself.
public final class Pushforward {
  private final Pullback at;
  private final List<Tensor> seeds = new ArrayList<>();
  private final @Nullable Tensor[] gradients;

  Pushforward(Pullback at) {
    this.at = at;
    try (var _ = GradMode.inferenceMode(false)) {
      for (int o = 0; o < at.outputCount(); o++) {
        seeds.add(at.rawOutput(o).mul(0).detach().requiresGrad(true));
      }
      gradients = at.products(GradOptions.retainGraph(), seeds.toArray(new Tensor[0]));
    }
  }

  static List<Functional.ValueAndTangent> jvp(TensorFunction f, Tensor[] x, Tensor[] v) {
    checkVectors(List.of(x), v);
    List<Functional.ValueAndTangent> results = new ArrayList<>();
    boolean record = GradMode.isEnabled();
    try (var _ = GradMode.inferenceMode(false);
        var _ = GradMode.setEnabled(record);
        ForwardMode.Level level = ForwardMode.nestedLevel()) {
      Tensor[] dual = new Tensor[x.length];
      for (int i = 0; i < x.length; i++) {
        dual[i] = level.makeDual(ordinary(x[i]), ordinary(v[i]));
      }
      for (Tensor y : f.apply(dual)) {
        ForwardMode.Dual d = level.unpackDual(y);
        Tensor primal = d.primal();
        Tensor tangent = d.tangent();
        results.add(
            new Functional.ValueAndTangent(
                primal, tangent == null ? Tensor.zeros(y.shape(), y.dtype()) : tangent));
      }
    }
    return results;
  }

  /// Returns what backward may save: a copy of a tensor of inference mode, else `x` itself.
  static Tensor ordinary(Tensor x) {
    return x.isInference() ? x.clone() : x;
  }

  /// Returns the results of the function.
  public Tensor[] outputs() {
    return at.outputs();
  }

  /// Returns the products of the Jacobian with `v`, one for each result.
  ///
  /// @param v one for each argument, of its shape
  /// @throws AutogradException (`V_REQUIRED`) if their number is wrong, (`V_SIZE`) if shapes are
  public Tensor[] apply(Tensor... v) {
    checkVectors(at.arguments(), v);
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> weights = new ArrayList<>();
    for (int i = 0; i < gradients.length; i++) {
      Tensor g = gradients[i];
      if (g != null && g.requiresGrad()) {
        roots.add(g);
        weights.add(ordinary(v[i]));
      }
    }
    Tensor[] products = new Tensor[seeds.size()];
    List<@Nullable Tensor> found = new ArrayList<>();
    if (!roots.isEmpty()) {
      GradOptions options = at.isRecorded() ? GradOptions.createGraph() : GradOptions.retainGraph();
      found = Autograd.grad(roots, seeds, weights, options.allowingUnused());
    }
    for (int o = 0; o < products.length; o++) {
      Tensor product = found.isEmpty() ? null : found.get(o);
      Tensor y = seeds.get(o);
      products[o] = product == null ? Tensor.zeros(y.shape(), y.dtype()) : product;
    }
    return products;
  }

  private static void checkVectors(List<Tensor> arguments, Tensor[] v) {
    if (v.length != arguments.size()) {
      throw new AutogradException(
          ErrorKind.V_REQUIRED,
          "jvp: one vector for each of the "
              + arguments.size()
              + " arguments is needed, got "
              + v.length);
    }
    for (int i = 0; i < v.length; i++) {
      if (!v[i].shape().equals(arguments.get(i).shape())) {
        throw new AutogradException(
            ErrorKind.V_SIZE,
            "jvp: vector "
                + i
                + " must have the shape of its argument, "
                + arguments.get(i).shape()
                + ", got "
                + v[i].shape());
      }
    }
  }
}
