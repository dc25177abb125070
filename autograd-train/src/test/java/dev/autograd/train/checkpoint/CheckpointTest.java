package dev.autograd.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.train.InputException;
import dev.autograd.train.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final List<NamedArray> ARRAYS =
      List.of(
          NamedArray.of("weights", new float[] {1, -2, 3.5f, Float.MIN_VALUE}, 2, 2),
          NamedArray.of("steps", new long[] {7}, 1));

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void write() {
    file = folder.resolve("a.safetensors");
    new Checkpoint(ARRAYS, new JsonObject().put("epoch", 3)).write(file);
  }

  @Test
  void isReadAsItWasWritten() {
    Checkpoint read = Checkpoint.read(file);
    assertThat(read.state()).isEqualTo(new JsonObject().put("epoch", 3));
    assertThat(read.arrays())
        .extracting(NamedArray::array)
        .containsExactlyInAnyOrder(ARRAYS.get(0).array(), ARRAYS.get(1).array());
  }

  @Test
  void everyFlippedBitOfTheArraysIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int at = whole.length - 24; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        Files.write(file, damaged);
        assertThatThrownBy(() -> Checkpoint.read(file))
            .isInstanceOf(InputException.class)
            .hasMessageContaining("the checkpoint is damaged")
            .hasMessageContaining("a.safetensors");
      }
    }
  }

  @Test
  void arraysWithoutStateAreNoCheckpoint() {
    Safetensors.write(file, ARRAYS, Map.of());
    assertThatThrownBy(() -> Checkpoint.read(file))
        .hasMessageContaining("arrays but no training state");
  }
}
