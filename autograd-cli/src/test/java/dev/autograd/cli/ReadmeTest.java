package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.cli.CommandLineFixture.Outcome;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README shows is what there is.
class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  @TempDir Path folder;

  private static String readme = "";

  @BeforeAll
  static void read() throws IOException {
    readme = Files.readString(ROOT.resolve("README.md"));
  }

  private static List<String> blocks(String language) {
    Matcher m = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL).matcher(readme);
    return m.results().map(r -> r.group(1)).toList();
  }

  private static String block(String language, String with) {
    List<String> found = blocks(language).stream().filter(b -> b.contains(with)).toList();
    assertThat(found).as("blocks with " + with).hasSize(1);
    return found.getFirst();
  }

  @Test
  void theModelInJavaIsTrained() throws IOException {
    CommandLineFixture shell = new CommandLineFixture(folder);
    Path net = shell.write("Net.java", block("java", "class Net extends Layer"));
    Outcome o = shell.run("train", net.toString(), "--epochs", "1");
    assertThat(o.status()).as(o.err()).isZero();
  }

  @Test
  void theExampleOfTheLibraryRunsAsPrinted() throws Exception {
    String body = block("java", "Tensor.ones(5)");
    Path source =
        Files.writeString(
            folder.resolve("Snippet.java"),
            """
            import static dev.autograd.ops.loss.BinaryCrossEntropyWithLogits.binaryCrossEntropyWithLogits;

            import dev.autograd.*;
            import java.util.List;

            public class Snippet {
              public static Object[] run() {
            %s
                return new Object[] {w.grad(), b.grad(), x.grad(), z.requiresGrad(), g};
              }
            }
            """
                .formatted(body));
    ExampleJar.compile(List.of(source), folder);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Object[] seen =
          (Object[]) Class.forName("Snippet", true, loader).getMethod("run").invoke(null);
      assertThat(seen[0]).isNotNull();
      assertThat(seen[1]).isNotNull();
      assertThat(seen[2]).isNull();
      assertThat(seen[3]).isEqualTo(false);
      assertThat((List<?>) seen[4]).hasSize(2);
    }
  }

  @Test
  void theExampleOfFunctionsRunsAsPrinted() throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("Functions.java"),
            """
            import static dev.autograd.functional.Functional.*;

            import dev.autograd.Tensor;
            import java.util.function.UnaryOperator;

            public class Functions {
              public static String run() {
                Tensor x = Tensor.of(new double[] {1, 2});
                Tensor samples = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
            %s
                return gradient + " " + curvature + " " + perSample.sum().item();
              }
            }
            """
                .formatted(block("java", "UnaryOperator<Tensor> f")));
    ExampleJar.compile(List.of(source), folder);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      assertThat(Class.forName("Functions", true, loader).getMethod("run").invoke(null))
          .asString()
          .startsWith("tensor([3.0, 12.0]")
          .endsWith(" 90.0");
    }
  }

  @Test
  void theExampleOfTheCheckerRunsAsPrinted() throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("Checked.java"),
            """
            import static dev.autograd.gradcheck.Gradcheck.*;

            import dev.autograd.Tensor;
            import dev.autograd.gradcheck.GradcheckOptions;

            public class Checked {
              public static void run() {
            %s
              }
            }
            """
                .formatted(block("java", "gradgradcheck(")));
    ExampleJar.compile(List.of(source), folder);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Class.forName("Checked", true, loader).getMethod("run").invoke(null);
    }
  }

  @Test
  void theOperationIsTheExamplesOwn() throws IOException {
    String example =
        Files.readString(
            ROOT.resolve("examples/custom-op/src/main/java/com/example/Squareplus.java"));
    assertThat(example).endsWith(block("java", "record Squareplus"));
  }

  @Test
  void everyCommandItNamesIsKnown() {
    Pattern command = Pattern.compile("\\./autograd ([^#\\n`|]*)");
    List<String> commands =
        command
            .matcher(readme)
            .results()
            .map(r -> r.group(1).replace("--help", "").strip())
            .distinct()
            .toList();
    assertThat(commands).hasSizeGreaterThan(10);
    for (String line : commands) {
      String[] words = line.replaceAll(" ?\\$P| ?\\.\\.\\.", "").split(" +");
      String[] args = Arrays.copyOf(words, words.length + 1);
      args[words.length] = "--help";
      Outcome o = new CommandLineFixture(folder).run(args);
      assertThat(o.status()).as(line + "\n" + o.err()).isZero();
    }
  }

  @Test
  void everyFileItLinksToIsThere() {
    Matcher m = Pattern.compile("\\]\\(([^)#]+)\\)").matcher(readme);
    List<String> links = m.results().map(r -> r.group(1)).toList();
    assertThat(links).isNotEmpty().allSatisfy(l -> assertThat(ROOT.resolve(l)).exists());
  }
}
