package dev.autograd.train;

import dev.autograd.nn.Layer;
import dev.autograd.optim.Optimizer;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.checkpoint.Checkpoint;
import dev.autograd.train.config.ConfigLayers;
import dev.autograd.train.config.ConfigLayers.Resolved;
import dev.autograd.train.config.TrainConfig;
import dev.autograd.train.data.DataSplits;
import dev.autograd.train.json.JsonObject;
import dev.autograd.train.metrics.EpochRecord;
import dev.autograd.train.run.MetricsLog;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunRecord;
import dev.autograd.train.run.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Trains one model in one run directory.
///
/// Everything follows from the configuration: the same one gives the same bits on any number of
/// threads. A run that was interrupted, between any two steps, goes on to the weights that it would
/// have reached without the interruption.
public final class Trainer {
  private static final String LOSS = "loss";
  private static final String ACCURACY = "accuracy";

  /// What may differ when a run goes on: how long it trains and what it writes, not what it learns.
  private static final Set<String> FREE =
      Set.of(
          "train.epochs",
          "train.maxTime",
          "train.patience",
          "train.checkpointEvery",
          "train.logEvery",
          "outputs",
          "name");

  /// How a run ended.
  ///
  /// @param status finished or interrupted
  /// @param epochs whole epochs trained
  /// @param steps optimizer steps taken, over all resumptions
  /// @param seconds spent in this process
  /// @param last what was measured in the last epoch, if one ended
  /// @param test what the best model reached on the test data; `null` if there are none or the run
  ///   was interrupted
  public record Result(
      RunStatus status,
      int epochs,
      long steps,
      double seconds,
      @Nullable EpochRecord last,
      Evaluator.@Nullable Result test) {}

  /// Why the epochs ended.
  private enum End {
    DONE,
    TIME,
    STOP
  }

  private final Preparation prepared;
  private final TrainConfig config;
  private final TrainListener listener;
  private final Optimizer optimizer;
  private final EpochLoop loop;
  private final RunFiles files;
  private final boolean resuming;

  private volatile boolean stop;
  private Standing at = new Standing();
  private @Nullable EpochRecord last;

  private Trainer(
      Preparation prepared, RunDirectory run, TrainListener listener, boolean resuming) {
    this.prepared = prepared;
    this.config = prepared.config();
    this.listener = listener;
    this.resuming = resuming;
    this.optimizer = Optimization.optimizer(config.optimizer(), prepared.model().namedParameters());
    TrainConfig.Train t = config.train();
    long steps = (prepared.loader().order().batches() + t.accumulate() - 1L) / t.accumulate();
    this.loop =
        new EpochLoop(
            prepared,
            optimizer,
            Optimization.schedule(
                config.schedule(), config.optimizer().number("lr"), steps, t.epochs()));
    this.files = new RunFiles(run, prepared, optimizer, watched());
  }

  /// Makes a trainer of a new run, and writes the run's record and configuration.
  public static Trainer start(
      Preparation prepared, RunDirectory run, RunRecord record, TrainListener listener) {
    Trainer trainer = new Trainer(prepared, run, listener, false);
    run.write(record);
    trainer.files.writeConfig();
    return trainer;
  }

  /// Prepares to go on with a run from its last checkpoint; from its beginning, if it was ended
  /// before there was one. Nothing is written before [#run].
  ///
  /// @param resolved the run's own configuration, perhaps with more epochs or another way to end
  /// @throws InputException of kind CONFIG when something else differs from the run's
  ///   configuration, of kind DATA when the checkpoint is damaged or another process trains in the
  ///   run, of kind USAGE when the run is complete
  public static Trainer resume(
      Resolved resolved, RunDirectory run, OpRegistry registry, TrainListener listener) {
    resolved.requireSame(new ConfigLayers().file(run.configFile()).resolve(), FREE);
    run.lock().close();
    Trainer trainer = new Trainer(Preparation.of(resolved, registry), run, listener, true);
    trainer.at = trainer.files.restore();
    int epochs = trainer.config.train().epochs();
    if (trainer.at.epoch >= epochs && run.record().status() == RunStatus.FINISHED) {
      throw InputException.usage(
              "the run is complete: it has trained %d of %d epochs"
                  .formatted(trainer.at.epoch, epochs))
          .hint("Ask for more of them to go on: --epochs " + 2 * epochs)
          .build();
    }
    return trainer;
  }

  /// Asks a running [#run] to end after the step it is at, with a checkpoint; from any thread.
  public void stop() {
    stop = true;
  }

  /// Returns the model.
  public Layer model() {
    return prepared.model();
  }

  /// Returns the data.
  public DataSplits data() {
    return prepared.data();
  }

  /// Returns the whole epochs trained so far.
  public int epochs() {
    return at.epoch;
  }

  /// Trains to the end, or until [#stop].
  ///
  /// @throws DivergedException if the loss or a weight is no longer finite
  /// @throws InputException of kind DATA if another process trains in the run, or a file cannot be
  ///   written
  public Result run() {
    long start = System.nanoTime();
    try (RunDirectory.Lock _ = files.lock();
        MetricsLog log = files.openMetrics()) {
      prepared.restoreGenerator();
      if (resuming) {
        // Another process may have trained on between the preparation and the lock.
        at = files.restore();
        loop.restoreRate();
        files.takeUp(log);
      }
      files.log((resuming ? "resumed in epoch " : "started in epoch ") + (at.epoch + 1));
      return files.recording(start, at, () -> train(log, start));
    }
  }

  private Result train(MetricsLog log, long start) {
    End end = epochs(log, start);
    Evaluator.Result test = end == End.STOP ? null : test();
    return new Result(
        end == End.STOP ? RunStatus.INTERRUPTED : RunStatus.FINISHED,
        at.epoch,
        optimizer.steps(),
        seconds(start),
        last,
        test);
  }

  private End epochs(MetricsLog log, long start) {
    TrainConfig.Train t = config.train();
    while (at.epoch < t.epochs()) {
      long epochStart = System.nanoTime();
      if (!loop.train(at, () -> stop || timeIsUp(start), (p, loss, s) -> batch(log, p, loss, s))) {
        files.requireFinite(at);
        files.checkpoint(at, log, TrainedModel.LAST);
        say("stopped in epoch %d after batch %d".formatted(at.epoch + 1, at.batch));
        return stop ? End.STOP : End.TIME;
      }
      files.requireFinite(at);
      EpochRecord measured = measure(epochStart);
      last = measured;
      log.append(measured.toJson());
      listener.epoch(measured, t.epochs());
      boolean better = at.judge(measured.values().getOrDefault(watched(), Double.NaN));
      at.nextEpoch();
      boolean tired = t.patience() != null && at.badEpochs >= t.patience();
      if (better) {
        files.checkpoint(at, log, TrainedModel.BEST);
      }
      if (at.epoch % t.checkpointEvery() == 0 || at.epoch == t.epochs() || tired) {
        files.checkpoint(at, log, TrainedModel.LAST);
      }
      files.refresh(at);
      if (tired) {
        say(
            "stopped early: %s did not improve for %d epochs, the best was epoch %d"
                .formatted(watched(), at.badEpochs, at.bestEpoch));
        return End.DONE;
      }
    }
    return End.DONE;
  }

  private boolean timeIsUp(long start) {
    return config.train().maxTime() != null
        && System.nanoTime() - start >= config.train().maxTime().toNanos();
  }

  private void say(String text) {
    files.log(text);
    listener.message(text);
  }

  private void batch(
      MetricsLog log, TrainListener.Progress progress, double loss, boolean stepped) {
    int every = config.train().logEvery();
    if (every > 0 && stepped && optimizer.steps() % every == 0) {
      log.append(
          new JsonObject()
              .put("kind", "step")
              .put("epoch", progress.epoch())
              .put("step", optimizer.steps())
              .put(LOSS, loss)
              .put("lr", optimizer.learningRate()));
    }
    listener.batch(progress);
  }

  private EpochRecord measure(long epochStart) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(LOSS, at.lossSum / at.samples);
    if (prepared.objective().classifies()) {
      values.put(ACCURACY, (double) at.correct / at.samples);
    }
    if (data().validation().size() > 0) {
      Evaluator.evaluate(model(), data().validation(), prepared.objective())
          .values()
          .forEach((name, v) -> values.put("val_" + name, v));
    }
    values.put("lr", optimizer.learningRate());
    return new EpochRecord(at.epoch + 1, optimizer.steps(), seconds(epochStart), values);
  }

  /// The loss, not the accuracy: on few samples an early epoch is the most accurate by luck.
  private String watched() {
    return data().validation().size() > 0 ? "val_" + LOSS : LOSS;
  }

  /// Measures the best model on the test data.
  private Evaluator.@Nullable Result test() {
    if (data().test().size() == 0) {
      return null;
    }
    Path best = files.checkpointFile(TrainedModel.BEST);
    if (Files.exists(best)) {
      Snapshot.restoreModel(Checkpoint.read(best), model(), best);
    }
    Evaluator.Result test = Evaluator.evaluate(model(), data().test(), prepared.objective());
    files.log("test: " + test.values());
    return test;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
