package dev.autograd.gradcheck;

import dev.autograd.DType;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.difference.Differences;
import dev.autograd.gradcheck.difference.Steps;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The derivatives of one function at one point: by walking back, in forward mode, by differences.
final class Derivatives {
  private final FunctionCheck check;
  private final Subject subject;
  private final Subject.Run run;
  private final Differences differences;

  /// The outputs that carry a gradient, and their numbers among all.
  private final List<Tensor> tracked;

  private final List<Integer> numbers;

  /// Takes a function that was evaluated.
  ///
  /// @param evaluate how it is called at other points
  Derivatives(
      FunctionCheck check,
      Subject subject,
      Subject.Run run,
      UnaryOperator<List<Tensor>> evaluate,
      Steps steps) {
    this.check = check;
    this.subject = subject;
    this.run = run;
    this.tracked = run.tracked();
    this.numbers = run.trackedOutputs();
    this.differences =
        new Differences(at -> concatenated(evaluate.apply(at)), subject.point(), steps);
  }

  /// Returns the function and its point.
  Subject subject() {
    return subject;
  }

  /// Returns the outputs that carry a gradient.
  List<Tensor> tracked() {
    return tracked;
  }

  /// Returns the numbers of these outputs among all.
  List<Integer> numbers() {
    return numbers;
  }

  /// Returns the differences of the values of these outputs, in one row.
  Differences differences() {
    return differences;
  }

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
  int offset(int k) {
    return tracked.subList(0, k).stream().mapToInt(Tensor::numel).sum();
  }

  /// Returns the columns of output `k` out of rows of all outputs.
  double[] columns(int k, double[][] rows) {
    int columns = tracked.get(k).numel();
    double[] own = new double[rows.length * columns];
    for (int e = 0; e < rows.length; e++) {
      System.arraycopy(rows[e], offset(k), own, e * columns, columns);
    }
    return own;
  }

  /// Returns a row for every element of a variable: the tangents of all outputs as it moves.
  double[][] forwardRows(int at) {
    double[][] rows = new double[run.wanted().get(at).numel()][];
    for (int e = 0; e < rows.length; e++) {
      double[] unit = new double[rows.length];
      unit[e] = 1;
      rows[e] = forward(at, unit);
    }
    return rows;
  }

  /// Returns the tangents of all outputs, in one row, as a variable moves along a direction.
  double[] forward(int at, double[] direction) {
    Tensor x = run.wanted().get(at);
    List<@Nullable Tensor> directions = Subject.absent(subject.variables().size());
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
  double[][] backward(int k) {
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
  double[][] twice(int k, double[] seed) {
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
}
