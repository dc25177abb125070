package dev.autograd.train.data;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/// Hands out the mini-batches of a dataset, epoch by epoch.
///
/// @param order must be for as many samples as the dataset has
public record Loader(Dataset dataset, BatchOrder order) {
  public Loader {
    if (order.size() != dataset.size()) {
      throw new IllegalArgumentException(
          "loader: the order is for %d samples, the dataset has %d"
              .formatted(order.size(), dataset.size()));
    }
  }

  /// Shuffles each epoch by the seed and keeps a smaller last batch.
  public static Loader shuffled(Dataset dataset, int batchSize, long seed) {
    return new Loader(dataset, new BatchOrder(dataset.size(), batchSize, seed, true, false));
  }

  /// Keeps the order of the dataset, for evaluation.
  public static Loader inOrder(Dataset dataset, int batchSize) {
    return new Loader(dataset, new BatchOrder(dataset.size(), batchSize, 0, false, false));
  }

  /// Returns the batches of an epoch from one batch on, each made when it is asked for.
  ///
  /// @param firstBatch where to begin; 0 for the whole epoch, `order.batches()` for nothing
  /// @throws IndexOutOfBoundsException when the epoch is shorter
  public Iterable<Batch> epoch(int epoch, int firstBatch) {
    Objects.checkIndex(firstBatch, order.batches() + 1);
    int[] rows = order.rows(epoch);
    return () ->
        new Iterator<>() {
          private int next = firstBatch;

          @Override
          public boolean hasNext() {
            return next < order.batches();
          }

          @Override
          public Batch next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            int index = next++;
            return gather(index, order.batch(rows, index));
          }
        };
  }

  private Batch gather(int index, int[] rows) {
    int[] sample = dataset.sampleShape();
    int[] shape = new int[sample.length + 1];
    shape[0] = rows.length;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return new Batch(index, rows, dataset.gather(rows), shape, dataset.targets().select(rows));
  }
}
