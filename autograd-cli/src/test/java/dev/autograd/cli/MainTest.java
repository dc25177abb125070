package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path folder;

  private record Outcome(int status, String out, String err) {}

  private Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(args, folder, out, err);
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
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
