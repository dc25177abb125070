package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What the guide to autograd shows is what there is.
class GuideTest {
  private static final Path DOCS = Path.of("..", "docs");

  /// A line that gives something, and what it gives.
  private static final Pattern SHOWN = Pattern.compile("(?m)^( *)(.+?); *// → (.+)$");

  private static final String AROUND =
      """
      import static dev.autograd.functional.Functional.*;

      import dev.autograd.*;
      import dev.autograd.functional.*;
      import dev.autograd.ops.pointwise.Fusion;
      import dev.autograd.profile.*;
      import java.util.*;
      import java.util.function.BinaryOperator;
      import java.util.function.UnaryOperator;

      public class BlockNUMBER {
        static final List<String> seen = new ArrayList<>();

        static void show(Object value) {
          seen.add(
              value instanceof Tensor t ? Arrays.toString(t.toDoubleArray()) : String.valueOf(value));
        }

        static ErrorKind kind(Runnable code) {
          try {
            code.run();
          } catch (AutogradException e) {
            return e.kind();
          }
          throw new IllegalStateException("no error");
        }

        public static List<String> run() {
      BODY
          return seen;
        }
      }
      """;

  @TempDir static Path folder;

  private static String guide = "";

  @BeforeAll
  static void read() throws IOException {
    guide = Files.readString(DOCS.resolve("autograd.md"));
  }

  @TestFactory
  Stream<DynamicTest> everyBlockGivesWhatItShows() throws Exception {
    List<String> blocks =
        Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
            .matcher(guide)
            .results()
            .map(r -> r.group(1))
            .toList();
    assertThat(blocks).hasSizeGreaterThan(8);
    List<Path> sources = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      String body = SHOWN.matcher(blocks.get(i)).replaceAll("$1show($2);");
      sources.add(
          Files.writeString(
              folder.resolve("Block" + i + ".java"),
              AROUND.replace("NUMBER", String.valueOf(i)).replace("BODY", body)));
    }
    ExampleJar.compile(sources, folder);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      int number = i;
      String block = blocks.get(i);
      tests.add(DynamicTest.dynamicTest("block " + number, () -> check(number, block)));
    }
    return tests.stream();
  }

  private static void check(int number, String block) throws Exception {
    List<String> shown = SHOWN.matcher(block).results().map(r -> r.group(3).strip()).toList();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Object seen = Class.forName("Block" + number, true, loader).getMethod("run").invoke(null);
      assertThat(seen).isEqualTo(shown);
    }
  }

  @Test
  void everyFileItLinksToIsThere() {
    Matcher m = Pattern.compile("\\]\\(([^)#]+)\\)").matcher(guide);
    List<String> links = m.results().map(r -> r.group(1)).toList();
    assertThat(links).isNotEmpty().allSatisfy(l -> assertThat(DOCS.resolve(l)).exists());
  }
}
