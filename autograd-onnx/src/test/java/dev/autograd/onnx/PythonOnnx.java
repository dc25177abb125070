package dev.autograd.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// ONNX's own Python package, as a process of its own: a judge that shares no code with us.
public final class PythonOnnx {
  private static @Nullable String interpreter;

  private PythonOnnx() {}

  /// Runs a script and returns what it prints. Skips the calling test where the package is missing.
  public static String run(String script, String... arguments)
      throws IOException, InterruptedException {
    Result result = start(interpreter(), script, arguments);
    assertThat(result.status).as(result.output).isZero();
    return result.output;
  }

  private static synchronized String interpreter() throws IOException, InterruptedException {
    if (interpreter == null) {
      // Where another Python stands first in the path, the system's own still has Debian's
      // packages.
      for (String candidate : List.of("python3", "/usr/bin/python3")) {
        try {
          if (start(candidate, "import onnx").status == 0) {
            interpreter = candidate;
            return candidate;
          }
        } catch (IOException missing) {
          // No such program; the next candidate may be one.
        }
      }
      abort("no Python has the package onnx: apt-get install python3-onnx to run this test");
    }
    return interpreter;
  }

  private record Result(int status, String output) {}

  private static Result start(String interpreter, String script, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("python", ".txt");
    try {
      List<String> command = new ArrayList<>(List.of(interpreter, "-c", script));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(interpreter + " took longer than a minute");
      }
      return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
