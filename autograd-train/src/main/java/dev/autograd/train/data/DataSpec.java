package dev.autograd.train.data;

import dev.autograd.train.DidYouMean;
import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which data to use.
public sealed interface DataSpec {
  /// The kinds of data, as they are named in a configuration and before the `:` of a short form.
  List<String> KINDS = List.of("digits", "moons", "spirals", "csv", "idx");

  /// The optical digits that come with the library.
  record Digits() implements DataSpec {
    @Override
    public String toString() {
      return "digits";
    }
  }

  /// Points made on the spot.
  ///
  /// @param samples how many, at least 4
  /// @param noise standard deviation of what is added to each coordinate
  record Synthetic(Shape shape, int samples, double noise) implements DataSpec {
    /// How the points lie.
    public enum Shape {
      /// Two half circles.
      MOONS,
      /// Two arms of a spiral.
      SPIRALS;

      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    @Override
    public String toString() {
      return "%s:?samples=%d&noise=%s".formatted(shape, samples, noise);
    }
  }

  /// A table with a header.
  record Csv(Path path, CsvOptions options) implements DataSpec {
    @Override
    public String toString() {
      return options.target() == null
          ? "csv:" + path
          : "csv:%s?target=%s".formatted(path, options.target());
    }
  }

  /// Images and labels: a folder, or one file of a pair.
  record Idx(Path path) implements DataSpec {
    @Override
    public String toString() {
      return "idx:" + path;
    }
  }

  /// Reads the short form: a name (`digits`), a path (`iris.csv`, `data/fashion-mnist`,
  /// `train-images-idx3-ubyte.gz`), or `kind:path?option=value&option=value`.
  ///
  /// Options of `csv`: `target`, `task`, `drop`, `categorical` (names separated by commas),
  /// `delimiter` (a character, `tab` or `semicolon`). Options of `moons` and `spirals`: `samples`,
  /// `noise`. Paths are relative to the place's folder.
  ///
  /// @throws InputException of kind DATA when the path does not exist, CONFIG when the form is
  ///   wrong
  static DataSpec parse(String text, Place place) {
    int colon = text.indexOf(':');
    String head = colon < 0 ? text : text.substring(0, colon);
    if (KINDS.contains(head)) {
      return ofKind(head, colon < 0 ? "" : text.substring(colon + 1), place);
    }
    int question = text.indexOf('?');
    String pathPart = question < 0 ? text : text.substring(0, question);
    Path path = place.resolve(pathPart);
    if (!Files.exists(path)) {
      throw unknown(text, pathPart, path, place);
    }
    if (Files.isDirectory(path) || IdxImages.named(String.valueOf(path.getFileName()))) {
      return ofKind("idx", text, place);
    }
    String name = pathPart.toLowerCase(Locale.ROOT);
    if (List.of(".csv", ".tsv", ".csv.gz", ".tsv.gz", ".txt", ".data").stream()
        .anyMatch(name::endsWith)) {
      return ofKind("csv", text, place);
    }
    throw InputException.data("cannot tell what kind of data " + pathPart + " is")
        .at(place)
        .expected("a folder or a file named *.csv, *.tsv or *-ubyte[.gz]")
        .hint("Say it: csv:" + pathPart + " or idx:" + pathPart)
        .build();
  }

  private static InputException unknown(String text, String pathPart, Path path, Place place) {
    boolean looksLikePath =
        pathPart.contains("/") || pathPart.contains("\\") || pathPart.contains(".");
    InputException.Builder error =
        (looksLikePath
                ? InputException.data("no such data file or folder: " + path)
                : InputException.config("unknown data '" + text + "'"))
            .at(place);
    List<String> candidates = looksLikePath ? siblings(path) : KINDS;
    String asked = looksLikePath ? String.valueOf(path.getFileName()) : pathPart;
    return error
        .didYouMean(asked, candidates)
        .expected(
            "digits, moons, spirals, a CSV file, a folder of IDX files, or csv:PATH?target=COLUMN")
        .build();
  }

  private static List<String> siblings(Path path) {
    Path folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "list", Place.of(folder), e);
    }
  }

  private static DataSpec ofKind(String kind, String rest, Place place) {
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    Map<String, String> options =
        options(question < 0 ? "" : rest.substring(question + 1), kind, place);
    boolean takesPath = kind.equals("csv") || kind.equals("idx");
    if (takesPath == path.isEmpty()) {
      throw InputException.config(
              takesPath
                  ? "'" + kind + "' needs a path"
                  : "'" + kind + "' takes no path, got '" + path + "'")
          .at(place)
          .expected(takesPath ? kind + ":PATH, or ./" + kind + " for a file of that name" : kind)
          .build();
    }
    return switch (kind) {
      case "digits" -> new Digits();
      case "moons" -> synthetic(Synthetic.Shape.MOONS, options, place);
      case "spirals" -> synthetic(Synthetic.Shape.SPIRALS, options, place);
      case "csv" -> new Csv(place.resolve(path), csv(options, path, place));
      default -> new Idx(place.resolve(path));
    };
  }

  private static Map<String, String> options(String text, String kind, Place place) {
    List<String> known =
        switch (kind) {
          case "csv" -> List.of("target", "task", "drop", "categorical", "delimiter");
          case "moons", "spirals" -> List.of("samples", "noise");
          default -> List.of();
        };
    Map<String, String> options = new LinkedHashMap<>();
    for (String part : text.isEmpty() ? List.<String>of() : List.of(text.split("&", -1))) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      if (equals <= 0 || !known.contains(key) || options.containsKey(key)) {
        throw InputException.config(
                options.containsKey(key)
                    ? "option '" + key + "' stands twice"
                    : equals <= 0
                        ? "option '" + part + "' has no value"
                        : "unknown option '" + key + "' of " + kind)
            .at(place)
            .didYouMean(known.contains(key) ? null : DidYouMean.nearest(key, known).orElse(null))
            .hint(
                known.isEmpty()
                    ? kind + " takes no options"
                    : "options of " + kind + ": " + String.join(", ", known))
            .build();
      }
      options.put(key, part.substring(equals + 1));
    }
    return options;
  }

  private static DataSpec synthetic(
      Synthetic.Shape shape, Map<String, String> options, Place place) {
    double samples = number(options.getOrDefault("samples", "1000"), "samples", place);
    double noise = number(options.getOrDefault("noise", "0.1"), "noise", place);
    if (samples < 4 || samples > 1e8 || samples != Math.rint(samples) || noise < 0) {
      throw InputException.config("samples and noise are out of range in '" + options + "'")
          .at(place)
          .expected("4 to 100000000 samples and noise of at least 0")
          .build();
    }
    return new Synthetic(shape, (int) samples, noise);
  }

  private static double number(String text, String key, Place place) {
    if (!CsvTable.isNumber(text)) {
      throw InputException.config("option '" + key + "' must be a number, got '" + text + "'")
          .at(place)
          .build();
    }
    return Double.parseDouble(text);
  }

  private static CsvOptions csv(Map<String, String> options, String path, Place place) {
    String lower = path.toLowerCase(Locale.ROOT);
    String usual = lower.endsWith(".tsv") || lower.endsWith(".tsv.gz") ? "tab" : ",";
    String task = options.get("task");
    return new CsvOptions(
        options.get("target"),
        task == null ? null : task(task, place),
        list(options.getOrDefault("drop", "")),
        list(options.getOrDefault("categorical", "")),
        delimiter(options.getOrDefault("delimiter", usual), place));
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(","));
  }

  /// Reads the name of a task.
  private static CsvOptions.Task task(String text, Place place) {
    return switch (text) {
      case "classification" -> CsvOptions.Task.CLASSIFICATION;
      case "regression" -> CsvOptions.Task.REGRESSION;
      default ->
          throw InputException.config("unknown task '" + text + "'")
              .at(place)
              .expected("classification or regression")
              .didYouMean(text, List.of("classification", "regression"))
              .build();
    };
  }

  /// Reads a delimiter: a character, or its name.
  private static char delimiter(String text, Place place) {
    return switch (text) {
      case "tab", "\t" -> '\t';
      case "semicolon", ";" -> ';';
      case "comma", "," -> ',';
      case "pipe", "|" -> '|';
      default ->
          throw InputException.config("unknown delimiter '" + text + "'")
              .at(place)
              .expected("one of , ; | tab")
              .build();
    };
  }
}
