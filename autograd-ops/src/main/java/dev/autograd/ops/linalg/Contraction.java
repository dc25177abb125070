package dev.autograd.ops.linalg;

import dev.autograd.Tensor;
import dev.autograd.ops.shape.Diagonal;
import dev.autograd.ops.shape.Permute;
import dev.autograd.ops.shape.Undiagonal;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// A tensor whose dimensions have labels.
///
/// @param tensor the tensor
/// @param labels one label for each dimension
record Contraction(Tensor tensor, int[] labels) {

  /// Returns one label for each dimension after the diagonals of repeated ones are taken: what
  /// [#withoutRepeats] leaves.
  static int[] distinct(int... labels) {
    int[] left = labels;
    for (int[] pair = repeated(left); pair.length > 0; pair = repeated(left)) {
      left = diagonal(left, pair);
    }
    return left;
  }

  /// Returns the first two places of one label, or nothing.
  private static int[] repeated(int... labels) {
    for (int p = 0; p < labels.length; p++) {
      for (int q = p + 1; q < labels.length; q++) {
        if (labels[p] == labels[q]) {
          return new int[] {p, q};
        }
      }
    }
    return new int[0];
  }

  /// Returns the labels after the diagonal of two dimensions has become the last one.
  private static int[] diagonal(int[] labels, int[] pair) {
    return IntStream.concat(
            IntStream.range(0, labels.length)
                .filter(d -> d != pair[0] && d != pair[1])
                .map(d -> labels[d]),
            IntStream.of(labels[pair[0]]))
        .toArray();
  }

  /// Takes the diagonals of repeated labels.
  Contraction withoutRepeats() {
    Contraction x = this;
    for (int[] pair = repeated(x.labels); pair.length > 0; pair = repeated(x.labels)) {
      x =
          new Contraction(
              Diagonal.diagonal(x.tensor, 0, pair[0], pair[1]), diagonal(x.labels, pair));
    }
    return x;
  }

  /// Lays this, labelled as [#distinct] leaves `repeated`, along the diagonals that these were
  /// taken from.
  static Tensor alongDiagonals(Tensor x, int... labels) {
    int[] pair = repeated(labels);
    if (pair.length == 0) {
      return x;
    }
    // As deep as labels repeat, which is the rank at most.
    Tensor inner = alongDiagonals(x, diagonal(labels, pair));
    int n = inner.size(-1);
    return new Undiagonal(0, pair[0], pair[1], n, n).apply(inner);
  }

  /// Sums over the labels that are not to be kept.
  Contraction summed(IntPredicate kept) {
    int[] gone = IntStream.range(0, labels.length).filter(d -> !kept.test(labels[d])).toArray();
    return gone.length == 0
        ? this
        : new Contraction(tensor.sum(gone, false), Arrays.stream(labels).filter(kept).toArray());
  }

  /// Puts the dimensions in the order of `to`, which has the same labels.
  Tensor ordered(int... to) {
    if (Arrays.equals(labels, to)) {
      return tensor;
    }
    return Permute.permute(tensor, Arrays.stream(to).map(this::place).toArray());
  }

  private int place(int label) {
    return IntStream.range(0, labels.length).filter(d -> labels[d] == label).findFirst().orElse(-1);
  }

  private boolean has(int label) {
    return place(label) >= 0;
  }

  /// Multiplies by `other` and sums over the labels that are not to be kept.
  Contraction times(Contraction other, IntPredicate kept) {
    Contraction a = summed(l -> kept.test(l) || other.has(l));
    Contraction b = other.summed(l -> kept.test(l) || has(l));
    int[] batch = Arrays.stream(a.labels).filter(l -> b.has(l) && kept.test(l)).toArray();
    int[] inner = Arrays.stream(a.labels).filter(l -> b.has(l) && !kept.test(l)).toArray();
    int[] left = Arrays.stream(a.labels).filter(l -> !b.has(l)).toArray();
    int[] right = Arrays.stream(b.labels).filter(l -> !a.has(l)).toArray();
    int[] product = join(batch, left, right);
    Tensor x = a.ordered(join(batch, left, inner));
    Tensor y = b.ordered(join(batch, inner, right));
    int[] xs = x.shape().dims();
    int[] ys = y.shape().dims();
    int[] lead = Arrays.copyOf(xs, batch.length);
    int[] rows = Arrays.copyOfRange(xs, batch.length, batch.length + left.length);
    int[] columns = Arrays.copyOfRange(ys, ys.length - right.length, ys.length);
    if (inner.length == 0) {
      int[] ones = new int[right.length];
      Arrays.fill(ones, 1);
      int[] gaps = new int[left.length];
      Arrays.fill(gaps, 1);
      Tensor outer =
          reshaped(x, join(lead, rows, ones)).mul(reshaped(y, join(lead, gaps, columns)));
      return new Contraction(outer, product);
    }
    int[] sizes = Arrays.copyOfRange(xs, batch.length + left.length, xs.length);
    int[] flat = batch.length == 0 ? new int[0] : new int[] {count(lead)};
    Tensor z =
        reshaped(x, join(flat, new int[] {count(rows), count(sizes)}))
            .matmul(reshaped(y, join(flat, new int[] {count(sizes), count(columns)})));
    return new Contraction(reshaped(z, join(lead, rows, columns)), product);
  }

  private static Tensor reshaped(Tensor x, int... shape) {
    return Arrays.equals(x.shape().dims(), shape) ? x : x.reshape(shape);
  }

  private static int[] join(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  private static int count(int... sizes) {
    return Arrays.stream(sizes).reduce(1, (p, q) -> p * q);
  }
}
