package dev.autograd.train.config;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which model to train, as it was written. Layers and options are checked by whoever builds it.
public sealed interface ModelSpec {
  /// The models that are known by name.
  List<String> TYPES = List.of("linear", "mlp", "cnn", "transformer");

  /// Returns where it stands.
  Place place();

  /// A model known by name: `{type: mlp, hidden: [64, 64]}`.
  record Named(String type, Options options, Place place) implements ModelSpec {}

  /// A list of layers, one after the other.
  ///
  /// @param name what to call the model, if it says
  /// @param input the shape of one sample, if it says; empty when not
  record Layers(@Nullable String name, List<Integer> input, List<LayerSpec> layers, Place place)
      implements ModelSpec {
    public Layers {
      input = List.copyOf(input);
      layers = List.copyOf(layers);
    }
  }

  /// A Java source file with a model, compiled when it is needed.
  record JavaFile(Path file, Options options, Place place) implements ModelSpec {}

  /// A class on the class path or in a plugin.
  record JavaClass(String className, Options options, Place place) implements ModelSpec {}

  /// Reads a model file, whose top is what the section `model` of a configuration holds.
  ///
  /// @throws InputException of kind CONFIG when it is missing or malformed
  static ModelSpec read(Path file) {
    return of(YamlReader.read(file));
  }

  /// Reads a section that has been expanded.
  ///
  /// @throws InputException of kind CONFIG when it is no model
  static ModelSpec of(YamlNode node) {
    if (!(expand(node) instanceof YamlNode.Mapping model)) {
      throw InputException.config(
              "'model' must be a section, a name or a file, got " + node.describe())
          .at(node.place())
          .build();
    }
    List<String> heads =
        List.of("type", "java", "class").stream().filter(model.fields()::containsKey).toList();
    if (heads.size() > 1) {
      throw InputException.config(
              "'model' has both '%s' and '%s'".formatted(heads.get(0), heads.get(1)))
          .at(place(model, heads.get(1)))
          .expected("one of type, layers, java, class")
          .build();
    }
    if (heads.isEmpty()) {
      return layers(model);
    }
    String head = heads.getFirst();
    YamlNode value = model.get(head);
    if (!(value instanceof YamlNode.Scalar s && s.value() instanceof String text)) {
      throw InputException.config("'model." + head + "' must be a text")
          .at(place(model, head))
          .build();
    }
    Map<String, YamlNode.Field> rest = new LinkedHashMap<>(model.fields());
    rest.remove(head);
    Options options = new Options("model", new YamlNode.Mapping(rest, model.place()));
    return switch (head) {
      case "java" -> new JavaFile(s.place().resolve(text), options, s.place());
      case "class" -> new JavaClass(text, options, s.place());
      default -> {
        if (!TYPES.contains(text)) {
          throw unknown(text, s.place());
        }
        yield new Named(text, options, s.place());
      }
    };
  }

  private static Place place(YamlNode.Mapping model, String key) {
    YamlNode.Field field = model.fields().get(key);
    return field == null ? model.place() : field.place();
  }

  private static Layers layers(YamlNode.Mapping model) {
    YamlNode list = model.get("layers");
    if (list == null) {
      throw InputException.config("a model needs one of type, layers, java, class")
          .at(model.place())
          .didYouMean(
              model.fields().isEmpty() ? "" : model.fields().keySet().iterator().next(),
              List.of("type", "layers", "java", "class"))
          .build();
    }
    Options options = new Options("model", model).accept("name", "input", "layers");
    List<Integer> input = new ArrayList<>();
    for (int d : options.integers("input", 1)) {
      input.add(d);
    }
    return new Layers(
        options.has("name") ? options.text("name", "") : null,
        input,
        LayerSpec.list("layers", list),
        model.place());
  }

  private static InputException unknown(String text, Place place) {
    return InputException.config("unknown model '" + text + "'")
        .at(place)
        .didYouMean(text, TYPES)
        .expected("one of " + String.join(", ", TYPES) + ", or a file named *.yaml or *.java")
        .build();
  }

  /// Writes short forms out: a name becomes `{type: NAME}`, a YAML file its content, the path of a
  /// Java file an absolute one. The result needs no other YAML file.
  static YamlNode expand(YamlNode node) {
    if (node instanceof YamlNode.Scalar s && s.value() instanceof String text) {
      String lower = text.toLowerCase(Locale.ROOT);
      if (lower.endsWith(".yaml") || lower.endsWith(".yml")) {
        return expand(YamlReader.read(s.place().resolve(text)));
      }
      if (lower.endsWith(".java")) {
        return absolute(single("java", s));
      }
      if (!TYPES.contains(text)) {
        throw unknown(text, s.place());
      }
      return single("type", s);
    }
    return node instanceof YamlNode.Mapping m && m.fields().containsKey("java")
        ? absolute(m)
        : node;
  }

  private static YamlNode.Mapping single(String key, YamlNode.Scalar value) {
    return new YamlNode.Mapping(
        Map.of(key, new YamlNode.Field(value.place(), value)), value.place());
  }

  private static YamlNode.Mapping absolute(YamlNode.Mapping model) {
    Map<String, YamlNode.Field> fields = new LinkedHashMap<>(model.fields());
    if (model.get("java") instanceof YamlNode.Scalar s && s.value() instanceof String text) {
      Path file = s.place().resolve(text);
      if (!Files.isRegularFile(file)) {
        throw InputException.config("cannot read the model " + file + ": no such file")
            .at(s.place())
            .build();
      }
      String path = file.toString();
      fields.put("java", new YamlNode.Field(s.place(), new YamlNode.Scalar(path, path, s.place())));
    }
    return new YamlNode.Mapping(fields, model.place());
  }
}
