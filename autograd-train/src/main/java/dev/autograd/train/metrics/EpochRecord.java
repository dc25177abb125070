package dev.autograd.train.metrics;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What was measured in one epoch.
///
/// @param epoch from 1
/// @param step optimizer steps taken when it ended
/// @param seconds the epoch took
/// @param values by name, such as `loss`, `val_loss`, `val_accuracy`, `lr`, in a fixed order
public record EpochRecord(int epoch, long step, double seconds, Map<String, Double> values) {
  private static final String KIND = "epoch";
  private static final Set<String> FACTS = Set.of("kind", "epoch", "step", "seconds");

  public EpochRecord {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /// Writes it as a line of `metrics.jsonl`.
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("kind", KIND)
            .put("epoch", epoch)
            .put("step", step)
            .put("seconds", seconds);
    values.forEach(json::put);
    return json;
  }

  /// Tells whether a line of `metrics.jsonl` is an epoch's.
  public static boolean isEpoch(JsonObject json) {
    return KIND.equals(json.get("kind"));
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws InputException of kind DATA when it is no such object
  public static EpochRecord fromJson(JsonObject json, Place place) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String name : json.names()) {
      if (!FACTS.contains(name)) {
        values.put(name, json.number(name, place));
      }
    }
    return new EpochRecord(
        json.count("epoch", place),
        json.integer("step", place),
        json.number("seconds", place),
        values);
  }
}
