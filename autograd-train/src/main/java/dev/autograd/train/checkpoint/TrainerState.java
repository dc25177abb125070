package dev.autograd.train.checkpoint;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// Where a run stands, apart from its arrays.
///
/// @param epoch the epoch to go on with, from 0
/// @param batch the batch of that epoch to go on with, from 0
/// @param step optimizer steps taken
/// @param seed of the run
/// @param metricsPosition length of `metrics.jsonl` when the checkpoint was written, in bytes
/// @param bestValue best value of the watched metric so far
/// @param badEpochs epochs since then, for early stopping
/// @param extra what optimizer, schedule and random generators keep
public record TrainerState(
    int epoch,
    int batch,
    long step,
    long seed,
    long metricsPosition,
    @Nullable Double bestValue,
    int badEpochs,
    JsonObject extra) {

  /// Writes it as JSON.
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("epoch", epoch)
            .put("batch", batch)
            .put("step", step)
            .put("seed", seed)
            .put("metricsPosition", metricsPosition)
            .put("badEpochs", badEpochs);
    if (bestValue != null) {
      json.put("bestValue", bestValue);
    }
    return json.put("extra", extra);
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws InputException of kind DATA when it is no such object
  public static TrainerState fromJson(JsonObject json, Place place) {
    return new TrainerState(
        json.count("epoch", place),
        json.count("batch", place),
        json.integer("step", place),
        json.integer("seed", place),
        json.integer("metricsPosition", place),
        json.has("bestValue") ? (Double) json.number("bestValue", place) : null,
        json.count("badEpochs", place),
        json.object("extra", place));
  }
}
