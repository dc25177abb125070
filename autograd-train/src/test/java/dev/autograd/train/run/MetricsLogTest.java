package dev.autograd.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.autograd.train.InputException;
import dev.autograd.train.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsLogTest {
  @TempDir Path folder;

  private static JsonObject step(int n) {
    return new JsonObject().put("step", n).put("loss", 1.0 / n);
  }

  private Path file() {
    return folder.resolve("metrics.jsonl");
  }

  @Test
  void linesAreAddedAcrossOpenings() {
    try (MetricsLog log = MetricsLog.open(file())) {
      log.append(step(1));
      log.force();
    }
    try (MetricsLog log = MetricsLog.open(file())) {
      log.append(step(2));
    }
    assertThat(MetricsLog.read(file())).containsExactly(step(1), step(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4095, 4096, 9000})
  void aTornLastLineIsPassedOverAndCut(int torn) throws IOException {
    try (MetricsLog log = MetricsLog.open(file())) {
      log.append(step(1));
    }
    Files.writeString(
        file(),
        Files.readString(file()) + "{\"step\":2" + "x".repeat(torn),
        java.nio.charset.StandardCharsets.UTF_8);
    assertThat(MetricsLog.read(file())).containsExactly(step(1));
    try (MetricsLog log = MetricsLog.open(file())) {
      log.append(step(3));
    }
    assertThat(MetricsLog.read(file())).containsExactly(step(1), step(3));
  }

  @Test
  void aFileOfOneTornLineBecomesEmpty() throws IOException {
    Files.writeString(file(), "{\"st");
    try (MetricsLog log = MetricsLog.open(file())) {
      assertThat(log.position()).isZero();
    }
    assertThat(file()).isEmptyFile();
  }

  @Test
  void resumingCutsWhatCameAfterTheCheckpoint() {
    try (MetricsLog log = MetricsLog.open(file())) {
      log.append(step(1));
      long checkpoint = log.position();
      log.append(step(2));
      log.cutAt(checkpoint);
      log.append(step(3));
    }
    assertThat(MetricsLog.read(file())).containsExactly(step(1), step(3));
  }

  @Test
  void aPositionThatIsNoEndOfALineIsAnError() {
    try (MetricsLog log = MetricsLog.open(file())) {
      log.append(step(1));
      for (long wrong : new long[] {3, log.position() + 1, -1}) {
        assertThatExceptionOfType(InputException.class)
            .isThrownBy(() -> log.cutAt(wrong))
            .withMessageContaining("no line ends at byte " + wrong);
      }
    }
    assertThat(MetricsLog.read(file())).hasSize(1);
  }

  @Test
  void aMalformedLineNamesItsNumber() throws IOException {
    Files.writeString(file(), "{\"step\":1}\n{\"step\":}\n");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> MetricsLog.read(file()))
        .withMessageContaining("malformed JSON")
        .withMessageContaining("metrics.jsonl:2:");
  }

  @Test
  void aMissingFileHasNoLines() {
    assertThat(MetricsLog.read(file())).isEmpty();
  }

  @Test
  void theTableHasAllColumnsAndEmptyCells() {
    Path csv = folder.resolve("metrics.csv");
    MetricsCsv.write(
        csv,
        List.of(
            new JsonObject().put("epoch", 1).put("loss", 0.5),
            new JsonObject().put("epoch", 2).put("note", "a, \"b\"").put("loss", Double.NaN)));
    assertThat(csv).hasContent("epoch,loss,note\n1,0.5,\n2,NaN,\"a, \"\"b\"\"\"\n");
  }
}
