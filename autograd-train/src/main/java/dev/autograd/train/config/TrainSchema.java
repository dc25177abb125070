package dev.autograd.train.config;

import dev.autograd.train.config.Rule.Choice;
import dev.autograd.train.config.Rule.FilePath;
import dev.autograd.train.config.Rule.ListOf;
import dev.autograd.train.config.Rule.OneOf;
import dev.autograd.train.config.Rule.RealNumber;
import dev.autograd.train.config.Rule.Section;
import dev.autograd.train.config.Rule.Text;
import dev.autograd.train.config.Rule.Time;
import dev.autograd.train.config.Rule.Truth;
import dev.autograd.train.config.Rule.WholeNumber;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All keys of a training configuration, with what they allow, what holds without them, and what
/// they do.
public final class TrainSchema {
  /// The layout of the configuration that this program reads.
  public static final int VERSION = 1;

  private static final double ANY = Double.POSITIVE_INFINITY;
  private static final Rule COUNT = new WholeNumber(1, Integer.MAX_VALUE);
  private static final Rule COUNT_OR_0 = new WholeNumber(0, Integer.MAX_VALUE);
  private static final Rule POSITIVE = new RealNumber(0, true, ANY, false);
  private static final Rule NOT_NEGATIVE = new RealNumber(0, false, ANY, false);
  private static final Rule FRACTION = new RealNumber(0, false, 1, true);
  private static final Rule SHARE = new RealNumber(0, false, 1, false);

  private TrainSchema() {}

  /// Returns the keys at the top.
  public static List<ConfigKey> keys() {
    return List.of(
        ConfigKey.of("schema", new WholeNumber(VERSION, VERSION), "1", "layout of this file"),
        ConfigKey.of(
            "seed",
            new WholeNumber(Long.MIN_VALUE, Long.MAX_VALUE),
            "42",
            "decides the split, the order of samples, initial weights and dropout"),
        ConfigKey.of(
            "name", new Text(), "null", "what to call the run; null takes the data and the model"),
        ConfigKey.required("data", data(), "what to learn from"),
        ConfigKey.of("model", new Rule.Anything("a model"), "mlp", "what to train"),
        ConfigKey.of("loss", loss(), "auto", "what to make small"),
        ConfigKey.of("optimizer", optimizer(), "adamw", "how to make it small"),
        ConfigKey.of("schedule", schedule(), "cosine", "how the learning rate changes"),
        ConfigKey.of("train", train(), "{}", "how long, and in which steps"),
        ConfigKey.of("outputs", outputs(), "{}", "what to write beside the checkpoints"));
  }

  private static Map<String, List<ConfigKey>> variants() {
    return new LinkedHashMap<>();
  }

  private static Rule data() {
    Map<String, List<ConfigKey>> types = variants();
    types.put("digits", List.of());
    List<ConfigKey> points =
        List.of(
            ConfigKey.of("samples", new WholeNumber(4, 100_000_000), "1000", "how many points"),
            ConfigKey.of("noise", NOT_NEGATIVE, "0.1", "standard deviation of what is added"));
    types.put("moons", points);
    types.put("spirals", points);
    types.put(
        "csv",
        List.of(
            ConfigKey.required("path", new FilePath(), "the CSV file, with a header"),
            ConfigKey.of(
                    "target", new Text(), "null", "column to predict; null finds it by its name")
                .orAlso("label"),
            ConfigKey.of(
                "task",
                new OneOf(List.of("classification", "regression")),
                "null",
                "classification or regression; null decides by the target"),
            ConfigKey.of("drop", new ListOf(new Text()), "[]", "columns to leave out"),
            ConfigKey.of(
                "categorical",
                new ListOf(new Text()),
                "[]",
                "columns of numbers that stand for categories"),
            ConfigKey.of(
                "delimiter",
                new OneOf(List.of("comma", "semicolon", "tab", "pipe", ",", ";", "|")),
                "null",
                "between fields; null takes tab for *.tsv, else comma")));
    types.put(
        "idx",
        List.of(
            ConfigKey.required("path", new FilePath(), "folder of IDX files, or one of a pair")));
    return new Choice(
        List.of(
            ConfigKey.of("valSplit", FRACTION, "0.1", "share of the training data to validate on"),
            ConfigKey.of(
                "testSplit", FRACTION, "0", "share to keep for a test, if the data has no own")),
        types);
  }

  private static Rule loss() {
    Map<String, List<ConfigKey>> types = variants();
    types.put("auto", List.of());
    types.put(
        "crossEntropy",
        List.of(
            ConfigKey.of("labelSmoothing", FRACTION, "0", "share of the target spread evenly")));
    types.put("mse", List.of());
    types.put("l1", List.of());
    types.put(
        "huber",
        List.of(ConfigKey.of("delta", POSITIVE, "1", "where it turns from square to line")));
    return new Choice(List.of(), types);
  }

  private static Rule optimizer() {
    ConfigKey momentum =
        ConfigKey.of("momentum", FRACTION, "0", "share of the last step that is kept");
    ConfigKey eps = ConfigKey.of("eps", POSITIVE, "1e-8", "added to the denominator");
    List<ConfigKey> adam =
        List.of(
            ConfigKey.of("beta1", FRACTION, "0.9", "decay of the first moment"),
            ConfigKey.of("beta2", FRACTION, "0.999", "decay of the second moment"),
            eps);
    Map<String, List<ConfigKey>> types = variants();
    types.put(
        "sgd",
        List.of(
            momentum,
            ConfigKey.of("nesterov", new Truth(), "false", "look ahead along the momentum"),
            weightDecay("0")));
    types.put("adam", with(adam, weightDecay("0")));
    types.put("adamw", with(adam, weightDecay("0.01")));
    return new Choice(List.of(ConfigKey.of("lr", POSITIVE, "0.003", "learning rate")), types);
  }

  private static ConfigKey weightDecay(String fallback) {
    return ConfigKey.of("weightDecay", NOT_NEGATIVE, fallback, "pull of the weights towards 0");
  }

  private static List<ConfigKey> with(List<ConfigKey> keys, ConfigKey more) {
    return Stream.concat(keys.stream(), Stream.of(more)).toList();
  }

  private static Rule schedule() {
    Map<String, List<ConfigKey>> types = variants();
    types.put("constant", List.of());
    types.put(
        "step",
        List.of(
            ConfigKey.of("stepSize", COUNT, "10", "epochs between two falls"),
            ConfigKey.of("gamma", POSITIVE, "0.1", "factor of each fall")));
    types.put(
        "exponential", List.of(ConfigKey.of("gamma", POSITIVE, "0.95", "factor of each epoch")));
    types.put("cosine", List.of(ConfigKey.of("minLr", NOT_NEGATIVE, "0", "rate at the end")));
    types.put(
        "linear", List.of(ConfigKey.of("endFactor", SHARE, "0", "rate at the end, relative")));
    return new Choice(
        List.of(ConfigKey.of("warmup", COUNT_OR_0, "0", "steps over which the rate first grows")),
        types);
  }

  private static Rule train() {
    return new Section(
        List.of(
            ConfigKey.of("epochs", COUNT, "30", "passes over the training data"),
            ConfigKey.of("batchSize", COUNT, "32", "samples per step"),
            ConfigKey.of("shuffle", new Truth(), "true", "a new order in every epoch"),
            ConfigKey.of("dropLast", new Truth(), "false", "leave out a smaller last batch"),
            ConfigKey.of(
                "accumulate", COUNT, "1", "batches whose gradients are added before a step"),
            ConfigKey.of(
                "gradClip", POSITIVE, "null", "largest norm of the gradient; null for no limit"),
            ConfigKey.of(
                "patience",
                COUNT,
                "null",
                "stop after so many epochs without progress; null never"),
            ConfigKey.of(
                "maxTime", new Time(), "null", "stop after this time, such as 90s or 1h30m"),
            ConfigKey.of("checkpointEvery", COUNT, "1", "epochs between checkpoints"),
            ConfigKey.of(
                "logEvery", COUNT_OR_0, "0", "steps between lines of metrics; 0 for epochs only")));
  }

  private static Rule outputs() {
    return new Section(
        List.of(ConfigKey.of("dir", new FilePath(), "null", "folder for runs; null takes ./runs")));
  }
}
