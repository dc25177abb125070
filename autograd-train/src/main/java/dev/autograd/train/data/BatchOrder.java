package dev.autograd.train.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/// Which samples make up which mini-batch of which epoch.
///
/// The order depends on the seed and the epoch alone, so any batch of any epoch can be found again
/// without drawing those before it: that is how a run resumes in the middle of an epoch.
///
/// @param size how many samples there are
/// @param batchSize samples per batch; the last batch of an epoch may be smaller
/// @param seed decides the order
/// @param shuffle whether each epoch has its own order; if not, samples come in file order
/// @param dropLast whether to leave out a smaller last batch
public record BatchOrder(int size, int batchSize, long seed, boolean shuffle, boolean dropLast) {
  private static final long STREAM = 0x6F72646572L << 24;

  public BatchOrder {
    if (size < 0 || batchSize < 1) {
      throw new IllegalArgumentException(
          "batch order: size must be >= 0 and batch size >= 1, got %d and %d"
              .formatted(size, batchSize));
    }
  }

  /// Returns how many batches an epoch has.
  public int batches() {
    return dropLast ? size / batchSize : (int) (((long) size + batchSize - 1) / batchSize);
  }

  /// Returns all rows in the order of an epoch.
  public int[] rows(int epoch) {
    int[] rows = IntStream.range(0, size).toArray();
    if (shuffle) {
      SplitMix64.of(seed, STREAM + epoch).shuffle(rows);
    }
    return rows;
  }

  /// Cuts the rows of one batch out of an epoch's order.
  ///
  /// @throws IndexOutOfBoundsException when the epoch has no such batch
  public int[] batch(int[] epochRows, int index) {
    Objects.checkIndex(index, batches());
    int from = index * batchSize;
    return Arrays.copyOfRange(epochRows, from, Math.min(size, from + batchSize));
  }
}
