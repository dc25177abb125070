package dev.autograd.cli;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.train.Evaluator;
import dev.autograd.train.Preparation;
import dev.autograd.train.Trainer;
import dev.autograd.train.config.ConfigLayers.Resolved;
import dev.autograd.train.config.ModelSpec;
import dev.autograd.train.config.TrainConfig;
import dev.autograd.train.data.DataSpec;
import dev.autograd.train.data.DataSplits;
import dev.autograd.train.json.JsonObject;
import dev.autograd.train.model.ModelShape;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunRecord;
import dev.autograd.train.run.RunStatus;
import dev.autograd.train.run.Runs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Trains a model in a new run directory, or goes on with an old one.
@Command(
    name = "train",
    description = "Train a model.",
    footer = {
      "Examples:",
      "  autograd train --data digits --model cnn --epochs 5",
      "  autograd train Net.java --data iris.csv --target species",
      "  autograd train --resume latest --epochs 20",
      ""
    })
final class TrainCommand implements Callable<Integer> {
  private final RootCommand root;

  @Mixin TrainOptions options = new TrainOptions();

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Go on with a run: its folder or name, or 'latest'.")
  @Nullable String resume;

  @Option(names = "--dry-run", description = "Load the data and make the model, but do not train.")
  boolean dryRun;

  @Option(
      names = "--print-config",
      description = "Print the configuration and where each value comes from, and end.")
  boolean printConfig;

  TrainCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    RunDirectory old = null;
    if (resume != null) {
      String out = options.out;
      old = new Runs(out == null ? root.folder.resolve("runs") : Path.of(out)).resolve(resume);
    }
    Resolved resolved =
        (old == null ? options.layers() : options.resumed(old.configFile())).resolve();
    if (printConfig) {
      root.out.print(resolved.toYamlWithSources());
      return ExitStatus.OK.code();
    }
    if (dryRun) {
      rehearse(resolved);
      return ExitStatus.OK.code();
    }
    TrainProgress progress = new TrainProgress(root);
    RunDirectory run;
    Trainer trainer;
    if (old == null) {
      // All that can be wrong with the data and the model shows before there is a folder.
      Preparation prepared = Preparation.of(resolved, root.registry());
      run = create(resolved.config());
      trainer = Trainer.start(prepared, run, record(run, resolved), progress);
    } else {
      run = old;
      trainer = Trainer.resume(resolved, run, root.registry(), progress);
    }
    root.say("run " + run.path());
    try (Interruption interruption = new Interruption(root, trainer)) {
      Trainer.Result result = trainer.run();
      progress.clear();
      summarize(run, result);
      ExitStatus status =
          result.status() == RunStatus.INTERRUPTED ? ExitStatus.INTERRUPTED : ExitStatus.OK;
      interruption.ended(status);
      root.out.flush();
      return status.code();
    } finally {
      progress.clear();
    }
  }

  private RunDirectory create(TrainConfig config) {
    Path asked = config.outputs().dir();
    Path folder = asked == null ? root.folder.resolve("runs") : asked;
    return RunDirectory.create(folder, name(config), Instant.now());
  }

  private static String name(TrainConfig config) {
    if (config.name() != null) {
      return config.name();
    }
    String data =
        switch (config.data().spec()) {
          case DataSpec.Digits s -> "digits";
          case DataSpec.Synthetic s -> s.shape().toString();
          case DataSpec.Csv s -> stem(s.path());
          case DataSpec.Idx s -> stem(s.path());
        };
    String model =
        switch (config.model()) {
          case ModelSpec.Named s -> s.type();
          case ModelSpec.Layers s -> s.name() == null ? "layers" : s.name();
          case ModelSpec.JavaFile s -> stem(s.file());
          case ModelSpec.JavaClass s -> s.className().substring(s.className().lastIndexOf('.') + 1);
        };
    return data + "-" + model;
  }

  private static String stem(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\..*$", "");
  }

  private RunRecord record(RunDirectory run, Resolved resolved) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("autograd", ProgramVersion.number());
    versions.put("java", Runtime.version().toString());
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    return RunRecord.starting(
        run.id(),
        root.argv,
        versions,
        resolved.config().seed(),
        Workers.threads(),
        Simd.live() ? String.valueOf(Simd.bits()) : "off",
        Instant.now());
  }

  private void rehearse(Resolved resolved) {
    Preparation prepared = Preparation.of(resolved, root.registry());
    DataSplits data = prepared.data();
    ModelShape shape = ModelShape.of(data.train());
    long parameters = prepared.model().parameterCount();
    if (root.json()) {
      root.print(
          RootCommand.result()
              .put("train", data.train().size())
              .put("validation", data.validation().size())
              .put("test", data.test().size())
              .put("outputs", shape.outputs())
              .put("parameters", parameters));
      return;
    }
    root.out.printf(
        "samples     %d to train on, %d to validate, %d to test%n",
        data.train().size(), data.validation().size(), data.test().size());
    root.out.printf("sample      %s%n", Arrays.toString(shape.sample()));
    root.out.printf("outputs     %d%n", shape.outputs());
    root.out.printf("parameters  %d%n", parameters);
  }

  private void summarize(RunDirectory run, Trainer.Result result) {
    Evaluator.Result test = result.test();
    if (root.json()) {
      JsonObject json =
          RootCommand.result()
              .put("run", run.path().toString())
              .put("status", result.status().word())
              .put("epochs", result.epochs())
              .put("steps", result.steps())
              .put("seconds", result.seconds());
      if (result.last() != null) {
        JsonObject last = json.putObject("last");
        result.last().values().forEach(last::put);
      }
      if (test != null) {
        JsonObject measured = json.putObject("test").put("samples", test.samples());
        test.values().forEach(measured::put);
      }
      root.print(json);
      return;
    }
    if (test != null) {
      root.out.println(measured("test", test.values()) + " on " + test.samples() + " samples");
    } else if (result.last() != null) {
      Map<String, Double> validated = new LinkedHashMap<>();
      result
          .last()
          .values()
          .forEach(
              (name, v) -> {
                if (name.startsWith("val_")) {
                  validated.put(name.substring("val_".length()), v);
                }
              });
      if (!validated.isEmpty()) {
        root.out.println(measured("val", validated) + " after epoch " + result.last().epoch());
      }
    }
    root.out.printf(
        Locale.ROOT,
        "%-9s%d epochs, %d steps in %.1f s%n",
        result.status() == RunStatus.FINISHED ? "done" : "stopped",
        result.epochs(),
        result.steps(),
        result.seconds());
    root.out.println("run      " + run.path());
    if (result.status() == RunStatus.FINISHED) {
      root.out.println("next     autograd eval " + run.path());
      root.out.println("         autograd predict " + run.path() + " --data FILE");
      root.out.println("         autograd export onnx " + run.path() + " -o model.onnx");
    } else {
      root.out.println("next     autograd train --resume " + run.path());
    }
  }

  private static String measured(String on, Map<String, Double> values) {
    StringBuilder line = new StringBuilder(String.format("%-8s", on));
    values.forEach((name, v) -> line.append(String.format(Locale.ROOT, " %s %.4f", name, v)));
    return line.toString();
  }
}
