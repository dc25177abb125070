package dev.autograd.train.data;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;

/// Whole-numbered pixels divided by their largest value, in images of one channel.
///
/// @param divisor 255 for bytes, 16 for the digits
/// @param target the classes shown
public record PixelScaling(double divisor, int height, int width, TargetEncoding target)
    implements Preprocessing {
  static final String KIND = "pixels";

  @Override
  public int[] sampleShape() {
    return new int[] {1, height, width};
  }

  @Override
  public JsonObject toJson() {
    return new JsonObject()
        .put("kind", KIND)
        .put("divisor", divisor)
        .put("height", height)
        .put("width", width)
        .put("target", target.toJson());
  }

  static PixelScaling read(JsonObject json, Place place) {
    double divisor = json.number("divisor", place);
    long height = json.integer("height", place);
    long width = json.integer("width", place);
    if (!(divisor > 0) || height < 1 || width < 1 || height * width > Integer.MAX_VALUE) {
      throw InputException.data("divisor, height and width of the pixels must be positive")
          .at(place)
          .build();
    }
    return new PixelScaling(
        divisor,
        (int) height,
        (int) width,
        TargetEncoding.fromJson(json.object("target", place), place));
  }
}
