package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.cli.CommandLineFixture.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The two examples, used from the command line by their jars alone.
class PluginTest {
  private static final Path NET = Path.of("..", "examples", "custom-op", "net.yaml");

  @TempDir static Path jars;
  private static String custom = "";
  private static String wrong = "";

  @TempDir Path folder;

  @BeforeAll
  static void build() throws IOException {
    custom = ExampleJar.of("custom-op", jars).toString();
    wrong = ExampleJar.of("wrong-gradient", jars).toString();
  }

  private Outcome run(String... args) {
    return new CommandLineFixture(folder).run(args);
  }

  @Test
  void itsOperationIsListedBesideTheLibrarys() {
    Outcome o = run("ops", "--plugin", custom);
    assertThat(o.status()).isZero();
    assertThat(o.out()).containsPattern("squareplus +squareplus +yes").contains("relu");
    assertThat(run("ops").out()).doesNotContain("squareplus");
  }

  @Test
  void itsGradientIsChecked() {
    Outcome o = run("gradcheck", "squareplus", "--plugin", custom);
    assertThat(o.status()).isZero();
    assertThat(o.out()).contains("1 of 1 operations right");
  }

  @Test
  void aModelFileUsesItAndTheModelIsExported() throws IOException {
    Outcome trained = run("train", NET.toString(), "--plugin", custom, "--epochs", "1");
    assertThat(trained.status()).as(trained.err()).isZero();
    Path file = folder.resolve("model.onnx");
    Outcome exported = run("export", "onnx", "latest", "-o", file.toString(), "--plugin", custom);
    assertThat(exported.status()).as(exported.err()).isZero();
    assertThat(exported.out()).contains("largest difference");
    assertThat(file).isNotEmptyFile();

    Outcome without = run("eval", "latest");
    assertThat(without.status()).isEqualTo(2);
    assertThat(without.err()).contains("unknown layer 'squareplus'").contains("--plugin");
    assertThat(CommandLineFixture.names(folder)).containsExactly("model.onnx", "runs");
  }

  @Test
  void aWrongGradientEndsWithStatusThreeAndCanBeReplayed() {
    Outcome o = run("gradcheck", "--plugin", wrong, "wrong_cube");
    assertThat(o.status()).isEqualTo(3);
    assertThat(o.out()).contains("input 0, element", "analytic", "numeric", "0 of 1 operations");
    String replay =
        o.out()
            .lines()
            .filter(line -> line.contains("replay: autograd "))
            .findFirst()
            .orElseThrow();
    String[] args = replay.substring(replay.indexOf("autograd ") + "autograd ".length()).split(" ");
    assertThat(Arrays.asList(args)).contains("--seed", "wrong_cube");
    Outcome again = run(args);
    assertThat(again.status()).isEqualTo(3);
    assertThat(again.out()).contains(firstFinding(o.out()));
  }

  @Test
  void theOperationOfTheGuideIsCheckedUsedAndExported() throws IOException {
    String guide = Files.readString(Path.of("..", "docs", "custom-operations.md"));
    int start = guide.indexOf("import dev.autograd.Context;");
    Path source =
        Files.writeString(
            folder.resolve("UnitRows.java"), guide.substring(start, guide.indexOf("```", start)));
    Path classes = Files.createDirectory(folder.resolve("classes"));
    ExampleJar.compile(List.of(source), classes);
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("dev.autograd.spi.OpProvider"), "UnitRows$Plugin\n");
    String jar = ExampleJar.jar(folder.resolve("unit-rows.jar"), classes).toString();

    Outcome checked = run("gradcheck", "unit_rows", "--plugin", jar);
    assertThat(checked.status()).as(checked.out()).isZero();
    Path net =
        Files.writeString(
            folder.resolve("net.yaml"),
            "layers:\n  - flatten\n  - linear: 32\n  - unit_rows\n  - linear: 10\n");
    assertThat(run("train", net.toString(), "--epochs", "1", "--plugin", jar).status()).isZero();
    Path onnx = folder.resolve("unit.onnx");
    Outcome exported = run("export", "onnx", "latest", "-o", onnx.toString(), "--plugin", jar);
    assertThat(exported.status()).as(exported.err()).isZero();
  }

  @Test
  void aTruncatedJarIsNamedWithStatusSix() throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(custom));
    Path half = Files.write(folder.resolve("half.jar"), Arrays.copyOf(bytes, bytes.length / 2));
    Outcome o = run("ops", "--plugin", half.toString());
    assertThat(o.status()).isEqualTo(6);
    assertThat(o.err()).startsWith("error: ").contains("half.jar").doesNotContain("\tat ");
  }

  private static String firstFinding(String out) {
    return out.lines().filter(line -> line.contains("analytic")).findFirst().orElseThrow().strip();
  }
}
