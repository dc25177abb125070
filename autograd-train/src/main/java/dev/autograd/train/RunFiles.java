package dev.autograd.train;

import dev.autograd.Tensor;
import dev.autograd.optim.Optimizer;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.checkpoint.Checkpoint;
import dev.autograd.train.checkpoint.TrainerState;
import dev.autograd.train.config.ConfigLayers.Resolved;
import dev.autograd.train.config.ModelSpec;
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
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// What a trainer writes into its run directory, and reads from it to go on.
final class RunFiles {
  /// How often the files that only sum up others are written.
  private static final long REFRESH_NANOS = 2_000_000_000L;

  private final RunDirectory run;
  private final Preparation prepared;
  private final Optimizer optimizer;
  private final String watched;
  private long refreshed = System.nanoTime();
  private long metricsPosition;

  RunFiles(RunDirectory run, Preparation prepared, Optimizer optimizer, String watched) {
    this.run = run;
    this.prepared = prepared;
    this.optimizer = optimizer;
    this.watched = watched;
  }

  RunDirectory.Lock lock() {
    return run.lock();
  }

  MetricsLog openMetrics() {
    return MetricsLog.open(run.metricsFile());
  }

  Path checkpointFile(String name) {
    return run.checkpoints().resolve(name);
  }

  void log(String line) {
    run.log(Instant.now(), line);
  }

  /// Writes the configuration, and beside it the Java source that it names, so that the run needs
  /// no other file.
  void writeConfig() {
    Resolved resolved = prepared.resolved();
    if (resolved.config().model() instanceof ModelSpec.JavaFile java) {
      Path name = Objects.requireNonNull(java.file().getFileName());
      Path copy = run.path().resolve(name);
      try {
        if (!Files.exists(copy) || !Files.isSameFile(copy, java.file())) {
          AtomicFiles.write(copy, Files.readString(java.file()));
        }
      } catch (IOException e) {
        throw InputException.io(Kind.CONFIG, "read", Place.of(java.file()), e);
      }
      resolved = resolved.withModelSource(name.toString());
    }
    AtomicFiles.write(run.configFile(), resolved.toYaml());
  }

  /// Sets model, optimizer and random numbers to the last checkpoint; without one all is as it was
  /// made.
  Standing restore() {
    Path file = checkpointFile(TrainedModel.LAST);
    if (!Files.exists(file)) {
      metricsPosition = 0;
      return new Standing();
    }
    TrainerState state = Snapshot.restore(Checkpoint.read(file), prepared.model(), optimizer, file);
    metricsPosition = state.metricsPosition();
    return Standing.of(state, Place.of(file));
  }

  /// Makes the run a running one again that stands where [#restore] found it.
  void takeUp(MetricsLog log) {
    log.cutAt(metricsPosition);
    run.write(run.record().resumed());
    writeConfig();
  }

  /// Runs the training and records how it ends.
  Trainer.Result recording(long start, Standing at, Supplier<Trainer.Result> training) {
    Trainer.Result result;
    try {
      result = training.get();
    } catch (RuntimeException e) {
      Path good = checkpointFile(TrainedModel.LAST);
      throw failed(
          start,
          at,
          e instanceof DivergedException diverged && Files.exists(good) ? diverged.with(good) : e);
    } catch (Error e) {
      throw failed(start, at, e);
    }
    end(at, record -> record.ended(result.status(), Instant.now(), seconds(start), null));
    return result;
  }

  private <E extends Throwable> E failed(long start, Standing at, E failure) {
    String message =
        failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    try {
      log("failed: " + message);
      end(at, r -> r.ended(RunStatus.FAILED, Instant.now(), seconds(start), message));
    } catch (InputException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
    return failure;
  }

  private void end(Standing at, UnaryOperator<RunRecord> how) {
    MetricsCsv.write(run.metricsCsv(), MetricsLog.read(run.metricsFile()));
    run.write(how.apply(withBest(at)));
  }

  private RunRecord withBest(Standing at) {
    RunRecord record = run.record();
    return at.best == null
        ? record
        : record.withBest(new RunRecord.Best(watched, at.best, at.bestEpoch));
  }

  /// Brings the table of measurements and the record up to date, unless that was done just now.
  void refresh(Standing at) {
    if (System.nanoTime() - refreshed >= REFRESH_NANOS) {
      MetricsCsv.write(run.metricsCsv(), MetricsLog.read(run.metricsFile()));
      run.write(withBest(at));
      refreshed = System.nanoTime();
    }
  }

  /// Writes a checkpoint of what [#requireFinite] has passed.
  void checkpoint(Standing at, MetricsLog log, String name) {
    log.force();
    TrainerState state = at.state(optimizer.steps(), prepared.config().seed(), log.position());
    Snapshot.take(prepared.model(), optimizer, state, prepared.data().train().preprocessing())
        .write(checkpointFile(name));
  }

  /// Sees to it that no checkpoint ever holds weights that are not finite.
  ///
  /// @throws DivergedException if there are such weights
  void requireFinite(Standing at) {
    for (Tensor t : prepared.model().state().values()) {
      if (!finite(t)) {
        throw new DivergedException(at.epoch + 1, optimizer.steps(), at.lossSum / at.samples);
      }
    }
  }

  private static boolean finite(Tensor t) {
    return switch (t.toArray()) {
      case float[] values -> {
        boolean all = true;
        for (float v : values) {
          all &= Float.isFinite(v);
        }
        yield all;
      }
      case double[] values -> {
        boolean all = true;
        for (double v : values) {
          all &= Double.isFinite(v);
        }
        yield all;
      }
      default -> true;
    };
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
