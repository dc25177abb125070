package dev.autograd.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a program is told whose kernels are slow without need.
class WarningTest {

  /// Asks twice how the kernels run.
  static final class Program {
    private Program() {}

    /// Prints the width twice.
    public static void main(String[] args) {
      System.out.println(Simd.bits() + Simd.bits());
    }
  }

  private static List<String> warnings(String... options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    String path = path(Simd.class) + File.pathSeparator + path(Program.class);
    command.addAll(List.of("-cp", path, Program.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> said = new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(process.waitFor()).as("%s", said).isZero();
    return said.stream().filter(line -> line.startsWith("WARNING: ")).toList();
  }

  private static String path(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void a_missing_vector_module_is_told_once_with_what_to_do() throws Exception {
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("scalar loops", "slower", "--add-modules jdk.incubator.vector");
  }

  @Test
  void vectors_that_are_switched_off_are_no_surprise() throws Exception {
    assertThat(warnings("-Dautograd.simd=off")).isEmpty();
  }

  @Test
  void emulated_vectors_are_told() throws Exception {
    assertThat(
            warnings(
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:MaxVectorSize=16",
                "-Dautograd.simd=512"))
        .filteredOn(line -> !line.contains("incubator modules"))
        .singleElement()
        .asString()
        .contains("512", "128", "emulated");
  }

  @Test
  void vectors_as_wide_as_the_machine_are_no_surprise() throws Exception {
    assertThat(warnings("--add-modules", "jdk.incubator.vector"))
        .allMatch(line -> line.contains("incubator modules"));
  }
}
