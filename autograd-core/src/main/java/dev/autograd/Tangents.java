package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tangent rules of operations.
///
/// # Note [Tangents without a rule]
///
/// A backward is linear in the incoming gradient `g`: it computes `Jᵀ g`. Recorded with `g` a leaf
/// and run backward in turn, seeded with the tangents `v` of the inputs, it gives the gradient of
/// `⟨Jᵀ g, v⟩` by `g`, which is `J v`: the tangent of the result, exact for any `g`. So every
/// operation whose backward is made of operations has a tangent. See Griewank and Walther,
/// *Evaluating Derivatives*, 2nd edition, §3.3, and the note of J. Townsend, "A new trick for
/// calculating Jacobian vector products" (2017).
final class Tangents {
  private Tangents() {}

  /// Returns the tangents of the outputs, `null` for none.
  static @Nullable Tensor[] of(
      FunctionNode context, Tensor[] in, @Nullable Tensor[] tangents, int outputs) {
    Operation operation = context.operation();
    if (operation.linear()) {
      return ofLinear(operation, in, tangents);
    }
    return switch (operation) {
      case Function f -> new @Nullable Tensor[] {f.jvp(context, tangents)};
      case MultiFunction f -> counted(f, f.jvp(context, tangents), outputs);
    };
  }

  private static @Nullable Tensor[] counted(
      Operation operation, @Nullable Tensor[] results, int outputs) {
    if (results.length != outputs) {
      throw new FunctionContractException(
          ErrorKind.BAD_GRAD_COUNT,
          operation.name(),
          "jvp must return one tangent for each output (null where there is none), expected "
              + outputs
              + ", got "
              + results.length);
    }
    return results;
  }

  private static @Nullable Tensor[] ofLinear(
      Operation operation, Tensor[] in, @Nullable Tensor[] tangents) {
    Tensor[] arguments = new Tensor[in.length];
    for (int i = 0; i < in.length; i++) {
      Tensor v = tangents[i];
      Tensor x = in[i];
      arguments[i] = v != null ? v : x.dtype().isFloating() ? zerosLike(x) : x;
    }
    return switch (operation) {
      case Function f -> new @Nullable Tensor[] {f.apply(arguments)};
      case MultiFunction f -> f.apply(arguments);
    };
  }

  private static Tensor zerosLike(Tensor x) {
    return Tensor.zeros(x.shape(), x.dtype());
  }

  /// Derives the tangents from the backward. See Note [Tangents without a rule].
  static @Nullable Tensor[] transposed(FunctionNode context, @Nullable Tensor[] tangents) {
    int n = context.outputCount();
    @Nullable Tensor[] g = new Tensor[n];
    List<Tensor> seeds = new ArrayList<>();
    List<Integer> seeded = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Tensor zeros = context.outputZeros(i);
      if (zeros != null) {
        g[i] = zeros.requiresGrad(true);
        seeds.add(zeros);
        seeded.add(i);
      }
    }
    boolean record = GradMode.isEnabled();
    @Nullable Tensor[] dx;
    try (var _ = GradMode.enableGrad()) {
      dx = context.evaluate(g, BackwardCall.outside());
    } catch (AutogradException e) {
      throw isMissing(e) ? noRule(context, e) : e;
    }
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> weights = new ArrayList<>();
    for (int i = 0; i < dx.length; i++) {
      Tensor root = dx[i];
      Tensor v = tangents[i];
      if (root != null && v != null && root.requiresGrad()) {
        roots.add(root);
        weights.add(v);
      }
    }
    @Nullable Tensor[] results = new Tensor[n];
    if (roots.isEmpty()) {
      return results;
    }
    GradOptions options = record ? GradOptions.createGraph() : GradOptions.defaults();
    List<@Nullable Tensor> found;
    try {
      found = Autograd.grad(roots, seeds, weights, options.allowingUnused());
    } catch (AutogradException e) {
      throw isMissing(e) ? noRule(context, e) : e;
    }
    for (int i = 0; i < seeded.size(); i++) {
      results[seeded.get(i)] = found.get(i);
    }
    return results;
  }

  private static boolean isMissing(AutogradException e) {
    return switch (e.kind()) {
      case NO_BACKWARD, ONCE_DIFFERENTIABLE, DERIVATIVE_NOT_IMPLEMENTED -> true;
      default -> false;
    };
  }

  private static AutogradException noRule(FunctionNode context, AutogradException cause) {
    String name = context.operation().name();
    return new AutogradException(
        ErrorKind.NO_JVP,
        name
            + ": an input is dual, the operation has no jvp, and none follows from its backward ("
            + cause.getMessage()
            + "). Implement jvp.",
        cause);
  }

  /// Holds a tangent against its output: type and shape.
  static Tensor checked(FunctionNode context, int index, Tensor y, Tensor tangent) {
    if (tangent.shape().equals(y.shape())) {
      return tangent.to(y.dtype());
    }
    if (!tangent.shape().broadcastsTo(y.shape())) {
      throw new FunctionContractException(
          ErrorKind.FWAD_SIZE,
          context.operation().name(),
          "jvp returned a tangent of shape "
              + tangent.shape()
              + " for output "
              + index
              + ", which has shape "
              + y.shape());
    }
    return Tensor.operations().expand(tangent, y.shape().dims()).to(y.dtype());
  }
}
