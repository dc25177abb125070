package dev.autograd.gradcheck;

import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.difference.Layouts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a function is checked at: the caller's tensors, looked through and copied.
final class Inputs {
  private Inputs() {}

  /// Returns the function at copies of the inputs.
  ///
  /// @throws GradcheckException (`GRADCHECK_ARGS`, `GRADCHECK_NO_INPUT`, `GRADCHECK_OVERLAP`)
  static Subject subject(
      String who, UnaryOperator<List<Tensor>> f, List<Tensor> inputs, GradcheckOptions options) {
    options.requireSomething(who);
    List<Tensor> point = new ArrayList<>();
    List<Integer> variables = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor x = inputs.get(i);
      if (x.requiresGrad()) {
        variables.add(i);
        refuseUnmovable(who, i, x, options);
      }
      point.add(copy(x));
    }
    if (variables.isEmpty()) {
      throw new GradcheckException(
          Finding.Kind.GRADCHECK_NO_INPUT,
          who
              + ": none of the "
              + inputs.size()
              + " inputs requires grad, so there is nothing to check. Call requiresGrad(true) on"
              + " those to differentiate.");
    }
    UnaryOperator<List<Tensor>> guarded =
        in -> {
          List<Tensor> all = new ArrayList<>(in);
          for (int i = 0; i < point.size(); i++) {
            // A buffer that the function updates must not carry over into the next call.
            if (!variables.contains(i)) {
              all.set(i, copy(in.get(i)));
            }
          }
          return List.copyOf(f.apply(all));
        };
    return new Subject(guarded, List.copyOf(point), List.copyOf(variables));
  }

  private static Tensor copy(Tensor x) {
    return Layouts.as(x, x.detach().clone());
  }

  private static void refuseUnmovable(String who, int i, Tensor x, GradcheckOptions options) {
    if (Layouts.overlap(x)) {
      throw new GradcheckException(
          Finding.Kind.GRADCHECK_OVERLAP,
          who
              + ": elements of input "
              + i
              + " of shape "
              + x.shape()
              + " share memory (was it expanded?), so they cannot be moved one by one. Pass"
              + " clone() of it.");
    }
    if (x.dtype() != DType.F64 && x.dtype() != DType.F32) {
      throw new GradcheckException(
          Finding.Kind.GRADCHECK_ARGS,
          who + ": input " + i + " is " + x.dtype() + "; only f64 and f32 can be checked");
    }
    double largest = 0;
    for (double v : x.toDoubleArray()) {
      largest = Math.max(largest, Math.abs(v));
    }
    double spacing = x.dtype() == DType.F64 ? Math.ulp(largest) : Math.ulp((float) largest);
    if (options.eps().orElse(Double.POSITIVE_INFINITY) < 256 * spacing) {
      throw new GradcheckException(
          Finding.Kind.GRADCHECK_ARGS,
          who
              + ": a step of "
              + options.eps().getAsDouble()
              + " is lost in input "
              + i
              + ", where neighbouring "
              + x.dtype()
              + " numbers are up to "
              + spacing
              + " apart. Leave eps out, which chooses it by type, or pass f64 tensors.");
    }
  }
}
