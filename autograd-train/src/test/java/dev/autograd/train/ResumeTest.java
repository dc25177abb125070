package dev.autograd.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.run.MetricsLog;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that goes on is the run that was never interrupted.
class ResumeTest {
  // Dropout draws random numbers, batch normalisation keeps buffers, Adam keeps moments.
  private static final String[] CONFIG = {
    "train.epochs=3",
    "train.batchSize=64",
    "train.logEvery=5",
    "model={layers: [flatten, linear: 16, batchnorm, relu, dropout: 0.2, linear: 10]}"
  };

  @TempDir Path folder;
  private TestRuns runs;

  @BeforeEach
  void runs() {
    runs = new TestRuns(folder);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 7", "2, 21", "3, 20"})
  void aRunStoppedAnywhereEndsWithTheSameBits(int epoch, int batch) {
    runs.run("whole", CONFIG);
    assertThat(runs.runUntil(epoch, batch, "parts", CONFIG).status())
        .isEqualTo(RunStatus.INTERRUPTED);
    assertThat(runs.open("parts").record().status()).isEqualTo(RunStatus.INTERRUPTED);
    assertThat(runs.resume("parts").run().status()).isEqualTo(RunStatus.FINISHED);

    assertThat(runs.weights("parts")).isEqualTo(runs.weights("whole"));
    assertThat(measured("parts")).isEqualTo(measured("whole"));
    assertThat(runs.open("parts").record().best()).isEqualTo(runs.open("whole").record().best());
  }

  @Test
  void aRunKilledBetweenTwoEpochsGoesOnFromItsLastCheckpoint() throws IOException {
    runs.run("whole", CONFIG);
    runs.runUntil(2, 21, "parts", CONFIG);
    // What a killed process would have left: the state of the end of epoch 1 with later lines.
    runs.run("first", "train.epochs=1", CONFIG[1], CONFIG[2], CONFIG[3], "schedule=constant");
    runs.run("reference", "train.epochs=3", CONFIG[1], CONFIG[2], CONFIG[3], "schedule=constant");
    RunDirectory first = runs.open("first");
    Files.writeString(
        first.metricsFile(),
        Files.readString(first.metricsFile()) + "{\"kind\":\"step\",\"epoch\":2,\"step\":25}\n");
    runs.resume("first", "train.epochs=3").run();
    assertThat(runs.weights("first")).isEqualTo(runs.weights("reference"));
    assertThat(measured("first")).isEqualTo(measured("reference"));
  }

  @Test
  void aRunWithoutACheckpointStartsAgain() throws IOException {
    runs.run("whole", CONFIG);
    runs.runUntil(1, 3, "parts", CONFIG);
    Files.delete(runs.checkpoint("parts", "last.safetensors"));
    runs.resume("parts").run();
    assertThat(runs.weights("parts")).isEqualTo(runs.weights("whole"));
    assertThat(measured("parts")).isEqualTo(measured("whole"));
  }

  @Test
  void stepsOfSeveralBatchesAreNeverCutInTwo() {
    String[] config = {CONFIG[0], CONFIG[1], CONFIG[3], "train.accumulate=4"};
    runs.run("whole", config);
    Trainer.Result stopped = runs.runUntil(2, 6, "parts", config);
    // 21 batches make 6 steps; the stop after batch 6 waits for the 8th.
    assertThat(stopped.steps()).isEqualTo(8);
    runs.resume("parts").run();
    assertThat(runs.weights("parts")).isEqualTo(runs.weights("whole"));
  }

  @Test
  void whatIsLearntCannotChange() {
    runs.runUntil(1, 3, "parts", CONFIG);
    byte[] before = read(runs.open("parts").configFile());
    InputException e =
        catchThrowableOfType(InputException.class, () -> runs.resume("parts", "optimizer.lr=0.5"));
    assertThat(e.exitCode()).isEqualTo(2);
    assertThat(e)
        .hasMessageContaining("'optimizer.lr' cannot change")
        .hasMessageContaining("it was 0.003, now it is 0.5")
        .hasMessageContaining("train.epochs");
    assertThat(read(runs.open("parts").configFile())).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seed=1",
        "model=linear",
        "model={layers: [flatten, linear: 17, linear: 10]}",
        "train.batchSize=65",
        "data.valSplit=0.2",
        "schedule=constant",
        "loss={type: crossEntropy, labelSmoothing: 0.1}"
      })
  void eachSettingThatDecidesTheWeightsIsChecked(String change) {
    runs.runUntil(1, 3, "parts", CONFIG);
    assertThatThrownBy(() -> runs.resume("parts", change))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot change");
  }

  @Test
  void aCompleteRunGoesOnOnlyWithMoreEpochs() {
    runs.run("done", "train.epochs=1", "model=linear");
    InputException e = catchThrowableOfType(InputException.class, () -> runs.resume("done"));
    assertThat(e.kind()).isEqualTo(InputException.Kind.USAGE);
    assertThat(e).hasMessageContaining("complete").hasMessageContaining("--epochs 2");
    Trainer.Result more = runs.resume("done", "train.epochs=2").run();
    assertThat(more.epochs()).isEqualTo(2);
    assertThat(runs.epochs("done")).hasSize(2);
    assertThat(Files.exists(runs.open("done").metricsCsv())).isTrue();
  }

  @Test
  void aRunThatAnotherTrainsInIsLeftAlone() throws IOException {
    runs.runUntil(1, 3, "parts", CONFIG);
    Path metrics = runs.open("parts").metricsFile();
    try (MetricsLog log = MetricsLog.open(metrics)) {
      log.append(new dev.autograd.train.json.JsonObject().put("kind", "step"));
    }
    byte[] before = Files.readAllBytes(metrics);
    try (RunDirectory.Lock _ = runs.open("parts").lock()) {
      assertThatThrownBy(() -> runs.resume("parts"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another process is training");
    }
    assertThat(Files.readAllBytes(metrics)).isEqualTo(before);
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheRunStaysAsItIs() throws IOException {
    runs.runUntil(1, 3, "parts", CONFIG);
    Path last = runs.checkpoint("parts", "last.safetensors");
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, java.util.Arrays.copyOf(bytes, bytes.length - 10));
    InputException e = catchThrowableOfType(InputException.class, () -> runs.resume("parts"));
    assertThat(e.exitCode()).isEqualTo(4);
    assertThat(e).hasMessageContaining("last.safetensors").hasMessageContaining("truncated");
    assertThat(runs.open("parts").record().status()).isEqualTo(RunStatus.INTERRUPTED);
  }

  /// All that was measured but times.
  private List<Map<String, Double>> measured(String name) {
    return runs.epochs(name).stream().map(e -> e.values()).toList();
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
