package dev.autograd.ops.loss;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import org.jspecify.annotations.Nullable;

/// The shares q of the classes in a cross-entropy, position by position.
final class Rows {
  private final CrossEntropy loss;
  private final int classes;
  private final int inner;
  private final int count;
  private final long @Nullable [] index;
  private final double @Nullable [] probability;
  private final double @Nullable [] weight;

  private Rows(CrossEntropy loss, Tensor... in) {
    this.loss = loss;
    Shape x = in[0].shape();
    Tensor target = in[1];
    count = ClassIndices.withoutClasses("cross_entropy", x).numel();
    classes = x.size(1);
    inner = x.size(0) == 0 ? 0 : count / x.size(0);
    if (target.dtype().isFloating()) {
      Operands.floating("cross_entropy", in[0], target);
      Operands.sameShape("cross_entropy", "scores", in[0], "probabilities", target);
      probability = target.toDoubleArray();
      index = null;
    } else {
      probability = null;
      index = ClassIndices.of("cross_entropy", x, target, loss.ignoreIndex()).index();
    }
    weight = loss.weighted() ? CrossEntropy.weights("cross_entropy", in[2], classes) : null;
  }

  /// Checks and reads the operands x, target and perhaps class weights.
  static Rows of(CrossEntropy loss, Tensor... in) {
    return new Rows(loss, in);
  }

  int count() {
    return count;
  }

  int classes() {
    return classes;
  }

  int inner() {
    return inner;
  }

  /// Returns where the scores of position `i` begin; they lie [#inner] apart.
  int begin(int i) {
    return i / inner * classes * inner + i % inner;
  }

  /// Tells whether a position has one class with the whole share.
  boolean plain() {
    return index != null && loss.labelSmoothing() == 0;
  }

  boolean counts(int i) {
    return index == null || index[i] != loss.ignoreIndex();
  }

  /// Returns the class of position `i`, −1 if it is ignored.
  int target(int i) {
    return index == null || !counts(i) ? -1 : (int) index[i];
  }

  double weight(int c) {
    return weight == null ? 1 : weight[c];
  }

  /// Returns the share of class `c` at position `i`.
  double q(int i, int c) {
    double own =
        index != null
            ? (index[i] == c ? 1 : 0)
            : probability == null ? 0 : probability[begin(i) + c * inner];
    double smoothing = loss.labelSmoothing();
    return weight(c) * ((1 - smoothing) * own + smoothing / classes);
  }

  /// Returns what the mean divides by.
  double total() {
    if (index == null) {
      return count;
    }
    double total = 0;
    for (int i = 0; i < count; i++) {
      int c = target(i);
      total += c < 0 ? 0 : weight(c);
    }
    return total;
  }

  /// Turns the softmax in `dx` into the gradient, for positions `[from, to)`.
  ///
  /// @param g the gradient of the reduced loss
  void gradient(Tensor g, Tensor dx, int from, int to, double total) {
    boolean apart = loss.reduction() == Reduction.NONE;
    Storage factors = g.memory();
    int first = g.offset();
    double shared = apart ? 0 : factors.getDouble(first);
    shared = loss.reduction() == Reduction.MEAN ? shared / total : shared;
    float @Nullable [] f32 = dx.dtype() == DType.F32 ? dx.memory().floats() : null;
    double[] f64 = f32 == null ? dx.memory().doubles() : new double[0];
    for (int i = from; i < to; i++) {
      // An ignored position has no gradient, whatever its scores are.
      double factor = counts(i) ? apart ? factors.getDouble(first + i) : shared : 0;
      if (f32 != null) {
        gradient(f32, i, factor);
      } else {
        gradient(f64, i, factor);
      }
    }
  }

  private void gradient(float[] p, int i, double factor) {
    int at = begin(i);
    int end = at + classes * inner;
    if (!counts(i)) {
      for (int j = at; j < end; j += inner) {
        p[j] = 0;
      }
    } else if (plain()) {
      int hot = target(i);
      float each = (float) (factor * weight(hot));
      p[at + hot * inner] -= 1;
      if (inner == 1) {
        for (int j = at; j < end; j++) {
          p[j] *= each;
        }
        return;
      }
      for (int j = at; j < end; j += inner) {
        p[j] *= each;
      }
    } else {
      double all = shares(i);
      for (int c = 0; c < classes; c++) {
        int j = at + c * inner;
        p[j] = (float) ((p[j] * all - q(i, c)) * factor);
      }
    }
  }

  private void gradient(double[] p, int i, double factor) {
    int at = begin(i);
    int end = at + classes * inner;
    if (!counts(i)) {
      for (int j = at; j < end; j += inner) {
        p[j] = 0;
      }
    } else if (plain()) {
      int hot = target(i);
      double each = factor * weight(hot);
      p[at + hot * inner] -= 1;
      if (inner == 1) {
        for (int j = at; j < end; j++) {
          p[j] *= each;
        }
        return;
      }
      for (int j = at; j < end; j += inner) {
        p[j] *= each;
      }
    } else {
      double all = shares(i);
      for (int c = 0; c < classes; c++) {
        int j = at + c * inner;
        p[j] = (p[j] * all - q(i, c)) * factor;
      }
    }
  }

  private double shares(int i) {
    double all = 0;
    for (int c = 0; c < classes; c++) {
      all += q(i, c);
    }
    return all;
  }
}
