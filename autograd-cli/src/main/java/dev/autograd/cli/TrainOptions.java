package dev.autograd.cli;

import dev.autograd.train.config.ConfigLayers;
import dev.autograd.train.config.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What of a configuration can be said on the command line.
final class TrainOptions {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "A model (*.java, or *.yaml with layers) or a configuration (*.yaml).")
  @Nullable Path file;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A configuration; later ones win.")
  List<Path> configs = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key, such as optimizer.lr=0.01; may be repeated.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "digits, moons, spirals, a CSV file or a folder of IDX files.")
  @Nullable String data;

  @Option(names = "--target", paramLabel = "COLUMN", description = "The column to predict.")
  @Nullable String target;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "linear, mlp, cnn, transformer, or a file.")
  @Nullable String model;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training data.")
  @Nullable String epochs;

  @Option(names = "--batch-size", paramLabel = "N", description = "Samples per step.")
  @Nullable String batchSize;

  @Option(names = "--optimizer", paramLabel = "NAME", description = "sgd, adam or adamw.")
  @Nullable String optimizer;

  @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate.")
  @Nullable String learningRate;

  @Option(names = "--seed", paramLabel = "N", description = "Decides all that is random.")
  @Nullable String seed;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder for runs (default: runs).")
  @Nullable String out;

  @Option(names = "--name", paramLabel = "NAME", description = "What to call the run.")
  @Nullable String name;

  /// Returns the layers of the configuration that they make.
  ConfigLayers layers() {
    ConfigLayers layers = new ConfigLayers();
    configs.forEach(layers::file);
    Path given = file;
    if (given != null && !isModel(given)) {
      layers.file(given);
    } else if (given != null) {
      choice(layers, "FILE", "model", text(given.toString()));
    }
    choice(layers, "--data", "data", text(data));
    choice(layers, "--model", "model", text(model));
    choice(layers, "--optimizer", "optimizer", optimizer);
    settings.forEach(layers::set);
    flag(layers, "--target", "data.target", text(target));
    return flags(layers);
  }

  private static void choice(ConfigLayers layers, String flag, String key, @Nullable String value) {
    if (value != null) {
      layers.choice(flag, key, value);
    }
  }

  private ConfigLayers flags(ConfigLayers layers) {
    flag(layers, "--epochs", "train.epochs", epochs);
    flag(layers, "--batch-size", "train.batchSize", batchSize);
    flag(layers, "--lr", "optimizer.lr", learningRate);
    flag(layers, "--seed", "seed", seed);
    flag(layers, "--out", "outputs.dir", text(out));
    flag(layers, "--name", "name", text(name));
    return layers;
  }

  /// Returns the layers for going on with a run: its own configuration, perhaps with more epochs.
  ConfigLayers resumed(Path configFile) {
    boolean others =
        file != null
            || !configs.isEmpty()
            || !settings.isEmpty()
            || data != null
            || target != null
            || model != null
            || batchSize != null
            || optimizer != null
            || learningRate != null
            || seed != null
            || name != null;
    if (others) {
      throw new CommandException(
          ExitStatus.USAGE,
          "--resume goes on with the run's own configuration; only --epochs can be changed"
              + "\n  Start a new run for anything else.");
    }
    ConfigLayers layers = new ConfigLayers().file(configFile);
    flag(layers, "--epochs", "train.epochs", epochs);
    return layers;
  }

  private static void flag(ConfigLayers layers, String flag, String key, @Nullable String value) {
    if (value != null) {
      layers.flag(flag, key, value);
    }
  }

  /// Writes a text as YAML, so that no sign in it means anything.
  private static @Nullable String text(@Nullable String value) {
    return value == null ? null : "'" + value.replace("'", "''") + "'";
  }

  private static boolean isModel(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".java")) {
      return true;
    }
    return YamlReader.read(file).get("layers") != null;
  }
}
