package dev.autograd.gradcheck;

import dev.autograd.Tensor;
import dev.autograd.functional.Functional;
import dev.autograd.functional.TensorFunction;
import dev.autograd.functional.VmapOptions;
import dev.autograd.gradcheck.difference.Weights;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares derivatives along a batch of directions, under vmap, with those along each of them.
final class Batches {
  private static final int SAMPLES = 2;

  private final FunctionCheck check;
  private final Subject subject;
  private final Subject.Run run;
  private final Tolerance tolerance;

  Batches(FunctionCheck check, Subject subject, Subject.Run run, Tolerance tolerance) {
    this.check = check;
    this.subject = subject;
    this.run = run;
    this.tolerance = tolerance;
  }

  /// Walks back from each output with a batch of gradients.
  void ofGradients() {
    for (int k : run.trackedOutputs()) {
      Tensor y = run.out().get(k);
      compare(
          "batched gradients of output " + k,
          y,
          g -> Subject.present(run.grad(List.of(y), List.of(g))));
    }
  }

  /// Moves each input along a batch of tangents.
  void ofTangents() {
    for (int v = 0; v < subject.variables().size(); v++) {
      int at = v;
      compare(
          "batched tangents of input " + subject.variables().get(v),
          run.wanted().get(v),
          direction -> {
            List<@Nullable Tensor> directions = Subject.absent(subject.variables().size());
            directions.set(at, direction);
            return Subject.present(subject.tangents(directions));
          });
    }
  }

  /// A derivative as a linear function of a direction.
  @FunctionalInterface
  private interface Linear {
    List<Tensor> along(Tensor direction);
  }

  private void compare(String what, Tensor like, Linear derivative) {
    List<Tensor> directions =
        Weights.likeTyped(Collections.nCopies(SAMPLES, like), check.options().seed());
    List<Tensor> together;
    try {
      together =
          List.of(
              Functional.vmap(
                      TensorFunction.ofAll(g -> derivative.along(g[0]).toArray(Tensor[]::new)),
                      VmapOptions.defaults())
                  .apply(Tensor.stack(directions, 0)));
    } catch (RuntimeException e) {
      check.add(
          Fault.of(Finding.Kind.GRADCHECK_BATCHED, -1, "failed while testing " + what + ": " + e));
      return;
    }
    for (int sample = 0; sample < SAMPLES; sample++) {
      List<Tensor> alone = derivative.along(directions.get(sample));
      for (int i = 0; i < alone.size(); i++) {
        double[] references = alone.get(i).toDoubleArray();
        double[] values = together.get(i).select(0, sample).toDoubleArray();
        check.compared(values.length);
        int e = Comparison.of(tolerance, values, references).worst();
        if (e >= 0) {
          check.add(
              new Fault(
                  Finding.Kind.GRADCHECK_BATCHED,
                  -1,
                  null,
                  values[e],
                  references[e],
                  what
                      + " differ from those by themselves: "
                      + values[e]
                      + " in the batch, "
                      + references[e]
                      + " alone"));
        }
      }
    }
  }
}
