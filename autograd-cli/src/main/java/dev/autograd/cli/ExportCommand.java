package dev.autograd.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Groups the formats that a trained model can be written in.
@Command(
    name = "export",
    description = "Write a trained model as ONNX.",
    footer = {"Example:", "  autograd export onnx latest -o model.onnx", ""})
final class ExportCommand implements Runnable {
  private final CommandLine line = new CommandLine(this);

  static CommandLine of(RootCommand root) {
    return new ExportCommand().line.addSubcommand("onnx", new ExportOnnxCommand(root));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        line,
        "export: which format? There is "
            + String.join(", ", line.getSubcommands().keySet())
            + ".");
  }
}
