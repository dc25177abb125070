package dev.autograd.train;

import dev.autograd.train.metrics.EpochRecord;

/// Watches a run: a progress bar, a log, a live page.
public interface TrainListener {
  /// What is known after a batch.
  ///
  /// @param epoch from 1
  /// @param epochs how many there will be at most
  /// @param batch from 1, within the epoch
  /// @param batches in the epoch
  /// @param loss mean training loss of the epoch so far
  /// @param accuracy mean training accuracy of the epoch so far; NaN for regression
  /// @param samplesPerSecond in this epoch
  /// @param learningRate of the last step
  /// @param secondsLeft how long the batches that remain will take, by the latest ones
  record Progress(
      int epoch,
      int epochs,
      int batch,
      int batches,
      double loss,
      double accuracy,
      double samplesPerSecond,
      double learningRate,
      double secondsLeft) {}

  /// A batch was trained on.
  default void batch(Progress progress) {}

  /// An epoch ended and was measured.
  default void epoch(EpochRecord measured, int epochs) {}

  /// Something happened that a person may want to know, such as an early stop.
  default void message(String text) {}

  /// Watches nothing.
  static TrainListener none() {
    return new TrainListener() {};
  }
}
