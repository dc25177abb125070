package dev.autograd.train;

import dev.autograd.train.checkpoint.TrainerState;
import dev.autograd.train.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// Where a run stands, between any two batches: what a checkpoint has to hold beside arrays.
final class Standing {
  /// The epoch and the batch to go on with, from 0.
  int epoch;

  int batch;

  /// The least value of the watched loss, the epoch that reached it from 1, and the epochs since.
  @Nullable Double best;

  int bestEpoch;
  int badEpochs;

  /// Sums over the samples of the epoch so far.
  double lossSum;

  long samples;
  long correct;

  TrainerState state(long steps, long seed, long metricsPosition) {
    JsonObject sums =
        new JsonObject()
            .put("lossSum", lossSum)
            .put("samples", samples)
            .put("correct", correct)
            .put("bestEpoch", bestEpoch);
    return new TrainerState(epoch, batch, steps, seed, metricsPosition, best, badEpochs, sums);
  }

  static Standing of(TrainerState state, Place place) {
    Standing s = new Standing();
    s.epoch = state.epoch();
    s.batch = state.batch();
    s.best = state.bestValue();
    s.bestEpoch = state.extra().count("bestEpoch", place);
    s.badEpochs = state.badEpochs();
    s.lossSum = state.extra().number("lossSum", place);
    s.samples = state.extra().integer("samples", place);
    s.correct = state.extra().integer("correct", place);
    return s;
  }

  /// Takes note of the watched loss of the epoch that ended; tells whether it is the best so far.
  boolean judge(double value) {
    boolean better = !Double.isNaN(value) && (best == null || value < best);
    if (better) {
      best = value;
      bestEpoch = epoch + 1;
      badEpochs = 0;
    } else {
      badEpochs++;
    }
    return better;
  }

  void nextEpoch() {
    epoch++;
    batch = 0;
    lossSum = 0;
    samples = 0;
    correct = 0;
  }
}
