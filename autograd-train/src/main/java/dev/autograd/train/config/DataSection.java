package dev.autograd.train.config;

import dev.autograd.train.Place;
import dev.autograd.train.data.CsvOptions;
import dev.autograd.train.data.DataSpec;
import dev.autograd.train.data.DataSpec.Synthetic.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Translates between the section `data` and [DataSpec].
final class DataSection {
  private DataSection() {}

  static TrainConfig.Data of(Settings s) {
    DataSpec spec =
        switch (s.type()) {
          case "digits" -> new DataSpec.Digits();
          case "moons", "spirals" ->
              new DataSpec.Synthetic(
                  Shape.valueOf(s.type().toUpperCase(Locale.ROOT)),
                  s.integer("samples"),
                  s.number("noise"));
          case "csv" -> new DataSpec.Csv(Path.of(s.text("path")), csv(s));
          default -> new DataSpec.Idx(Path.of(s.text("path")));
        };
    return new TrainConfig.Data(spec, s.number("valSplit"), s.number("testSplit"));
  }

  private static CsvOptions csv(Settings s) {
    String path = s.text("path").toLowerCase(Locale.ROOT);
    String usual = path.endsWith(".tsv") || path.endsWith(".tsv.gz") ? "tab" : ",";
    return new CsvOptions(
        s.maybeText("target").orElse(null),
        s.maybeText("task")
            .map(t -> CsvOptions.Task.valueOf(t.toUpperCase(Locale.ROOT)))
            .orElse(null),
        s.texts("drop"),
        s.texts("categorical"),
        switch (s.maybeText("delimiter").orElse(usual)) {
          case "tab" -> '\t';
          case "semicolon", ";" -> ';';
          case "pipe", "|" -> '|';
          default -> ',';
        });
  }

  /// Writes a short form such as `iris.csv` out as a section.
  static YamlNode.Mapping expand(String text, Place place) {
    Map<String, Object> values = new LinkedHashMap<>();
    switch (DataSpec.parse(text, place)) {
      case DataSpec.Digits s -> values.put("type", "digits");
      case DataSpec.Synthetic s -> {
        values.put("type", s.shape().toString());
        values.put("samples", (long) s.samples());
        values.put("noise", s.noise());
      }
      case DataSpec.Csv s -> {
        values.put("type", "csv");
        values.put("path", s.path().toString());
        if (s.options().target() != null) {
          values.put("target", s.options().target());
        }
        if (s.options().task() != null) {
          values.put("task", s.options().task().name().toLowerCase(Locale.ROOT));
        }
        values.put("drop", s.options().drop());
        values.put("categorical", s.options().categorical());
        values.put(
            "delimiter", s.options().delimiter() == '\t' ? "tab" : "" + s.options().delimiter());
      }
      case DataSpec.Idx s -> {
        values.put("type", "idx");
        values.put("path", s.path().toString());
      }
    }
    Map<String, YamlNode.Field> fields = new LinkedHashMap<>();
    values.forEach((key, value) -> fields.put(key, new YamlNode.Field(place, node(value, place))));
    return new YamlNode.Mapping(fields, place);
  }

  private static YamlNode node(Object value, Place place) {
    if (value instanceof List<?> list) {
      return new YamlNode.Sequence(list.stream().map(item -> node(item, place)).toList(), place);
    }
    return new YamlNode.Scalar(value, value.toString(), place);
  }
}
