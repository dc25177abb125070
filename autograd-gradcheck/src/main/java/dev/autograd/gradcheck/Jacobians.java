package dev.autograd.gradcheck;

import dev.autograd.DType;
import dev.autograd.Node;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.GradcheckOptions.Flag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Compares the derivatives of every output with respect to every input.
final class Jacobians {
  private static final String BACKWARD = "Jacobian ";
  private static final String FORWARD = "Jacobian computed with forward mode ";

  private final FunctionCheck check;
  private final Finding.Kind mismatch;
  private final Subject subject;
  private final Subject.Run run;
  private final DType precision;
  private final Differences differences;

  /// The outputs that carry a gradient, and their numbers among all.
  private final List<Tensor> tracked;

  private final List<Integer> numbers;

  /// Makes the comparison of a function that was evaluated.
  ///
  /// @param evaluate how it is called at other points
  Jacobians(
      FunctionCheck check,
      Finding.Kind mismatch,
      Subject subject,
      Subject.Run run,
      UnaryOperator<List<Tensor>> evaluate,
      Steps steps,
      DType precision) {
    this.check = check;
    this.mismatch = mismatch;
    this.subject = subject;
    this.run = run;
    this.precision = precision;
    this.tracked = run.tracked();
    this.numbers = run.trackedOutputs();
    this.differences =
        new Differences(at -> concatenated(evaluate.apply(at)), subject.point(), steps);
  }

  /// Compares every element with every element.
  void compareWhole() {
    List<double[][]> numeric = new ArrayList<>();
    for (int i : subject.variables()) {
      numeric.add(differences.jacobian(i));
    }
    if (check.options().has(Flag.CHECK_BACKWARD_AD)) {
      List<JacobianBlock> blocks = new ArrayList<>();
      for (int k = 0; k < tracked.size(); k++) {
        double[][] analytic = analytic(k);
        for (int at = 0; at < analytic.length; at++) {
          blocks.add(block(k, at, analytic[at], numeric.get(at)));
        }
      }
      compare(blocks, BACKWARD);
    }
    if (check.options().has(Flag.CHECK_FORWARD_AD)) {
      List<JacobianBlock> blocks = new ArrayList<>();
      for (int at = 0; at < numeric.size(); at++) {
        double[][] rows = forwardRows(at);
        for (int k = 0; k < tracked.size(); k++) {
          blocks.add(block(k, at, columns(k, rows), numeric.get(at)));
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
    int inputs = subject.variables().size();
    List<double[]> u = new ArrayList<>();
    List<double[]> moved = new ArrayList<>();
    for (int i : subject.variables()) {
      u.add(Weights.unit(subject.point().get(i), check.options().seed() + 2L * i));
      moved.add(differences.along(i, u.getLast()));
    }
    List<double[]> tangents = new ArrayList<>();
    for (int at = 0; at < inputs && check.options().has(Flag.CHECK_FORWARD_AD); at++) {
      tangents.add(forward(at, u.get(at)));
    }
    for (int k = 0; k < tracked.size(); k++) {
      double[] v = Weights.unit(tracked.get(k), check.options().seed() + 2L * k + 1);
      if (check.options().has(Flag.CHECK_BACKWARD_AD)) {
        double[][] grads = twice(k, v);
        for (int at = 0; at < inputs; at++) {
          double analytic = dot(grads[at], u.get(at), 0);
          compareAlong(k, at, u.get(at), v, analytic, moved.get(at), BACKWARD);
        }
      }
      for (int at = 0; at < tangents.size(); at++) {
        double analytic = dot(v, tangents.get(at), offset(k));
        compareAlong(k, at, u.get(at), v, analytic, moved.get(at), FORWARD);
      }
    }
  }

  private void compareAlong(
      int k, int at, double[] u, double[] v, double analytic, double[] moved, String mode) {
    if (u.length == 0 || v.length == 0) {
      return;
    }
    double numeric = dot(v, moved, offset(k));
    // Elements that are off by the tolerance each add up to this much.
    Tolerance each = tolerance(tracked.get(k));
    Tolerance all = new Tolerance(each.absolute() * length1(u) * length1(v), each.relative());
    check.compared(1);
    if (!all.accepts(analytic, numeric) || Double.isNaN(analytic)) {
      throw slowly(k, at, analytic, numeric, mode);
    }
  }

  /// Looks for the element behind a mismatch along a direction.
  private GradcheckException slowly(
      int k, int at, double analytic, double numeric, String mode) {
    int i = subject.variables().get(at);
    double[] whole = mode.equals(FORWARD) ? columns(k, forwardRows(at)) : analytic(k)[at];
    JacobianBlock block = block(k, at, whole, differences.jacobian(i));
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

  // --- derivatives -----------------------------------------------------------------------------

  /// Returns the values of the outputs that carry a gradient, in one row.
  private double[] concatenated(List<Tensor> out) {
    double[] all = new double[offset(tracked.size())];
    for (int k = 0; k < tracked.size(); k++) {
      double[] values = out.get(numbers.get(k)).toDoubleArray();
      System.arraycopy(values, 0, all, offset(k), values.length);
    }
    return all;
  }

  /// Returns where in that row output `k` begins.
  private int offset(int k) {
    return tracked.subList(0, k).stream().mapToInt(Tensor::numel).sum();
  }

  private JacobianBlock block(int k, int at, double[] analytic, double[][] numericRows) {
    int i = subject.variables().get(at);
    return new JacobianBlock(
        numbers.get(k),
        i,
        tracked.get(k),
        subject.point().get(i),
        analytic,
        columns(k, numericRows));
  }

  /// Returns the columns of output `k` out of rows of all outputs.
  private double[] columns(int k, double[][] rows) {
    int columns = tracked.get(k).numel();
    double[] own = new double[rows.length * columns];
    for (int e = 0; e < rows.length; e++) {
      System.arraycopy(rows[e], offset(k), own, e * columns, columns);
    }
    return own;
  }

  /// Returns a row for every element of a variable: the tangents of all outputs as it moves.
  private double[][] forwardRows(int at) {
    double[][] rows = new double[run.wanted().get(at).numel()][];
    for (int e = 0; e < rows.length; e++) {
      double[] unit = new double[rows.length];
      unit[e] = 1;
      rows[e] = forward(at, unit);
    }
    return rows;
  }

  /// Returns the tangents of all outputs, in one row, as a variable moves along a direction.
  private double[] forward(int at, double[] direction) {
    Tensor x = run.wanted().get(at);
    List<@Nullable Tensor> directions =
        new ArrayList<>(Collections.nCopies(subject.variables().size(), null));
    directions.set(at, Tensor.of(Storage.of(direction, DType.F64), x.shape()).to(x.dtype()));
    List<@Nullable Tensor> tangents = subject.tangents(directions);
    double[] row = new double[offset(tracked.size())];
    for (int k = 0; k < tracked.size(); k++) {
      double[] values = Subject.values(tangents.get(numbers.get(k)), tracked.get(k));
      System.arraycopy(values, 0, row, offset(k), values.length);
    }
    return row;
  }

  /// Returns the derivatives of output `k` with respect to each variable, row by row.
  private double[][] analytic(int k) {
    int columns = tracked.get(k).numel();
    int inputs = subject.variables().size();
    double[][] blocks = new double[inputs][];
    for (int at = 0; at < inputs; at++) {
      blocks[at] = new double[run.wanted().get(at).numel() * columns];
    }
    for (int column = 0; column < columns; column++) {
      double[] seed = new double[columns];
      seed[column] = 1;
      double[][] grads = twice(k, seed);
      for (int at = 0; at < inputs; at++) {
        for (int e = 0; e < grads[at].length; e++) {
          blocks[at][e * columns + column] = grads[at][e];
        }
      }
    }
    return blocks;
  }

  /// Walks back from output `k` two times, which must give the same.
  private double[][] twice(int k, double[] seed) {
    Tensor y = tracked.get(k);
    double[][] first = walk(y, seed);
    double[][] second = walk(y, seed);
    Tolerance same = new Tolerance(check.options().nondetTol(), 0);
    for (int at = 0; at < first.length; at++) {
      int e = Comparison.of(same, first[at], second[at]).worst();
      if (e < 0) {
        continue;
      }
      int i = subject.variables().get(at);
      Fault fault =
          Fault.at(
              Finding.Kind.GRADCHECK_NONDET,
              i,
              run.wanted().get(at).shape(),
              e,
              first[at][e],
              second[at][e],
              "");
      throw check.failure(
          fault,
          numbers.get(k),
          null,
          "backward is not reentrant: two walks from output "
              + numbers.get(k)
              + " gave other gradients of input "
              + i
              + " at "
              + fault.element()
              + ", "
              + check.apart(first[at][e], second[at][e])
              + '.',
          "");
    }
    return first;
  }

  private double[][] walk(Tensor y, double[] seed) {
    Tensor weights = Tensor.of(Storage.of(seed.clone(), DType.F64), y.shape());
    List<@Nullable Tensor> grads = run.grad(List.of(y), List.of(weights));
    double[][] values = new double[grads.size()][];
    for (int at = 0; at < values.length; at++) {
      values[at] = Subject.values(grads.get(at), run.wanted().get(at));
    }
    return values;
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
    int k = numbers.indexOf(block.output());
    int column = block.outputElement(entry);
    Diagnosis diagnosis =
        new Diagnosis(
            differences,
            block.x(),
            block.input(),
            block.inputElement(entry),
            offset(k) + column,
            block.y().toDoubleArray()[column]);
    return precision == DType.F64
        ? diagnosis.of(apart, 1e-3, 1e-5)
        : diagnosis.of(apart, 1e-1, 1e-2);
  }
}
