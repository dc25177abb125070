package dev.autograd.gradcheck;

import dev.autograd.Autograd;
import dev.autograd.ForwardMode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A function and the point at which it is checked.
///
/// @param f the function
/// @param point its inputs, without history
/// @param variables the numbers of the inputs that are differentiated
record Subject(UnaryOperator<List<Tensor>> f, List<Tensor> point, List<Integer> variables) {

  /// One evaluation: fresh leaves, and what the function made of them.
  record Run(List<Tensor> wanted, List<Tensor> out) {
    /// Returns the numbers of the outputs that carry a gradient.
    List<Integer> trackedOutputs() {
      List<Integer> tracked = new ArrayList<>();
      for (int k = 0; k < out.size(); k++) {
        if (out.get(k).requiresGrad()) {
          tracked.add(k);
        }
      }
      return tracked;
    }

    /// Returns the outputs that carry a gradient.
    List<Tensor> tracked() {
      return out.stream().filter(Tensor::requiresGrad).toList();
    }

    /// Returns the gradients of these outputs with respect to the variables, `null` for those that
    /// are not reached; the graph stays.
    List<@Nullable Tensor> grad(List<Tensor> outputs, List<Tensor> seeds) {
      return Autograd.grad(outputs, wanted, seeds, GradOptions.retainGraph().allowingUnused());
    }
  }

  /// Evaluates the function at its point, recording.
  Run run() {
    List<Tensor> in = leaves(point);
    try (var _ = GradMode.enableGrad()) {
      return new Run(variables.stream().map(in::get).toList(), f.apply(in));
    }
  }

  /// Evaluates the function at its point in forward mode.
  ///
  /// @param directions how each variable moves; one that is absent has no tangent
  /// @return the tangents of the outputs, `null` for one that has none
  List<@Nullable Tensor> tangents(List<? extends @Nullable Tensor> directions) {
    List<Tensor> in = leaves(point);
    try (ForwardMode.Level level = ForwardMode.nestedLevel();
        var _ = GradMode.enableGrad()) {
      for (int v = 0; v < directions.size(); v++) {
        Tensor direction = directions.get(v);
        if (direction != null) {
          int i = variables.get(v);
          in.set(i, level.makeDual(in.get(i), direction));
        }
      }
      List<@Nullable Tensor> tangents = new ArrayList<>();
      for (Tensor y : f.apply(in)) {
        tangents.add(level.unpackDual(y).tangent());
      }
      return tangents;
    }
  }

  /// Evaluates the function elsewhere, as at its point.
  List<Tensor> recorded(List<Tensor> at) {
    try (var _ = GradMode.enableGrad()) {
      return f.apply(leaves(at));
    }
  }

  /// Evaluates the function elsewhere, recording nothing.
  List<Tensor> plain(List<Tensor> at) {
    try (var _ = GradMode.noGrad()) {
      return f.apply(at);
    }
  }

  /// Returns inputs of which the variables are leaves that require grad.
  private List<Tensor> leaves(List<Tensor> at) {
    List<Tensor> all = new ArrayList<>(at);
    for (int i : variables) {
      all.set(i, at.get(i).detach().requiresGrad(true));
    }
    return all;
  }

  /// Returns the gradient of this function as a function in its turn, of the inputs and of the
  /// gradients that come in; its results are those gradients that there are.
  ///
  /// @param outputs the numbers of the outputs that are differentiated
  /// @param seeds the gradients that come in, one for each of them; differentiated where they
  ///   require grad
  Subject gradient(List<Integer> outputs, List<Tensor> seeds) {
    int n = point.size();
    UnaryOperator<List<Tensor>> gradient =
        all -> {
          // Where nothing is to be recorded, only the walk is not: the forward has to be.
          boolean recorded = GradMode.isEnabled();
          List<Tensor> in = recorded ? all.subList(0, n) : leaves(all.subList(0, n));
          try (var _ = GradMode.enableGrad()) {
            List<Tensor> out = f.apply(in);
            List<@Nullable Tensor> grads =
                Autograd.grad(
                    outputs.stream().map(out::get).toList(),
                    variables.stream().map(in::get).toList(),
                    all.subList(n, all.size()),
                    new GradOptions(recorded, recorded, true));
            return present(grads);
          }
        };
    List<Tensor> at = new ArrayList<>(point);
    List<Integer> both = new ArrayList<>(variables);
    for (int k = 0; k < seeds.size(); k++) {
      at.add(seeds.get(k).detach());
      if (seeds.get(k).requiresGrad()) {
        both.add(n + k);
      }
    }
    return new Subject(gradient, List.copyOf(at), List.copyOf(both));
  }

  /// Returns as many absent tensors.
  static List<@Nullable Tensor> absent(int count) {
    List<@Nullable Tensor> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(null);
    }
    return all;
  }

  /// Returns those that there are.
  static List<Tensor> present(List<@Nullable Tensor> all) {
    List<Tensor> present = new ArrayList<>();
    for (Tensor t : all) {
      if (t != null) {
        present.add(t);
      }
    }
    return present;
  }

  /// Returns a gradient's values; one that is absent is zero.
  static double[] values(@Nullable Tensor grad, Tensor x) {
    return grad == null ? new double[x.numel()] : grad.toDoubleArray();
  }
}
