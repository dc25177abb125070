package dev.autograd.cli;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The program itself: what holds for every command.
@Command(
    name = "autograd",
    header = "Automatic differentiation and training for the JVM.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "autograd COMMAND [OPTION...]",
    versionProvider = ProgramVersion.class)
final class RootCommand implements Runnable {
  private static final List<String> WIDTHS = List.of("auto", "off", "128", "256", "512");

  /// How results are written.
  enum Format {
    text,
    json
  }

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Say more on standard error.")
  boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Say nothing but results and errors.")
  boolean quiet;

  @Option(
      names = "--format",
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "Write results as ${COMPLETION-CANDIDATES}.")
  Format format = Format.text;

  @Option(
      names = "--plain",
      scope = ScopeType.INHERIT,
      description = "Draw no bars and use no colours.")
  boolean plain;

  @Option(
      names = "--threads",
      scope = ScopeType.INHERIT,
      paramLabel = "N",
      description = "Compute with N threads; results stay the same.")
  @Nullable Integer threads;

  @Option(
      names = "--simd",
      scope = ScopeType.INHERIT,
      paramLabel = "WIDTH",
      description = "Vector loops: auto, off, 128, 256, 512.")
  @Nullable String simd;

  @Option(
      names = "--plugin",
      scope = ScopeType.INHERIT,
      paramLabel = "JAR|DIR",
      description = "Add the operations of a plugin; may be repeated.")
  List<Path> plugins = new ArrayList<>();

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error came from.")
  boolean stacktrace;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "Show help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      scope = ScopeType.INHERIT,
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  final List<String> argv;
  final Path folder;
  final PrintStream out;
  final PrintStream err;
  private @Nullable OpRegistry registry;

  RootCommand(List<String> argv, Path folder, PrintStream out, PrintStream err) {
    this.argv = argv;
    this.folder = folder;
    this.out = out;
    this.err = err;
  }

  @Override
  public void run() {
    Commands.of(this).usage(out);
  }

  /// Puts the options into force; before anything computes.
  void apply() {
    if (simd != null) {
      if (!WIDTHS.contains(simd)) {
        throw new CommandException(
            ExitStatus.USAGE,
            "--simd: must be one of %s, got '%s'".formatted(String.join(", ", WIDTHS), simd));
      }
      System.setProperty("autograd.simd", simd);
    }
    if (threads != null) {
      if (threads < 1) {
        throw new CommandException(
            ExitStatus.USAGE, "--threads: must be at least 1, got " + threads);
      }
      Workers.threads(threads);
    }
  }

  /// Returns the operations of the library and of all plugins named by `--plugin`.
  OpRegistry registry() {
    OpRegistry known = registry;
    if (known == null) {
      known = Plugins.load(plugins);
      registry = known;
    }
    return known;
  }

  boolean json() {
    return format == Format.json;
  }

  /// Says something that is no result.
  void say(String line) {
    if (!quiet) {
      err.println(line);
    }
  }

  /// Writes a result as JSON, its layout's number first.
  void print(JsonObject result) {
    out.println(Json.pretty(result).stripTrailing());
  }

  /// Starts a result in JSON.
  static JsonObject result() {
    return new JsonObject().put("schema", 1);
  }
}
