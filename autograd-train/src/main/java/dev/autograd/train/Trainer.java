package dev.autograd.train;

import dev.autograd.Generator;
import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.optim.GradientClipping;
import dev.autograd.optim.Optimizer;
import dev.autograd.optim.Schedule;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.checkpoint.Checkpoint;
import dev.autograd.train.checkpoint.TrainerState;
import dev.autograd.train.config.ConfigLayers.Resolved;
import dev.autograd.train.config.ModelSpec;
import dev.autograd.train.config.TrainConfig;
import dev.autograd.train.data.Batch;
import dev.autograd.train.data.BatchOrder;
import dev.autograd.train.data.DataSources;
import dev.autograd.train.data.DataSplits;
import dev.autograd.train.data.Loader;
import dev.autograd.train.data.Targets;
import dev.autograd.train.json.JsonObject;
import dev.autograd.train.metrics.EpochRecord;
import dev.autograd.train.model.ModelFactory;
import dev.autograd.train.model.ModelShape;
import dev.autograd.train.run.AtomicFiles;
import dev.autograd.train.run.MetricsCsv;
import dev.autograd.train.run.MetricsLog;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunRecord;
import dev.autograd.train.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Trains one model in one run directory.
///
/// Everything follows from the configuration: the same one gives the same bits on any number of
/// threads. A run that was interrupted, between any two batches, goes on to the weights that it
/// would have reached without the interruption.
public final class Trainer {
  private static final String LOSS = "loss";
  private static final String ACCURACY = "accuracy";

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

  private final TrainConfig config;
  private final RunDirectory run;
  private final TrainListener listener;
  private final DataSplits data;
  private final Objective objective;
  private final Layer model;
  private final Optimizer optimizer;
  private final Loader loader;
  private final Schedule schedule;
  private final boolean resuming;

  private volatile boolean stop;
  private int epoch;
  private int firstBatch;
  private @Nullable Double best;
  private int badEpochs;
  private double lossSum;
  private long samples;
  private long correct;
  private @Nullable EpochRecord last;

  private Trainer(
      TrainConfig config,
      RunDirectory run,
      OpRegistry registry,
      TrainListener listener,
      boolean resuming) {
    this.config = config;
    this.run = run;
    this.listener = listener;
    this.resuming = resuming;
    this.data = DataSources.load(config.data().spec(), config.data().plan(config.seed()));
    this.objective = Objective.of(config.loss(), data.train().preprocessing().target());
    Generator.global().manualSeed(config.seed());
    this.model = new ModelFactory(registry).make(config.model(), ModelShape.of(data.train()));
    this.optimizer = Optimization.optimizer(config.optimizer(), model.namedParameters());
    TrainConfig.Train t = config.train();
    this.loader =
        new Loader(
            data.train(),
            new BatchOrder(
                data.train().size(), t.batchSize(), config.seed(), t.shuffle(), t.dropLast()));
    long steps = (loader.order().batches() + t.accumulate() - 1L) / t.accumulate();
    this.schedule =
        Optimization.schedule(
            config.schedule(), config.optimizer().number("lr"), steps, t.epochs());
  }

  /// Prepares a new run: loads the data, makes the model, writes the resolved configuration.
  ///
  /// @throws InputException when the data cannot be read or the model does not fit
  public static Trainer start(
      Resolved resolved,
      RunDirectory run,
      RunRecord record,
      OpRegistry registry,
      TrainListener listener) {
    run.write(record);
    try {
      Trainer trainer = new Trainer(resolved.config(), run, registry, listener, false);
      trainer.writeConfig(resolved);
      return trainer;
    } catch (RuntimeException e) {
      run.write(record.ended(RunStatus.FAILED, Instant.now(), 0, e.getMessage()));
      throw e;
    }
  }

  /// Prepares to go on with a run from its last checkpoint.
  ///
  /// @param resolved the run's own configuration, perhaps with more epochs
  /// @throws InputException when there is no checkpoint or it is damaged
  public static Trainer resume(
      Resolved resolved, RunDirectory run, OpRegistry registry, TrainListener listener) {
    Path file = run.checkpoints().resolve(TrainedModel.LAST);
    Checkpoint checkpoint = Checkpoint.read(file);
    Trainer trainer = new Trainer(resolved.config(), run, registry, listener, true);
    TrainerState state = Snapshot.restore(checkpoint, trainer.model, trainer.optimizer, file);
    trainer.restore(state, Place.of(file));
    run.write(run.record().resumed());
    trainer.writeConfig(resolved);
    return trainer;
  }

  /// Writes the configuration, and beside it the Java source that it names, so that the run needs
  /// no other file.
  private void writeConfig(Resolved resolved) {
    String yaml = resolved.toYaml();
    if (config.model() instanceof ModelSpec.JavaFile j) {
      Path copy = run.path().resolve(j.file().getFileName().toString());
      try {
        if (!Files.exists(copy) || !Files.isSameFile(copy, j.file())) {
          AtomicFiles.write(copy, Files.readString(j.file()));
        }
      } catch (IOException e) {
        throw InputException.io(InputException.Kind.CONFIG, "read", Place.of(j.file()), e);
      }
      yaml = yaml.replace(j.file().toString(), copy.getFileName().toString());
    }
    AtomicFiles.write(run.configFile(), yaml);
  }

  private void restore(TrainerState state, Place place) {
    epoch = state.epoch();
    firstBatch = state.batch();
    best = state.bestValue();
    badEpochs = state.badEpochs();
    lossSum = state.extra().number("lossSum", place);
    samples = state.extra().integer("samples", place);
    correct = state.extra().integer("correct", place);
    try (MetricsLog log = MetricsLog.open(run.metricsFile())) {
      log.cutAt(state.metricsPosition());
    }
  }

  /// Asks a running [#run] to end after the batch it is at, with a checkpoint; from any thread.
  public void stop() {
    stop = true;
  }

  /// Returns the model.
  public Layer model() {
    return model;
  }

  /// Returns the data.
  public DataSplits data() {
    return data;
  }

  /// Trains to the end, or until [#stop].
  ///
  /// @throws DivergedException if the loss is no longer finite; the step is not taken
  public Result run() {
    long start = System.nanoTime();
    RunRecord record = run.record();
    boolean stopped;
    Evaluator.Result test = null;
    try (RunDirectory.Lock _ = run.lock();
        MetricsLog log = MetricsLog.open(run.metricsFile())) {
      stopped = epochs(log, start);
      MetricsCsv.write(run.metricsCsv(), MetricsLog.read(run.metricsFile()));
      if (!stopped) {
        test = test();
      }
    } catch (RuntimeException e) {
      run.write(
          withBest(record).ended(RunStatus.FAILED, Instant.now(), seconds(start), e.getMessage()));
      run.log(Instant.now(), "failed: " + e.getMessage());
      throw e;
    }
    RunStatus status = stopped ? RunStatus.INTERRUPTED : RunStatus.FINISHED;
    run.write(withBest(record).ended(status, Instant.now(), seconds(start), null));
    return new Result(status, epoch, optimizer.steps(), seconds(start), last, test);
  }

  private RunRecord withBest(RunRecord record) {
    return best == null ? record : record.withBest(new RunRecord.Best(watched(), best, epoch));
  }

  /// Returns whether the run was stopped before its end.
  private boolean epochs(MetricsLog log, long start) {
    TrainConfig.Train t = config.train();
    run.log(Instant.now(), (resuming ? "resumed" : "started") + " " + run.id());
    while (epoch < t.epochs()) {
      long epochStart = System.nanoTime();
      model.train(true);
      if (!batches(log, epochStart)) {
        return true;
      }
      measure(log, epochStart);
      boolean better = improved();
      epoch++;
      firstBatch = 0;
      lossSum = 0;
      samples = 0;
      correct = 0;
      if (better) {
        checkpoint(log, TrainedModel.BEST);
      }
      if (epoch % t.checkpointEvery() == 0 || epoch == t.epochs()) {
        checkpoint(log, TrainedModel.LAST);
      }
      if (t.patience() != null && badEpochs >= t.patience()) {
        say("stopped early: " + watched() + " did not improve for " + badEpochs + " epochs");
        checkpoint(log, TrainedModel.LAST);
        return false;
      }
      if (t.maxTime() != null && seconds(start) >= t.maxTime().toMillis() / 1000.0) {
        say("stopped: the time is up");
        checkpoint(log, TrainedModel.LAST);
        return false;
      }
    }
    return false;
  }

  private void say(String text) {
    run.log(Instant.now(), text);
    listener.message(text);
  }

  /// Trains on the rest of the epoch; returns false if it was stopped.
  private boolean batches(MetricsLog log, long epochStart) {
    TrainConfig.Train t = config.train();
    int batches = loader.order().batches();
    long seenBefore = samples;
    int pending = 0;
    for (Batch batch : loader.epoch(epoch, firstBatch)) {
      Tensor x = Tensor.of(batch.features(), batch.shape());
      Tensor y = model.forward(x);
      Tensor loss = objective.loss(y, batch);
      double value = loss.item();
      if (!Double.isFinite(value)) {
        throw new DivergedException(epoch + 1, optimizer.steps(), value);
      }
      (t.accumulate() == 1 ? loss : loss.div(t.accumulate())).backward();
      pending++;
      if (pending == t.accumulate() || batch.index() == batches - 1) {
        step();
        pending = 0;
      }
      lossSum += value * batch.size();
      samples += batch.size();
      count(y, batch);
      listener.batch(
          new TrainListener.Progress(
              epoch + 1,
              t.epochs(),
              batch.index() + 1,
              batches,
              lossSum / samples,
              objective.classifies() ? (double) correct / samples : Double.NaN,
              (samples - seenBefore) / Math.max(1e-9, seconds(epochStart))));
      if (t.logEvery() > 0 && optimizer.steps() % t.logEvery() == 0 && pending == 0) {
        log.append(
            new JsonObject()
                .put("kind", "step")
                .put("epoch", epoch + 1)
                .put("step", optimizer.steps())
                .put(LOSS, value)
                .put("lr", optimizer.learningRate()));
      }
      // Between two halves of an accumulated step the gradients would be lost.
      if (stop && pending == 0 && batch.index() < batches - 1) {
        firstBatch = batch.index() + 1;
        checkpoint(log, TrainedModel.LAST);
        run.log(Instant.now(), "interrupted in epoch " + (epoch + 1));
        return false;
      }
    }
    return true;
  }

  private void step() {
    Double clip = config.train().gradClip();
    if (clip != null) {
      GradientClipping.byNorm(model.parameters(), clip);
    }
    double base = config.optimizer().number("lr");
    optimizer.learningRate(base * schedule.factor(optimizer.steps()));
    optimizer.step();
    optimizer.zeroGrad();
  }

  private void count(Tensor y, Batch batch) {
    if (batch.targets() instanceof Targets.Classes c) {
      long[] answers = y.detach().argmax(-1).toLongArray();
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] == c.ids()[i]) {
          correct++;
        }
      }
    }
  }

  private void measure(MetricsLog log, long epochStart) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(LOSS, lossSum / samples);
    if (objective.classifies()) {
      values.put(ACCURACY, (double) correct / samples);
    }
    if (data.validation().size() > 0) {
      Evaluator.evaluate(model, data.validation(), objective)
          .values()
          .forEach((name, v) -> values.put("val_" + name, v));
    }
    values.put("lr", optimizer.learningRate());
    EpochRecord measured =
        new EpochRecord(epoch + 1, optimizer.steps(), seconds(epochStart), values);
    last = measured;
    log.append(measured.toJson());
    listener.epoch(measured, config.train().epochs());
  }

  private String watched() {
    String prefix = data.validation().size() > 0 ? "val_" : "";
    return prefix + (objective.classifies() ? ACCURACY : LOSS);
  }

  private boolean improved() {
    Double value = last == null ? null : last.values().get(watched());
    if (value == null || value.isNaN()) {
      badEpochs++;
      return false;
    }
    boolean better = best == null || (objective.classifies() ? value > best : value < best);
    if (better) {
      best = value;
      badEpochs = 0;
    } else {
      badEpochs++;
    }
    return better;
  }

  private void checkpoint(MetricsLog log, String name) {
    log.force();
    TrainerState state =
        new TrainerState(
            epoch,
            firstBatch,
            optimizer.steps(),
            config.seed(),
            log.position(),
            best,
            badEpochs,
            new JsonObject()
                .put("lossSum", lossSum)
                .put("samples", samples)
                .put("correct", correct));
    Snapshot.take(model, optimizer, state, data.train().preprocessing())
        .write(run.checkpoints().resolve(name));
  }

  /// Measures the best model on the test data.
  private Evaluator.@Nullable Result test() {
    if (data.test().size() == 0) {
      return null;
    }
    Path file = run.checkpoints().resolve(TrainedModel.BEST);
    if (Files.exists(file)) {
      Snapshot.restoreModel(Checkpoint.read(file), model, file);
    }
    Evaluator.Result test = Evaluator.evaluate(model, data.test(), objective);
    run.log(Instant.now(), "test: " + test.values());
    return test;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
