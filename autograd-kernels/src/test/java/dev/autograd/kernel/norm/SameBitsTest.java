package dev.autograd.kernel.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameBitsTest {
  /// The pointwise kernels have an `EveryWidthTest` of their own.
  private static final Set<String> ELSEWHERE = Set.of("PointwiseKernel", "Simd");

  @TempDir Path folder;

  /// Returns the names of the classes that choose a vector width.
  private static Set<String> vectorClasses() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String sources : List.of("src/main/java", "target/generated-sources/twins")) {
      try (Stream<Path> files = Files.walk(Path.of(sources))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          if (Files.readString(file).contains("Simd.bits()") && !ELSEWHERE.contains(name)) {
            names.add(name);
          }
        }
      }
    }
    return names;
  }

  @Test
  void everyVectorWidthAndPlainJavaGiveTheSameBits() throws Exception {
    var runs = new ArrayList<ChildJvm>();
    runs.add(ChildJvm.start(Digest.class, Gemm.class, List.of("-Dautograd.threads=1")));
    for (String width : new String[] {"off", "128", "256", "512"}) {
      List<String> options =
          List.of(
              "--add-modules",
              "jdk.incubator.vector",
              "-Dautograd.simd=" + width,
              "-Dautograd.threads=" + (width.equals("256") ? "3" : "1"),
              "-Xlog:class+load:file=" + folder.resolve(width));
      runs.add(ChildJvm.start(Digest.class, Gemm.class, options));
    }
    var results = new ArrayList<String>();
    for (ChildJvm run : runs) {
      results.add(run.output());
    }
    String bits = results.get(0).substring(2);
    assertThat(results)
        .containsExactly("0 " + bits, "0 " + bits, "128 " + bits, "256 " + bits, "512 " + bits);

    Set<String> missing = vectorClasses();
    assertThat(missing).hasSizeGreaterThan(20);
    for (String width : List.of("128", "256", "512")) {
      String loaded = Files.readString(folder.resolve(width));
      missing.removeIf(name -> loaded.contains("." + name + " source:"));
    }
    assertThat(missing).as("classes that choose a width and take no part").isEmpty();
  }
}
