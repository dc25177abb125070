package dev.autograd.train.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What was measured in one epoch.
///
/// @param epoch from 1
/// @param step optimizer steps taken when it ended
/// @param seconds the epoch took
/// @param values by name, such as `loss`, `val_loss`, `val_accuracy`, `lr`, in a fixed order
public record EpochRecord(int epoch, long step, double seconds, Map<String, Double> values) {
  private static final String KIND = "epoch";

  public EpochRecord {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /// Writes it as a line of `metrics.jsonl`.
  public ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("kind", KIND)
            .put("epoch", epoch)
            .put("step", step)
            .put("seconds", seconds);
    values.forEach(json::put);
    return json;
  }

  /// Tells whether a line of `metrics.jsonl` is an epoch's.
  public static boolean isEpoch(ObjectNode json) {
    return KIND.equals(json.path("kind").asText());
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws InputException of kind DATA when it is no such object
  public static EpochRecord fromJson(ObjectNode json, Place place) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String name = field.getKey();
      if (!name.equals("kind") && !name.equals("epoch") && !name.equals("step") && !name.equals("seconds")) {
        values.put(name, Json.number(json, name, place));
      }
    }
    return new EpochRecord(
        Math.toIntExact(Json.integer(json, "epoch", place)),
        Json.integer(json, "step", place),
        Json.number(json, "seconds", place),
        values);
  }
}
