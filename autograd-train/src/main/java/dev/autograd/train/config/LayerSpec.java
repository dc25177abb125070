package dev.autograd.train.config;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One layer of a model file, as it was written; what names and options there are is the business
/// of whoever builds the model.
///
/// Four forms: `- relu`, `- linear: 32` (one argument), `- linear: {out: 32}` (options), and `-
/// residual: [conv2d: 16, relu]` (an argument that is a list; [#list] reads it as layers).
///
/// @param name such as `linear`
/// @param argument what stands behind the name when it is no mapping, or null
/// @param options of the layer; none when there is an argument
/// @param place where the name stands
public record LayerSpec(String name, @Nullable YamlNode argument, Options options, Place place) {

  /// Reads a list of layers.
  ///
  /// @param what the list's name in errors
  /// @throws InputException of kind CONFIG when it is no list of layers, or empty
  public static List<LayerSpec> list(String what, YamlNode node) {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      throw InputException.config(
              "'%s' must be a list of layers, got %s".formatted(what, node.describe()))
          .at(node.place())
          .hint("One layer per line: '- linear: 32', '- relu'")
          .build();
    }
    if (sequence.items().isEmpty()) {
      throw InputException.config("'" + what + "' is empty")
          .at(node.place())
          .expected("at least one layer")
          .build();
    }
    List<LayerSpec> layers = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      layers.add(of(item));
    }
    return layers;
  }

  private static LayerSpec of(YamlNode node) {
    if (node instanceof YamlNode.Scalar s && s.value() instanceof String name) {
      return new LayerSpec(name, null, Options.none(name, s.place()), s.place());
    }
    if (node instanceof YamlNode.Mapping m && m.fields().size() == 1) {
      Map.Entry<String, YamlNode.Field> only = m.fields().entrySet().iterator().next();
      String name = only.getKey();
      Place place = only.getValue().place();
      YamlNode value = only.getValue().value();
      return switch (value) {
        case YamlNode.Mapping options ->
            new LayerSpec(name, null, new Options(name, options), place);
        case YamlNode.Scalar s when s.value() == null ->
            new LayerSpec(name, null, Options.none(name, place), place);
        default -> new LayerSpec(name, value, Options.none(name, place), place);
      };
    }
    InputException.Builder error =
        InputException.config(
                "a layer must be a name, perhaps with options, got " + node.describe())
            .at(node.place())
            .expected("'- relu', '- linear: 32' or '- linear: {out: 32}'");
    if (node instanceof YamlNode.Mapping m && m.fields().size() > 1) {
      error.hint("Indent the options one step further than the name of the layer.");
    }
    throw error.build();
  }

  /// Returns the argument as a whole number of at least `least`.
  ///
  /// @throws InputException of kind CONFIG when there is none or it is another
  public int integerArgument(int least) {
    if (argument == null) {
      throw InputException.config("layer '" + name + "' needs a number")
          .at(place)
          .expected("'" + name + ": 32'")
          .build();
    }
    return Options.integer(name, argument, least);
  }

  /// Returns the options, the argument standing as the option `main`.
  ///
  /// @param main null when the layer takes no argument
  /// @throws InputException of kind CONFIG when there is an argument and it takes none
  public Options options(@Nullable String main) {
    if (argument == null) {
      return options;
    }
    if (main == null) {
      throw InputException.config("layer '%s' takes no %s".formatted(name, argument.describe()))
          .at(argument.place())
          .expected("'- " + name + "' alone, or options by name")
          .build();
    }
    YamlNode.Field field = new YamlNode.Field(place, argument);
    return new Options(name, new YamlNode.Mapping(Map.of(main, field), place));
  }

  /// Makes the error that no layer has this name.
  public InputException unknown(List<String> known) {
    return InputException.config("unknown layer '" + name + "'")
        .at(place)
        .didYouMean(name, known)
        .hint("layers: " + String.join(", ", known))
        .build();
  }
}
