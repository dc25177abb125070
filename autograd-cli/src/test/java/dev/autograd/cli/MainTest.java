package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.cli.CommandLineFixture.Outcome;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  @TempDir Path folder;

  private Outcome run(String... args) {
    return new CommandLineFixture(folder).run(args);
  }

  @Test
  void suggestsTheCommandThatWasMeant() {
    Outcome o = run("gradchek");
    assertThat(o.status()).isEqualTo(2);
    assertThat(o.err()).startsWith("error: unknown command 'gradchek'").contains("'gradcheck'?");
    assertThat(o.out()).isEmpty();
  }

  @Test
  void suggestsTheOptionThatWasMeant() {
    Outcome o = run("train", "--epoch", "3");
    assertThat(o.status()).isEqualTo(2);
    assertThat(o.err()).contains("unknown option '--epoch'").contains("'--epochs'?");
  }

  @Test
  void suggestsTheOperationThatWasMeant() {
    Outcome o = run("gradcheck", "sofmax");
    assertThat(o.status()).isEqualTo(2);
    assertThat(o.err()).contains("did you mean 'softmax'?").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({"--threads, 0", "--simd, 77", "--format, xml"})
  void aWrongOptionOfAllCommandsIsToldInOneLine(String option, String value) {
    Outcome o = run(option, value, "ops");
    assertThat(o.status()).isEqualTo(2);
    assertThat(o.err()).startsWith("error: ").contains(option, value).doesNotContain("\tat ");
    assertThat(o.out()).isEmpty();
  }

  @Test
  void aRightGradientPassesAndJsonSaysSo() {
    Outcome o = run("--format", "json", "gradcheck", "mul", "--samples", "1");
    assertThat(o.status()).isZero();
    JsonObject json = Json.parse(o.out(), Place.of("stdout"));
    assertThat(json.integer("schema", Place.of("stdout"))).isEqualTo(1);
    assertThat(json.truth("passed", Place.of("stdout"))).isTrue();
  }

  @Test
  void aFileThatIsNoJarIsNamedWithStatusSix() throws IOException {
    Path jar = Files.writeString(folder.resolve("broken.jar"), "no zip");
    Outcome o = run("--plugin", jar.toString(), "ops");
    assertThat(o.status()).isEqualTo(6);
    assertThat(o.err()).contains(jar.toString()).contains("no jar, or is truncated");
  }

  @Test
  void aRunThatIsMissingEndsWithStatusFour() {
    assertThat(run("eval", "latest").status()).isEqualTo(4);
  }

  @Test
  void anUnknownKeyEndsWithStatusTwo() {
    Outcome o = run("train", "--data", "digits", "--set", "optimizer.lrr=1", "--dry-run");
    assertThat(o.status()).isEqualTo(2);
    assertThat(o.err()).contains("lrr");
  }
}
