package dev.autograd.train;

import dev.autograd.Tensor;
import dev.autograd.TensorScope;
import dev.autograd.nn.Layer;
import dev.autograd.optim.GradientClipping;
import dev.autograd.optim.Optimizer;
import dev.autograd.optim.Schedule;
import dev.autograd.train.config.TrainConfig;
import dev.autograd.train.data.Batch;
import dev.autograd.train.data.BatchOrder;
import dev.autograd.train.data.Loader;
import dev.autograd.train.data.Targets;
import java.util.function.BooleanSupplier;

/// Trains on the batches of an epoch.
final class EpochLoop {
  /// Weight of the newest batch in the time that a batch takes.
  private static final double NEWEST = 0.05;

  /// Sees each batch after it was trained on.
  @FunctionalInterface
  interface Watcher {
    /// Receives the progress, the loss of the batch alone, and whether a step was taken with it.
    void batch(TrainListener.Progress progress, double loss, boolean stepped);
  }

  private final TrainConfig.Train config;
  private final Layer model;
  private final Objective objective;
  private final Loader loader;
  private final Optimizer optimizer;
  private final Schedule schedule;
  private final double baseRate;
  private double secondsPerBatch = Double.NaN;

  EpochLoop(Preparation prepared, Optimizer optimizer, Schedule schedule) {
    this.config = prepared.config().train();
    this.model = prepared.model();
    this.objective = prepared.objective();
    this.loader = prepared.loader();
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.baseRate = prepared.config().optimizer().number("lr");
  }

  /// Trains from where `at` stands to the end of the epoch, or until `stop` says so after a step.
  ///
  /// @return whether the epoch was trained to its end
  /// @throws DivergedException if the loss of a batch is not finite; no step is taken with it
  boolean train(Standing at, BooleanSupplier stop, Watcher watcher) {
    int batches = loader.order().batches();
    long start = System.nanoTime();
    long before = at.samples;
    long last = start;
    model.train(true);
    for (Batch batch : loader.epoch(at.epoch, at.batch)) {
      boolean stepped =
          (batch.index() + 1) % config.accumulate() == 0 || batch.index() == batches - 1;
      double value = learn(batch, stepped, at);
      at.batch = batch.index() + 1;
      at.lossSum += value * batch.size();
      at.samples += batch.size();
      long now = System.nanoTime();
      double seconds = (now - last) / 1e9;
      last = now;
      secondsPerBatch =
          Double.isNaN(secondsPerBatch)
              ? seconds
              : (1 - NEWEST) * secondsPerBatch + NEWEST * seconds;
      double rate = (at.samples - before) / Math.max(1e-9, (now - start) / 1e9);
      watcher.batch(progress(at, batches, rate), value, stepped);
      // Between the batches of one step the gradients would be lost.
      if (stepped && stop.getAsBoolean()) {
        return false;
      }
    }
    return true;
  }

  /// Learns from a batch, counts its right answers and returns its loss.
  private double learn(Batch batch, boolean steps, Standing at) {
    try (var _ = TensorScope.open()) {
      Tensor y = model.forward(Tensor.of(batch.features(), batch.shape()));
      Tensor loss = objective.loss(y, batch);
      double value = loss.item();
      if (!Double.isFinite(value)) {
        throw new DivergedException(at.epoch + 1, optimizer.steps(), value);
      }
      weighted(loss, batch).backward();
      if (steps) {
        step();
      }
      at.correct += correct(y, batch);
      return value;
    }
  }

  private TrainListener.Progress progress(Standing at, int batches, double rate) {
    long left = (long) (config.epochs() - at.epoch) * batches - at.batch;
    return new TrainListener.Progress(
        at.epoch + 1,
        config.epochs(),
        at.batch,
        batches,
        at.lossSum / at.samples,
        objective.classifies() ? (double) at.correct / at.samples : Double.NaN,
        rate,
        optimizer.learningRate(),
        left * secondsPerBatch);
  }

  /// Weighs a batch by its share of the samples of its step, so that several batches make the step
  /// that one large batch would.
  private Tensor weighted(Tensor loss, Batch batch) {
    if (config.accumulate() == 1) {
      return loss;
    }
    BatchOrder order = loader.order();
    int first = batch.index() / config.accumulate() * config.accumulate();
    long end = Math.min((long) first + config.accumulate(), order.batches());
    long samples =
        Math.min(end * order.batchSize(), order.size()) - (long) first * order.batchSize();
    return loss.mul((double) batch.size() / samples);
  }

  private void step() {
    if (config.gradClip() != null) {
      GradientClipping.byNorm(model.parameters(), config.gradClip());
    }
    optimizer.learningRate(baseRate * schedule.factor(optimizer.steps()));
    optimizer.step();
    optimizer.zeroGrad();
  }

  /// Sets the rate that the last step was taken with, as it is after a step.
  void restoreRate() {
    optimizer.learningRate(baseRate * schedule.factor(Math.max(0, optimizer.steps() - 1)));
  }

  private static int correct(Tensor y, Batch batch) {
    int correct = 0;
    if (batch.targets() instanceof Targets.Classes c) {
      long[] answers = y.detach().argmax(-1).toLongArray();
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] == c.ids()[i]) {
          correct++;
        }
      }
    }
    return correct;
  }
}
