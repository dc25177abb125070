package dev.autograd.kernel.expr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The same program in virtual machines with every vector width, with none, and without the module.
class EveryWidthTest {

  @Test
  void everyWidthAndTheScalarLoopsGiveTheSameBits() throws Exception {
    Map<String, Process> runs = new TreeMap<>();
    runs.put("absent", start());
    for (String width : List.of("off", "128", "256", "512")) {
      runs.put(width, start("--add-modules", "jdk.incubator.vector", "-Dautograd.simd=" + width));
    }
    Map<String, String> outputs = new TreeMap<>();
    for (Map.Entry<String, Process> run : runs.entrySet()) {
      byte[] bytes = run.getValue().getInputStream().readAllBytes();
      outputs.put(run.getKey(), new String(bytes, StandardCharsets.UTF_8).trim());
      assertThat(run.getValue().waitFor()).as("%s: %s", run.getKey(), outputs).isZero();
    }
    String hash = outputs.get("absent").substring(2);
    assertThat(outputs)
        .isEqualTo(
            Map.of(
                "absent", "0 " + hash,
                "off", "0 " + hash,
                "128", "128 " + hash,
                "256", "256 " + hash,
                "512", "512 " + hash));
  }

  private static Process start(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(place(PointwiseKernel.class) + File.pathSeparator + place(Digest.class));
    command.add(Digest.class.getName());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static Path place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
