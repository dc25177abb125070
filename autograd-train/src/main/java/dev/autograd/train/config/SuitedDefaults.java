package dev.autograd.train.config;

import dev.autograd.train.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What holds without saying for some data, models and optimizers, where the schema's defaults
/// would train too long, too shortly, or not at all. It lies below everything the user says, and
/// the resolved configuration shows it.
final class SuitedDefaults {
  private SuitedDefaults() {}

  /// Returns layers for a merged configuration, the later over the earlier.
  static List<YamlNode.Mapping> of(YamlNode.Mapping merged) {
    List<YamlNode.Mapping> layers = new ArrayList<>();
    if (merged.get("data") == null) {
      layers.add(layer("a first try", "{data: {type: digits}}"));
    }
    switch (type(merged.get("data"))) {
      // Tens of thousands of images: few passes, wider steps.
      case "idx" ->
          layers.add(layer("idx", "{train: {epochs: 6, batchSize: 64}, optimizer: {lr: 0.002}}"));
      case "csv", "moons" -> layers.add(layer("tables", "{train: {epochs: 60}}"));
      // The arms part only after many steps.
      case "spirals" ->
          layers.add(layer("spirals", "{train: {epochs: 200}, optimizer: {lr: 0.01}}"));
      default -> {}
    }
    switch (type(merged.get("optimizer"))) {
      // Without a scale of its own for each weight the steps have to be longer.
      case "sgd" -> layers.add(layer("sgd", "{optimizer: {type: sgd, lr: 0.05, momentum: 0.9}}"));
      default -> {}
    }
    return layers;
  }

  private static YamlNode.Mapping layer(String of, String yaml) {
    return (YamlNode.Mapping) YamlReader.readValue(yaml, Place.of("default for " + of));
  }

  private static String type(@Nullable YamlNode node) {
    YamlNode tag = node instanceof YamlNode.Mapping m ? m.get(Rule.Choice.TAG) : node;
    return tag instanceof YamlNode.Scalar s ? s.text() : "";
  }
}
