package dev.autograd.train.config;

import dev.autograd.train.data.DataSpec;
import dev.autograd.train.data.SplitPlan;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A complete and checked training configuration.
///
/// @param schema layout of the file
/// @param name what to call the run; null leaves it to the program
/// @param loss with the key `type` and those of its type, as in [TrainSchema]
/// @param optimizer with `type`, `lr`, `weightDecay` and the keys of its type
/// @param schedule with `type`, `warmup` and the keys of its type
public record TrainConfig(
    int schema,
    long seed,
    @Nullable String name,
    Data data,
    ModelSpec model,
    Settings loss,
    Settings optimizer,
    Settings schedule,
    Train train,
    Outputs outputs) {

  /// What to learn from.
  ///
  /// @param valSplit share of the training data to validate on
  /// @param testSplit share to keep for a test, if the data has no test part of its own
  public record Data(DataSpec spec, double valSplit, double testSplit) {
    /// Returns how to part the data.
    public SplitPlan plan(long seed) {
      return new SplitPlan(valSplit, testSplit, seed);
    }
  }

  /// How long to train, and in which steps.
  ///
  /// @param gradClip largest norm of the gradient; null for no limit
  /// @param patience epochs without progress before it stops; null for never
  /// @param maxTime when to stop; null for never
  /// @param logEvery steps between lines of metrics; 0 for epochs only
  public record Train(
      int epochs,
      int batchSize,
      boolean shuffle,
      boolean dropLast,
      int accumulate,
      @Nullable Double gradClip,
      @Nullable Integer patience,
      @Nullable Duration maxTime,
      int checkpointEvery,
      int logEvery) {}

  /// What to write.
  ///
  /// @param dir folder for runs; null for `runs` in the working directory
  public record Outputs(@Nullable Path dir) {}

  static TrainConfig of(Settings s) {
    Settings t = s.section("train");
    Settings o = s.section("outputs");
    return new TrainConfig(
        s.integer("schema"),
        s.wholeNumber("seed"),
        s.maybeText("name").orElse(null),
        DataSection.of(s.section("data")),
        ModelSpec.of(s.node("model")),
        s.section("loss"),
        s.section("optimizer"),
        s.section("schedule"),
        new Train(
            t.integer("epochs"),
            t.integer("batchSize"),
            t.truth("shuffle"),
            t.truth("dropLast"),
            t.integer("accumulate"),
            t.maybeNumber("gradClip").orElse(null),
            t.has("patience") ? (Integer) t.integer("patience") : null,
            t.maybeTime("maxTime").orElse(null),
            t.integer("checkpointEvery"),
            t.integer("logEvery")),
        new Outputs(o.maybeText("dir").map(Path::of).orElse(null)));
  }
}
