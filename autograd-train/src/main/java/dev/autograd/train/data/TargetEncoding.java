package dev.autograd.train.data;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;
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
  default JsonObject toJson() {
    JsonObject json = new JsonObject().put("name", name());
    switch (this) {
      case ClassTarget t -> json.put("classes", t.classes());
      case RealTarget t -> json.put("mean", t.mean()).put("std", t.std());
    }
    return json;
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws InputException of kind DATA when it is not such an object
  static TargetEncoding fromJson(JsonObject json, Place place) {
    String name = json.text("name", place);
    if (json.has("classes")) {
      return new ClassTarget(name, json.list("classes", String.class, place));
    }
    return new RealTarget(name, json.number("mean", place), json.number("std", place));
  }
}
