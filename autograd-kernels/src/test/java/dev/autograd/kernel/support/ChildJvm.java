package dev.autograd.kernel.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program of the tests in a virtual machine of its own.
///
/// Needed where a property is read once, or where the compiler must not have seen vectors of other
/// widths.
public final class ChildJvm {
  private final Process process;

  private ChildJvm(Process process) {
    this.process = process;
  }

  /// Starts the main class with options, given a class of the product.
  public static ChildJvm start(Class<?> main, Class<?> product, List<String> options)
      throws IOException, URISyntaxException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(root(product) + File.pathSeparator + root(main));
    command.add(main.getName());
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /// Waits for the end and returns what was printed, or the exit code if it is not 0.
  public String output() throws IOException, InterruptedException {
    String text = new String(process.getInputStream().readAllBytes(), UTF_8).trim();
    int code = process.waitFor();
    return code == 0 ? text : "exit code " + code + ": " + text;
  }

  /// Returns the folder that holds the packages of a class.
  private static Path root(Class<?> type) throws URISyntaxException {
    Path file = Path.of(type.getResource(type.getSimpleName() + ".class").toURI());
    for (int i = 0; i <= type.getPackageName().chars().filter(c -> c == '.').count() + 1; i++) {
      file = file.getParent();
    }
    return file;
  }
}
