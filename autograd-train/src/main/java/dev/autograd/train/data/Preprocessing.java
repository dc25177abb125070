package dev.autograd.train.data;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;

/// How raw data became features. Kept with a trained model, so that evaluation and prediction treat
/// new data exactly as training treated its own.
public sealed interface Preprocessing permits PixelScaling, TableEncoding {
  /// Returns the shape of one sample.
  int[] sampleShape();

  /// Returns how the targets were read.
  TargetEncoding target();

  /// Writes it as JSON, for [#fromJson].
  JsonObject toJson();

  /// Reads what [#toJson] wrote.
  ///
  /// @param place the file the object comes from, for errors
  /// @throws InputException of kind DATA when it is not such an object
  static Preprocessing fromJson(JsonObject json, Place place) {
    String kind = json.text("kind", place);
    return switch (kind) {
      case PixelScaling.KIND -> PixelScaling.read(json, place);
      case TableEncoding.KIND -> TableEncoding.read(json, place);
      default ->
          throw InputException.data("unknown preprocessing '" + kind + "'")
              .at(place)
              .expected("'" + PixelScaling.KIND + "' or '" + TableEncoding.KIND + "'")
              .build();
    };
  }
}
