package dev.autograd.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The models and tensors that Debian's package `libonnx-testdata` installs.
public final class DebianModels {
  private static final Path FOLDER = Path.of("/usr/share/libonnx-testdata/data");

  private DebianModels() {}

  /// Returns all files of the given ending, sorted. Skips the calling test where there are none.
  public static List<Path> files(String ending) throws IOException {
    assumeTrue(
        Files.isDirectory(FOLDER),
        () -> FOLDER + " is not there: apt-get install libonnx-testdata to run this test");
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
          .sorted()
          .toList();
    }
  }
}
