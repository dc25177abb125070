package dev.autograd.train.metrics;

import java.util.List;

/// Counts how often each class was taken for each.
///
/// A measure whose denominator is zero, such as the precision of a class never predicted, is 0.
public final class ConfusionMatrix {
  private final List<String> classes;
  private final long[][] counts;

  /// Starts with no answers.
  public ConfusionMatrix(List<String> classes) {
    this.classes = List.copyOf(classes);
    this.counts = new long[classes.size()][classes.size()];
  }

  /// Counts one answer.
  ///
  /// @throws IndexOutOfBoundsException when there is no such class
  public void add(int actual, int predicted) {
    counts[actual][predicted]++;
  }

  /// Counts the answers of a batch by its scores: the largest counts, of equal ones the first; NaN
  /// counts as smallest.
  ///
  /// @param scores `[actual.length, classes]`, row-major: logits or probabilities
  public void add(int[] actual, float[] scores) {
    int width = classes.size();
    if (scores.length != (long) actual.length * width) {
      throw new IllegalArgumentException(
          "confusion matrix: %d samples of %d classes need %d scores, got %d"
              .formatted(actual.length, width, (long) actual.length * width, scores.length));
    }
    for (int i = 0; i < actual.length; i++) {
      int best = 0;
      for (int c = 1; c < width; c++) {
        float score = scores[i * width + c];
        float leading = scores[i * width + best];
        if (score > leading || (Float.isNaN(leading) && !Float.isNaN(score))) {
          best = c;
        }
      }
      add(actual[i], best);
    }
  }

  /// Returns the names of the classes.
  public List<String> classes() {
    return classes;
  }

  /// Returns how often `actual` was taken for `predicted`.
  public long count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /// Returns how many answers were counted.
  public long total() {
    long total = 0;
    for (int c = 0; c < counts.length; c++) {
      total += actual(c);
    }
    return total;
  }

  /// Returns the share of right answers; NaN when nothing was counted.
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < counts.length; c++) {
      right += counts[c][c];
    }
    return (double) right / total();
  }

  /// Returns the share of right ones among the answers `c`.
  public double precision(int c) {
    return share(counts[c][c], predicted(c));
  }

  /// Returns the share of the samples of class `c` that were recognised.
  public double recall(int c) {
    return share(counts[c][c], actual(c));
  }

  /// Returns the harmonic mean of precision and recall of a class.
  public double f1(int c) {
    return share(2 * counts[c][c], predicted(c) + actual(c));
  }

  /// Returns the mean of [#f1(int)] over the classes, each counting the same; classes that are
  /// neither there nor predicted are left out.
  public double macroF1() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < counts.length; c++) {
      if (predicted(c) + actual(c) > 0) {
        sum += f1(c);
        present++;
      }
    }
    return sum / present;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private long actual(int c) {
    long sum = 0;
    for (long count : counts[c]) {
      sum += count;
    }
    return sum;
  }

  private long predicted(int c) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[c];
    }
    return sum;
  }
}
