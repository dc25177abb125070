package dev.autograd.kernel.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.linalg.Gemm;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SameBitsTest {

  @Test
  void everyVectorWidthAndPlainJavaGiveTheSameBits() throws Exception {
    var runs = new ArrayList<Process>();
    runs.add(start("1", List.of()));
    for (String width : new String[] {"off", "128", "256", "512"}) {
      String threads = width.equals("256") ? "3" : "1";
      runs.add(
          start(
              threads,
              List.of("--add-modules", "jdk.incubator.vector", "-Dautograd.simd=" + width)));
    }
    var results = new ArrayList<String>();
    for (Process run : runs) {
      results.add(new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim());
      assertThat(run.waitFor()).isZero();
    }
    String bits = results.get(0).substring(2);
    assertThat(results)
        .containsExactly("0 " + bits, "0 " + bits, "128 " + bits, "256 " + bits, "512 " + bits);
  }

  private static Process start(String threads, List<String> options)
      throws IOException, URISyntaxException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dautograd.threads=" + threads);
    command.add("-cp");
    command.add(root(Gemm.class) + File.pathSeparator + root(Digest.class));
    command.add(Digest.class.getName());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
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
