package dev.autograd.train.config;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Puts a configuration together: what holds without saying, then files in their order, then flags
/// that choose, then `--set key=value`, then other flags, each layer over those before it.
///
/// A section is merged key by key. Another type (`optimizer: sgd`, `optimizer: {type: sgd}`) takes
/// out the keys that it does not have; the short form of data (`data: iris.csv`) leaves the splits
/// only. A model in a later file replaces an earlier one as a whole; `--set model.hidden=8` changes
/// one option.
public final class ConfigLayers {
  private final List<ConfigKey> keys = TrainSchema.keys();
  private final List<YamlNode.Mapping> files = new ArrayList<>();
  private final List<YamlNode.Mapping> choices = new ArrayList<>();
  private final List<YamlNode.Mapping> settings = new ArrayList<>();
  private final List<YamlNode.Mapping> flags = new ArrayList<>();

  /// Starts with what holds without saying.
  public ConfigLayers() {}

  /// A checked configuration and where it came from.
  ///
  /// @param sources the place of each value by its full name, such as `optimizer.lr`; `default` for
  ///   what nobody said
  public record Resolved(TrainConfig config, Settings settings, Map<String, Place> sources) {
    /// Writes it as YAML from which the same configuration is read again, each key explained.
    public String toYaml() {
      return ResolvedYaml.write(TrainSchema.keys(), settings, (path, key) -> key.doc());
    }

    /// Writes it as YAML, each value with the place it came from.
    public String toYamlWithSources() {
      return ResolvedYaml.write(
          TrainSchema.keys(),
          settings,
          (path, key) -> String.valueOf(sources.getOrDefault(path, Place.of("default"))));
    }

    /// Returns this with another path to the model's Java source, written as it is given: a
    /// relative one starts at the folder of the file it will stand in.
    ///
    /// @throws IllegalStateException when the model is no Java source
    public Resolved withModelSource(String path) {
      if (!(settings.node("model") instanceof YamlNode.Mapping model)
          || !(config.model() instanceof ModelSpec.JavaFile)) {
        throw new IllegalStateException("the model is no Java source: " + config.model());
      }
      Map<String, YamlNode.Field> fields = new LinkedHashMap<>(model.fields());
      Place place = model.place();
      fields.put("java", new YamlNode.Field(place, new YamlNode.Scalar(path, path, place)));
      return new Resolved(
          config, settings.with("model", new YamlNode.Mapping(fields, place)), sources);
    }

    /// Refuses any difference from the configuration of a run that is to go on, except in `free`
    /// keys: names such as `train.epochs`, or sections such as `outputs`.
    ///
    /// @throws InputException of kind CONFIG that names the first such key, with both values
    public void requireSame(Resolved ofTheRun, Set<String> free) {
      for (SettingsComparison.Difference d : SettingsComparison.of(ofTheRun.settings, settings)) {
        if (free.contains(d.path()) || free.contains(d.path().replaceAll("\\..*", ""))) {
          continue;
        }
        throw InputException.config(
                "'%s' cannot change when a run goes on: it was %s, now it is %s"
                    .formatted(d.path(), d.before(), d.after()))
            .at(sources.getOrDefault(d.path(), Place.of("the configuration")))
            .hint("These may change: " + String.join(", ", new TreeSet<>(free)) + ".")
            .hint("Start a new run to train otherwise.")
            .build();
      }
    }
  }

  /// Adds a file.
  ///
  /// @throws InputException of kind CONFIG when it is missing or malformed
  public ConfigLayers file(Path file) {
    files.add(YamlReader.read(file));
    return this;
  }

  /// Adds a text as if it were a file.
  public ConfigLayers text(String yaml, Place source) {
    files.add(YamlReader.readMapping(yaml, source));
    return this;
  }

  /// Adds a setting `a.b=value`; the value is YAML.
  ///
  /// @throws InputException of kind USAGE when there is no `=`
  public ConfigLayers set(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      throw InputException.usage("malformed setting '" + assignment + "'")
          .expected("--set key=value, such as --set optimizer.lr=0.01")
          .build();
    }
    Place place = Place.of("--set " + assignment);
    settings.add(
        nested(
            assignment.substring(0, equals).strip(),
            YamlReader.readValue(assignment.substring(equals + 1), place),
            place));
    return this;
  }

  /// Adds a flag that chooses what the settings then change, such as `--model cnn`: it lies over
  /// the files and under every `--set`, so that both can be said together.
  public ConfigLayers choice(String flag, String key, String value) {
    Place place = Place.of(flag + " " + value);
    choices.add(nested(key, YamlReader.readValue(value, place), place));
    return this;
  }

  /// Adds a flag of its own, such as `--lr 0.01` for the key `optimizer.lr`; the value is YAML.
  public ConfigLayers flag(String flag, String key, String value) {
    Place place = Place.of(flag + " " + value);
    flags.add(nested(key, YamlReader.readValue(value, place), place));
    return this;
  }

  private static YamlNode.Mapping nested(String path, YamlNode value, Place place) {
    String[] names = path.split("\\.", -1);
    if (List.of(names).contains("") || names.length > 16) {
      throw InputException.config("malformed key '" + path + "'")
          .at(place)
          .expected("names with dots between them, such as optimizer.lr")
          .build();
    }
    YamlNode node = value;
    for (int i = names.length - 1; i >= 0; i--) {
      node = new YamlNode.Mapping(Map.of(names[i], new YamlNode.Field(place, node)), place);
    }
    return (YamlNode.Mapping) node;
  }

  /// Merges and checks all layers.
  ///
  /// @throws InputException of kind CONFIG, with the place of the wrong value, or of kind DATA when
  ///   the data it names does not exist
  public Resolved resolve() {
    Place place = files.isEmpty() ? Place.of("the configuration") : files.getFirst().place();
    YamlNode.Mapping merged = new YamlNode.Mapping(Map.of(), place);
    for (YamlNode.Mapping file : files) {
      merged = merge(keys, merged, file, true);
    }
    for (YamlNode.Mapping layer : choices) {
      merged = merge(keys, merged, layer, false);
    }
    for (YamlNode.Mapping layer : settings) {
      merged = merge(keys, merged, layer, false);
    }
    for (YamlNode.Mapping layer : flags) {
      merged = merge(keys, merged, layer, false);
    }
    checkVersion(merged);
    for (YamlNode.Mapping suited : SuitedDefaults.of(merged).reversed()) {
      YamlNode.Mapping below =
          merge(keys, new YamlNode.Mapping(Map.of(), suited.place()), suited, true);
      merged = new YamlNode.Mapping(merge(keys, below, merged, true).fields(), merged.place());
    }
    Binder binder = new Binder(keys);
    Settings bound = binder.bind(merged);
    TrainConfig config = TrainConfig.of(bound);
    checkTogether(config, binder.sources());
    return new Resolved(config, bound, binder.sources());
  }

  private static void checkVersion(YamlNode.Mapping merged) {
    if (merged.get("schema") instanceof YamlNode.Scalar s
        && s.value() instanceof Long version
        && version != TrainSchema.VERSION) {
      throw InputException.config("the configuration is of schema " + version)
          .at(s.place())
          .expected("schema " + TrainSchema.VERSION)
          .hint(
              version > TrainSchema.VERSION
                  ? "It was written for a newer version of the program."
                  : "There is no such schema.")
          .build();
    }
  }

  private static void checkTogether(TrainConfig config, Map<String, Place> sources) {
    if (config.data().valSplit() + config.data().testSplit() >= 1) {
      throw InputException.config(
              "'data.valSplit' %s and 'data.testSplit' %s leave nothing to train on"
                  .formatted(config.data().valSplit(), config.data().testSplit()))
          .at(sources.getOrDefault("data.valSplit", Place.of("default")))
          .expected("less than 1 together")
          .build();
    }
    if (config.train().patience() != null && config.data().valSplit() == 0) {
      throw InputException.config("'train.patience' needs validation data to watch")
          .at(sources.getOrDefault("train.patience", Place.of("default")))
          .hint("Set data.valSplit above 0, or leave patience out.")
          .build();
    }
  }

  private static YamlNode.Mapping merge(
      List<ConfigKey> keys, YamlNode.Mapping lower, YamlNode.Mapping upper, boolean isFile) {
    Map<String, YamlNode.Field> fields = new LinkedHashMap<>(lower.fields());
    upper
        .fields()
        .forEach(
            (name, field) -> {
              ConfigKey key =
                  keys.stream().filter(k -> k.name().equals(name)).findFirst().orElse(null);
              YamlNode below = lower.get(name);
              YamlNode value =
                  key == null ? field.value() : over(key, below, field.value(), isFile);
              fields.put(name, new YamlNode.Field(field.place(), value));
            });
    return new YamlNode.Mapping(fields, lower.fields().isEmpty() ? upper.place() : lower.place());
  }

  private static YamlNode over(
      ConfigKey key, @Nullable YamlNode below, YamlNode value, boolean isFile) {
    return switch (key.rule()) {
      case Rule.Section section
          when below instanceof YamlNode.Mapping lower && value instanceof YamlNode.Mapping upper ->
          merge(section.keys(), lower, upper, isFile);
      case Rule.Choice choice -> choose(key.name(), choice, below, value);
      case Rule.Anything any -> model(below, value, isFile);
      default -> value;
    };
  }

  private static YamlNode choose(
      String name, Rule.Choice choice, @Nullable YamlNode below, YamlNode value) {
    Map<String, YamlNode.Field> fields = new LinkedHashMap<>();
    if (below instanceof YamlNode.Mapping lower) {
      fields.putAll(lower.fields());
    }
    if (value instanceof YamlNode.Scalar s && s.value() instanceof String text) {
      if (name.equals("data")) {
        fields.keySet().retainAll(Rule.names(choice.shared()));
        fields.putAll(DataSection.expand(text, s.place()).fields());
      } else {
        keepWhatFits(text, choice, fields);
        fields.put(Rule.Choice.TAG, new YamlNode.Field(s.place(), s));
      }
    } else if (value instanceof YamlNode.Mapping upper) {
      if (upper.get(Rule.Choice.TAG) instanceof YamlNode.Scalar s) {
        keepWhatFits(s.text(), choice, fields);
      }
      fields.putAll(plainNames(name, choice, upper));
      if (!fields.containsKey(Rule.Choice.TAG) && !name.equals("data")) {
        usualType(name)
            .ifPresent(t -> fields.put(Rule.Choice.TAG, new YamlNode.Field(upper.place(), t)));
      }
    } else {
      return value;
    }
    return new YamlNode.Mapping(fields, value.place());
  }

  /// Takes out what belongs to another type.
  private static void keepWhatFits(
      String type, Rule.Choice choice, Map<String, YamlNode.Field> fields) {
    YamlNode.Field old = fields.get(Rule.Choice.TAG);
    boolean same = old != null && old.value() instanceof YamlNode.Scalar s && s.text().equals(type);
    if (!same) {
      fields.keySet().retainAll(Rule.names(choice.keysOf(type)));
    }
  }

  /// Writes the keys under their first names, so that `label` in one layer and `target` in the next
  /// are the same key.
  private static Map<String, YamlNode.Field> plainNames(
      String section, Rule.Choice choice, YamlNode.Mapping mapping) {
    Map<String, String> aliases = new HashMap<>();
    for (String type : choice.variants().keySet()) {
      for (ConfigKey key : choice.keysOf(type)) {
        if (key.alias() != null) {
          aliases.put(key.alias(), key.name());
        }
      }
    }
    Map<String, YamlNode.Field> fields = new LinkedHashMap<>();
    mapping
        .fields()
        .forEach(
            (name, field) -> {
              String plain = aliases.getOrDefault(name, name);
              if (fields.put(plain, field) != null) {
                throw InputException.config(
                        "'%s.%s' is given twice, under two names".formatted(section, plain))
                    .at(field.place())
                    .build();
              }
            });
    return fields;
  }

  /// `optimizer: {lr: 0.1}` keeps the usual type.
  private static Optional<YamlNode> usualType(String name) {
    return Rule.find(TrainSchema.keys(), name)
        .map(ConfigKey::fallback)
        .map(text -> YamlReader.readValue(text, Place.of("default")));
  }

  private static YamlNode model(@Nullable YamlNode below, YamlNode value, boolean isFile) {
    YamlNode upper = ModelSpec.expand(value);
    if (isFile || !(value instanceof YamlNode.Mapping change)) {
      return upper;
    }
    // `--set model.hidden=8` alone changes the usual model.
    YamlNode base =
        below == null && !ModelSpec.saysWhich(change)
            ? usualType("model").map(ModelSpec::expand).orElse(null)
            : below;
    if (!(base instanceof YamlNode.Mapping lower) || !(upper instanceof YamlNode.Mapping changes)) {
      return upper;
    }
    Map<String, YamlNode.Field> fields = new LinkedHashMap<>(lower.fields());
    fields.putAll(changes.fields());
    return new YamlNode.Mapping(fields, lower.place());
  }
}
