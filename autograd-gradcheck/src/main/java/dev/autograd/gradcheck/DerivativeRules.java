package dev.autograd.gradcheck;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.difference.Differences;
import dev.autograd.gradcheck.difference.Steps;
import dev.autograd.gradcheck.difference.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What every derivative keeps, whatever it computes.
final class DerivativeRules {
  private DerivativeRules() {}

  /// The identity, whose backward returns no gradient.
  private record Undefined() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... inputs) {
      return inputs[0];
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new @Nullable Tensor[1];
    }
  }

  /// Backward is linear in the gradients that come in: zeros give zeros.
  static boolean zeroSeed(Subject subject, Fault.Sink sink) {
    Subject.Run run = subject.run();
    List<Tensor> tracked = run.tracked();
    List<@Nullable Tensor> grads = run.grad(tracked, zeros(tracked));
    return areZero(
        subject,
        grads,
        Finding.Kind.GRADCHECK_NOT_LINEAR,
        "backward is not multiplied by the gradient that comes in: a zero gradient of the outputs"
            + " must give zeros",
        sink);
  }

  /// An absent gradient that comes in is taken for zero: of all outputs at once, and of each.
  static boolean undefinedGrads(Subject subject, Fault.Sink sink) {
    int count = subject.run().tracked().size();
    boolean kept = undefined(subject, -1, sink);
    for (int k = 0; kept && count > 1 && k < count; k++) {
      kept = undefined(subject, k, sink);
    }
    return kept;
  }

  /// @param only the tracked output whose gradient is absent while the others' are zero; all are
  ///   absent where it is negative
  private static boolean undefined(Subject subject, int only, Fault.Sink sink) {
    Subject.Run run = subject.run();
    List<Tensor> tracked = new ArrayList<>(run.tracked());
    for (int k = 0; k < tracked.size(); k++) {
      if (only < 0 || k == only) {
        tracked.set(k, new Undefined().apply(tracked.get(k)));
      }
    }
    String which = only < 0 ? "of all outputs" : "of output " + run.trackedOutputs().get(only);
    List<@Nullable Tensor> grads;
    try {
      grads = run.grad(tracked, zeros(tracked));
    } catch (GradcheckException e) {
      throw e;
    } catch (RuntimeException e) {
      sink.add(
          Fault.of(
              Finding.Kind.GRADCHECK_UNDEFINED,
              -1,
              "backward must take an undefined (null) gradient "
                  + which
                  + " for zero, but it failed with "
                  + e));
      return false;
    }
    return areZero(
        subject,
        grads,
        Finding.Kind.GRADCHECK_UNDEFINED,
        "an undefined (null) gradient " + which + " must give zeros or nothing",
        sink);
  }

  /// An input without a tangent is one with a tangent of zeros.
  ///
  /// @param seed of the directions in which the inputs move, one after the other
  static void absentTangents(Subject subject, long seed, Tolerance tolerance, Fault.Sink sink) {
    List<Tensor> variables = subject.variables().stream().map(subject.point()::get).toList();
    List<Tensor> directions = Weights.likeTyped(variables, seed);
    for (int v = 0; v < variables.size() && variables.size() > 1; v++) {
      List<@Nullable Tensor> alone = Subject.absent(variables.size());
      alone.set(v, directions.get(v));
      List<@Nullable Tensor> among = new ArrayList<>();
      among.addAll(zeros(variables));
      among.set(v, directions.get(v));
      List<@Nullable Tensor> one = subject.tangents(alone);
      List<@Nullable Tensor> other = subject.tangents(among);
      for (int k = 0; k < one.size(); k++) {
        Tensor a = one.get(k);
        Tensor b = other.get(k);
        if (a == null && b == null) {
          continue;
        }
        double[] values = a == null ? new double[b.numel()] : a.toDoubleArray();
        double[] references = b == null ? new double[values.length] : b.toDoubleArray();
        int e = Comparison.of(tolerance, values, references).worst();
        if (e >= 0) {
          sink.add(
              new Fault(
                  Finding.Kind.GRADCHECK_UNDEFINED,
                  -1,
                  null,
                  values[e],
                  references[e],
                  "forward mode must take an absent tangent for zero, but where only input "
                      + subject.variables().get(v)
                      + " moves, output "
                      + k
                      + " has a tangent of "
                      + values[e]
                      + ", and "
                      + references[e]
                      + " where the others have tangents of zeros"));
        }
        sink.compared(values.length);
      }
    }
  }

  private static List<Tensor> zeros(List<Tensor> like) {
    return like.stream().map(t -> Tensor.zeros(t.shape(), t.dtype())).toList();
  }

  private static boolean areZero(
      Subject subject,
      List<@Nullable Tensor> grads,
      Finding.Kind kind,
      String rule,
      Fault.Sink sink) {
    for (int k = 0; k < grads.size(); k++) {
      Tensor g = grads.get(k);
      if (g == null) {
        continue;
      }
      double[] values = g.toDoubleArray();
      for (int e = 0; e < values.length; e++) {
        // Zero times an infinite slope is NaN, which says nothing of the rule.
        if (Math.abs(values[e]) > 0) {
          sink.add(Fault.at(kind, subject.variables().get(k), g.shape(), e, values[e], 0, rule));
          return false;
        }
      }
      sink.compared(values.length);
    }
    return true;
  }

  /// Where no output carries a gradient, none may depend on the inputs. Beside outputs that do, the
  /// author's word is taken: statistics that only backward reads are such outputs.
  ///
  /// @param evaluate how the function is called at other points
  static boolean untracked(
      Subject subject,
      List<Tensor> out,
      UnaryOperator<List<Tensor>> evaluate,
      Steps steps,
      Tolerance tolerance,
      Fault.Sink sink) {
    for (int k = 0; k < out.size(); k++) {
      if (out.get(k).requiresGrad() || !out.get(k).dtype().isFloating()) {
        continue;
      }
      int output = k;
      Differences differences =
          new Differences(
              in -> evaluate.apply(in).get(output).toDoubleArray(), subject.point(), steps);
      for (int i : subject.variables()) {
        double[][] rows = differences.jacobian(i);
        for (int e = 0; e < rows.length; e++) {
          Comparison found = Comparison.of(tolerance, new double[rows[e].length], rows[e]);
          if (found.worst() >= 0) {
            sink.add(
                Fault.at(
                    Finding.Kind.GRADCHECK_NONDIFF,
                    i,
                    subject.point().get(i).shape(),
                    e,
                    0,
                    rows[e][found.worst()],
                    "output " + output + " does not require grad, but depends on the input"));
            return false;
          }
        }
        sink.compared(rows.length);
      }
    }
    return true;
  }
}
