package dev.autograd.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.autograd.train.Place;
import dev.autograd.train.checkpoint.Checkpoint;
import dev.autograd.train.checkpoint.NamedArray;
import dev.autograd.train.checkpoint.TrainerState;
import dev.autograd.train.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/// Kills a process while it writes metrics and checkpoints as fast as it can.
class KilledProcessTest {
  private static final int SIZE = 300_000;

  @TempDir Path root;

  @Test
  void whateverTheMomentTheRunCanBeGoneOnWith() throws Exception {
    RunDirectory run = RunDirectory.create(root, "killed", Instant.EPOCH);
    Path last = run.checkpoints().resolve("last.safetensors");
    long stepBefore = 0;
    for (int kill = 0; kill < 3; kill++) {
      Process process = start(run.path());
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (step(last) <= stepBefore + 2 && process.isAlive() && System.nanoTime() < deadline) {
        Thread.sleep(7 + 5 * kill);
      }
      process.destroyForcibly().waitFor();
      assertThat(process.exitValue()).as("killed, not failed").isNotEqualTo(1);
      Checkpoint checkpoint = Checkpoint.read(last);
      TrainerState state = TrainerState.fromJson(checkpoint.state(), Place.of(last));
      assertThat(state.step()).isGreaterThan(stepBefore);
      float[] expected = new float[SIZE];
      Arrays.fill(expected, (float) state.step());
      assertThat((float[]) checkpoint.arrays().getFirst().array())
          .as("arrays and state are of one step")
          .isEqualTo(expected);
      try (RunDirectory.Lock lock = run.lock();
          MetricsLog log = MetricsLog.open(run.metricsFile())) {
        assertThat(lock).isNotNull();
        log.cutAt(state.metricsPosition());
      }
      assertThat(MetricsLog.read(run.metricsFile()))
          .hasSize((int) state.step())
          .last()
          .isEqualTo(new JsonObject().put("step", state.step()));
      try (Stream<Path> files = Files.list(run.checkpoints())) {
        assertThat(files).containsExactly(last);
      }
      stepBefore = state.step();
    }
  }

  private static long step(Path last) {
    return Files.exists(last)
        ? TrainerState.fromJson(Checkpoint.read(last).state(), Place.of(last)).step()
        : 0;
  }

  private static Process start(Path run) throws IOException, URISyntaxException {
    String testClass = "/" + KilledProcessTest.class.getName().replace('.', '/') + ".class";
    URI here = KilledProcessTest.class.getResource(testClass).toURI();
    Path tests = Path.of(here);
    for (int up = 0; up < testClass.split("/").length - 1; up++) {
      tests = tests.getParent();
    }
    List<Path> classPath = new ArrayList<>(List.of(tests));
    for (Class<?> used :
        List.of(RunDirectory.class, JSON.class, JsonFactory.class, CsvWriter.class)) {
      classPath.add(Path.of(used.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
            Trainer.class.getName(),
            run.toString())
        .inheritIO()
        .start();
  }

  /// Goes on from the last checkpoint without end.
  static final class Trainer {
    public static void main(String[] args) {
      RunDirectory run = open(Path.of(args[0]));
      Path last = run.checkpoints().resolve("last.safetensors");
      long step = step(last);
      try (MetricsLog log = MetricsLog.open(run.metricsFile())) {
        float[] weights = new float[SIZE];
        while (true) {
          step++;
          log.append(new JsonObject().put("step", step));
          Arrays.fill(weights, (float) step);
          TrainerState state =
              new TrainerState(0, 0, step, 1, log.position(), null, 0, new JsonObject());
          new Checkpoint(List.of(NamedArray.of("w", weights, SIZE)), state.toJson()).write(last);
        }
      }
    }

    private static RunDirectory open(Path path) {
      if (!Files.exists(path.resolve("run.json"))) {
        AtomicFiles.write(
            path.resolve("run.json"),
            RunRecord.starting("x", List.of(), Map.of(), 1, 1, "off", Instant.EPOCH).toJson()
                + "\n");
      }
      return RunDirectory.open(path);
    }
  }
}
