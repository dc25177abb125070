package dev.autograd.train.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import java.util.ArrayList;
import java.util.List;

/// What the targets mean.
public sealed interface TargetEncoding {
  /// Returns the name of the target, such as the column it stands in.
  String name();

  /// One of several classes; the class number is the index into the names.
  record ClassTarget(String name, List<String> classes) implements TargetEncoding {
    public ClassTarget {
      classes = List.copyOf(classes);
    }
  }

  /// A real number, with its mean and standard deviation over the training part.
  record RealTarget(String name, double mean, double std) implements TargetEncoding {
    /// Maps a target to mean 0 and standard deviation 1.
    public double standardise(double value) {
      return (value - mean) / std;
    }

    /// Maps a standardised answer back to the unit of the data.
    public double restore(double standardised) {
      return standardised * std + mean;
    }
  }

  /// Writes it as JSON.
  default ObjectNode toJson() {
    ObjectNode json = Json.object().put("name", name());
    switch (this) {
      case ClassTarget t -> putTexts(json, "classes", t.classes());
      case RealTarget t -> json.put("mean", t.mean()).put("std", t.std());
    }
    return json;
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws InputException of kind DATA when it is not such an object
  static TargetEncoding fromJson(ObjectNode json, Place place) {
    String name = Json.text(json, "name", place);
    if (json.has("classes")) {
      return new ClassTarget(name, texts(json, "classes", place));
    }
    return new RealTarget(name, Json.number(json, "mean", place), Json.number(json, "std", place));
  }

  /// Writes a list of texts.
  static void putTexts(ObjectNode json, String field, List<String> texts) {
    ArrayNode array = json.putArray(field);
    texts.forEach(array::add);
  }

  /// Reads a list of texts.
  static List<String> texts(ObjectNode json, String field, Place place) {
    List<String> texts = new ArrayList<>();
    for (JsonNode node : Json.array(json, field, place)) {
      if (!node.isTextual()) {
        throw InputException.data("field '" + field + "' must hold texts only").at(place).build();
      }
      texts.add(node.textValue());
    }
    return texts;
  }
}
