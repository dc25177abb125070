package dev.autograd.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs one of each command that computes, shortly and unheard, so that the launcher can archive
/// the classes that they need.
final class Rehearsal {
  private static final String RUN = "rehearsal";

  private Rehearsal() {}

  /// Runs the commands in the folder that is named, which is made; ends with status 1 if one of
  /// them fails.
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (List<String> command : commands(folder)) {
      if (Main.run(
              command.toArray(String[]::new),
              folder,
              OutputStream.nullOutputStream(),
              OutputStream.nullOutputStream())
          != ExitStatus.OK.code()) {
        System.exit(ExitStatus.INTERNAL.code());
      }
    }
  }

  /// Returns the commands, each with what was made by those before.
  static List<List<String>> commands(Path folder) {
    String run = "latest";
    return List.of(
        List.of("train", "--data", "digits", "--epochs", "1", "--name", RUN),
        List.of("train", "--resume", run, "--epochs", "2", "--format", "json"),
        List.of("eval", run),
        List.of("export", "onnx", run, "-o", folder.resolve("model.onnx").toString()),
        List.of("gradcheck", "matmul", "softmax", "--samples", "1"),
        List.of("doctor", "--wait", "0"));
  }
}
