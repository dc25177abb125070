package dev.autograd.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
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
    ObjectNode extra) {

  /// Writes it as JSON.
  public ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("epoch", epoch)
            .put("batch", batch)
            .put("step", step)
            .put("seed", seed)
            .put("metricsPosition", metricsPosition)
            .put("badEpochs", badEpochs);
    if (bestValue != null) {
      json.put("bestValue", bestValue);
    }
    return json.set("extra", extra);
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws InputException of kind DATA when it is no such object
  public static TrainerState fromJson(ObjectNode json, Place place) {
    JsonNode best = json.get("bestValue");
    return new TrainerState(
        count(json, "epoch", place),
        count(json, "batch", place),
        Json.integer(json, "step", place),
        Json.integer(json, "seed", place),
        Json.integer(json, "metricsPosition", place),
        best == null ? null : Json.number(json, "bestValue", place),
        count(json, "badEpochs", place),
        Json.object(json, "extra", place));
  }

  private static int count(ObjectNode json, String field, Place place) {
    long value = Json.integer(json, field, place);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw InputException.data("field '%s' is %d".formatted(field, value))
          .at(place)
          .expected("a whole number from 0 on")
          .build();
    }
    return (int) value;
  }
}
