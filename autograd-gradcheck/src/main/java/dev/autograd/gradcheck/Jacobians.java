package dev.autograd.gradcheck;

import dev.autograd.DType;
import dev.autograd.Node;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.GradcheckOptions.Flag;
import dev.autograd.gradcheck.difference.Diagnosis;
import dev.autograd.gradcheck.difference.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Compares the derivatives of every output with respect to every input.
final class Jacobians {
  private static final String BACKWARD = "Jacobian ";
  private static final String FORWARD = "Jacobian computed with forward mode ";

  private final FunctionCheck check;
  private final Finding.Kind mismatch;
  private final Derivatives derivatives;
  private final DType precision;
  private final List<Integer> variables;
  private final List<Tensor> tracked;

  Jacobians(FunctionCheck check, Finding.Kind mismatch, Derivatives derivatives, DType precision) {
    this.check = check;
    this.mismatch = mismatch;
    this.derivatives = derivatives;
    this.precision = precision;
    this.variables = derivatives.subject().variables();
    this.tracked = derivatives.tracked();
  }

  /// Compares every element with every element.
  void compareWhole() {
    List<double[][]> numeric = new ArrayList<>();
    for (int i : variables) {
      numeric.add(derivatives.differences().jacobian(i));
    }
    if (check.options().has(Flag.CHECK_BACKWARD_AD)) {
      List<JacobianBlock> blocks = new ArrayList<>();
      for (int k = 0; k < tracked.size(); k++) {
        double[][] analytic = derivatives.backward(k);
        for (int at = 0; at < analytic.length; at++) {
          blocks.add(block(k, at, analytic[at], numeric.get(at)));
        }
      }
      compare(blocks, BACKWARD);
    }
    if (check.options().has(Flag.CHECK_FORWARD_AD)) {
      List<JacobianBlock> blocks = new ArrayList<>();
      for (int at = 0; at < numeric.size(); at++) {
        double[][] rows = derivatives.forwardRows(at);
        for (int k = 0; k < tracked.size(); k++) {
          blocks.add(block(k, at, derivatives.columns(k, rows), numeric.get(at)));
        }
      }
      compare(blocks, FORWARD);
    }
  }

  private void compare(List<JacobianBlock> blocks, String mode) {
    for (JacobianBlock block : blocks) {
      check.compared(block.analytic().length);
    }
    List<JacobianBlock> wrong = blocks.stream().filter(this::isWrong).toList();
    if (!wrong.isEmpty()) {
      throw failure(wrong.getFirst(), wrong.size(), blocks.size(), mode);
    }
  }

  /// Compares `vᵀ J u` for one random direction of every input and one of every output.
  void compareAlongDirections() {
    int inputs = variables.size();
    List<double[]> u = new ArrayList<>();
    List<double[]> moved = new ArrayList<>();
    for (int i : variables) {
      u.add(Weights.unit(derivatives.subject().point().get(i), check.options().seed() + 2L * i));
      moved.add(derivatives.differences().along(i, u.getLast()));
    }
    List<double[]> tangents = new ArrayList<>();
    for (int at = 0; at < inputs && check.options().has(Flag.CHECK_FORWARD_AD); at++) {
      tangents.add(derivatives.forward(at, u.get(at)));
    }
    for (int k = 0; k < tracked.size(); k++) {
      double[] v = Weights.unit(tracked.get(k), check.options().seed() + 2L * k + 1);
      if (check.options().has(Flag.CHECK_BACKWARD_AD)) {
        double[][] grads = derivatives.twice(k, v);
        for (int at = 0; at < inputs; at++) {
          double analytic = dot(grads[at], u.get(at), 0);
          compareAlong(k, at, u.get(at), v, analytic, moved.get(at), BACKWARD);
        }
      }
      for (int at = 0; at < tangents.size(); at++) {
        double analytic = dot(v, tangents.get(at), derivatives.offset(k));
        compareAlong(k, at, u.get(at), v, analytic, moved.get(at), FORWARD);
      }
    }
  }

  private void compareAlong(
      int k, int at, double[] u, double[] v, double analytic, double[] moved, String mode) {
    if (u.length == 0 || v.length == 0) {
      return;
    }
    double numeric = dot(v, moved, derivatives.offset(k));
    // Elements that are off by the tolerance each add up to this much.
    Tolerance each = tolerance(tracked.get(k));
    Tolerance all = new Tolerance(each.absolute() * length1(u) * length1(v), each.relative());
    check.compared(1);
    if (!all.accepts(analytic, numeric) || Double.isNaN(analytic)) {
      throw slowly(k, at, analytic, numeric, mode);
    }
  }

  /// Looks for the element behind a mismatch along a direction.
  private GradcheckException slowly(int k, int at, double analytic, double numeric, String mode) {
    int i = variables.get(at);
    double[] whole =
        mode.equals(FORWARD)
            ? derivatives.columns(k, derivatives.forwardRows(at))
            : derivatives.backward(k)[at];
    JacobianBlock block = block(k, at, whole, derivatives.differences().jacobian(i));
    String fast =
        "fast mode: along random directions the derivative is "
            + analytic
            + " by the graph and "
            + numeric
            + " by differences; ";
    if (isWrong(block)) {
      return failure(block, 1, 1, fast + mode);
    }
    Fault fault = new Fault(mismatch, i, null, analytic, numeric, "");
    return check.failure(
        fault,
        block.output(),
        null,
        fast
            + mode
            + "mismatch for "
            + names(block)
            + ", though each element by itself is within the tolerance.",
        block.matrices());
  }

  private JacobianBlock block(int k, int at, double[] analytic, double[][] numericRows) {
    int i = variables.get(at);
    return new JacobianBlock(
        derivatives.numbers().get(k),
        i,
        tracked.get(k),
        derivatives.subject().point().get(i),
        analytic,
        derivatives.columns(k, numericRows));
  }

  private static double dot(double[] a, double[] b, int from) {
    double sum = 0;
    for (int e = 0; e < a.length; e++) {
      sum += a[e] * b[from + e];
    }
    return sum;
  }

  private static double length1(double[] v) {
    return Arrays.stream(v).map(Math::abs).sum();
  }

  // --- what is wrong ---------------------------------------------------------------------------

  private Tolerance tolerance(Tensor y) {
    double scale = 1;
    for (double v : y.toDoubleArray()) {
      if (Double.isFinite(v)) {
        scale = Math.max(scale, Math.abs(v));
      }
    }
    return check.tolerance(precision, scale);
  }

  private boolean isWrong(JacobianBlock block) {
    Comparison found = block.compare(tolerance(block.y()));
    return found.worst() >= 0 || found.unknown() >= 0;
  }

  private String names(JacobianBlock block) {
    Node node = block.y().gradFn();
    return "output "
        + block.output()
        + (node == null ? "" : " (" + node.name() + ")")
        + " with respect to input "
        + block.input();
  }

  private GradcheckException failure(JacobianBlock block, int wrong, int all, String mode) {
    Tolerance tolerance = tolerance(block.y());
    Comparison found = block.compare(tolerance);
    int entry = found.worst() >= 0 ? found.worst() : found.unknown();
    double analytic = block.analytic()[entry];
    double numeric = block.numeric()[entry];
    double apart = Math.abs(analytic - numeric);
    String place = Fault.position(block.y().shape(), block.outputElement(entry));
    Fault fault =
        Fault.at(
            mismatch,
            block.input(),
            block.x().shape(),
            block.inputElement(entry),
            analytic,
            numeric,
            "");
    StringBuilder b = new StringBuilder(mode);
    b.append("mismatch for ").append(names(block));
    if (wrong > 1) {
      b.append(" and ").append(wrong - 1).append(" more of ").append(all).append(" such pairs");
    }
    b.append(": analytic ").append(analytic).append(", numeric ").append(numeric);
    b.append(" at output element ").append(place);
    b.append(", input element ").append(fault.element());
    if (found.worst() < 0) {
      b.append(". Where both are NaN nothing is compared; check at another point.");
    } else {
      double allowed =
          tolerance.absolute()
              + tolerance.relative() * Math.max(Math.abs(analytic), Math.abs(numeric));
      b.append(" (apart by ").append(apart).append(", allowed ").append(allowed).append("); ");
      b.append(found.bad()).append(" of ").append(found.size()).append(" elements differ. ");
      b.append(
          Double.isFinite(apart)
              ? diagnosis(block, entry, apart)
              : "The function or its gradient is not finite here.");
    }
    return check.failure(fault, block.output(), place, b.toString(), block.matrices());
  }

  private String diagnosis(JacobianBlock block, int entry, double apart) {
    int k = derivatives.numbers().indexOf(block.output());
    int column = block.outputElement(entry);
    Diagnosis diagnosis =
        new Diagnosis(
            derivatives.differences(),
            block.x(),
            block.input(),
            block.inputElement(entry),
            derivatives.offset(k) + column,
            block.y().toDoubleArray()[column]);
    return precision == DType.F64
        ? diagnosis.of(apart, 1e-3, 1e-5)
        : diagnosis.of(apart, 1e-1, 1e-2);
  }
}
