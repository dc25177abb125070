package dev.autograd.cli;

import dev.autograd.DType;
import dev.autograd.onnx.ExportOptions;
import dev.autograd.onnx.ExportReport;
import dev.autograd.onnx.OnnxExport;
import dev.autograd.train.InputException;
import dev.autograd.train.TrainedModel;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes a trained model as ONNX and proves that the file computes the same.
@Command(
    name = "onnx",
    description = {
      "Write a trained model as an ONNX file for any batch size.",
      "The file is read back and compared with the model before it takes its name."
    },
    footer = {
      "Ends with status 3 when the file computes something else, with 6 when an operation has",
      "no ONNX form; no file is left then. Examples:",
      "  autograd export onnx latest -o model.onnx",
      "  autograd export onnx runs/digits-cnn -o model.onnx --opset 20",
      ""
    })
final class ExportOnnxCommand implements Runnable {
  private final RootCommand root;

  @Parameters(
      paramLabel = "RUN",
      description = "A run's folder or name, 'latest', or a checkpoint.")
  String run = "";

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = "The file to write.")
  Path file = Path.of("model.onnx");

  @Option(
      names = "--opset",
      paramLabel = "N",
      defaultValue = "17",
      description = "The version of ONNX's operators, 13 to 22 (default ${DEFAULT-VALUE}).")
  int opset;

  @Option(
      names = "--atol",
      paramLabel = "X",
      defaultValue = "1e-5",
      description = "The absolute difference allowed (default ${DEFAULT-VALUE}).")
  double atol;

  @Option(
      names = "--rtol",
      paramLabel = "X",
      defaultValue = "1e-4",
      description = "The difference allowed relative to the result (default ${DEFAULT-VALUE}).")
  double rtol;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the random inputs of the comparison (default ${DEFAULT-VALUE}).")
  long seed;

  ExportOnnxCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public void run() {
    if (opset < 13 || opset > 22) {
      throw InputException.usage("--opset must be from 13 to 22, got " + opset).build();
    }
    if (!(atol >= 0) || !(rtol >= 0)) {
      throw InputException.usage(
              "--atol and --rtol must be at least 0, got %s and %s".formatted(atol, rtol))
          .build();
    }
    TrainedModel trained = Models.load(root, run);
    int[] sample = trained.shape().sample();
    ExportReport report = export(trained, sample);
    String batches =
        report.batchSizes().stream().map(String::valueOf).collect(Collectors.joining(", "));
    if (root.json()) {
      root.print(
          RootCommand.result()
              .put("file", report.file().toString())
              .put("checkpoint", trained.checkpoint().toString())
              .put("opset", report.opset())
              .put("nodes", report.nodes())
              .put("initializers", report.initializers())
              .put("largestDifference", report.largestDifference()));
      return;
    }
    root.out.printf(
        "wrote    %s (opset %d, %d nodes, %d initializers)%n",
        report.file(), report.opset(), report.nodes(), report.initializers());
    root.out.printf(
        "input    float [batch, %s], prepared as the run's data was%n",
        Arrays.stream(sample).mapToObj(String::valueOf).collect(Collectors.joining(", ")));
    root.out.printf(
        Locale.ROOT,
        "checked  read back and run at batch sizes %s: largest difference %.2e%n",
        batches,
        report.largestDifference());
  }

  private ExportReport export(TrainedModel trained, int[] sample) {
    try {
      return OnnxExport.toFile(
          file,
          trained.model()::forward,
          trained.model().state(),
          DType.F32,
          sample,
          new ExportOptions(opset, atol, rtol, seed, "autograd"));
    } catch (IOException e) {
      String reason =
          e instanceof NoSuchFileException
              ? "the folder " + file.toAbsolutePath().getParent() + " does not exist"
              : String.valueOf(e.getMessage());
      throw InputException.data("cannot write " + file + ": " + reason).cause(e).build();
    }
  }
}
