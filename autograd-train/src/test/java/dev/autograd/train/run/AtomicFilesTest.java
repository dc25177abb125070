package dev.autograd.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.autograd.train.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void contentReplacesTheOldAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.write(file, "old");
    AtomicFiles.write(file, "new ☃");
    assertThat(file).hasContent("new ☃");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void aWriterThatFailsLeavesTheOldContent() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.write(file, "old");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    channel -> {
                      channel.write(ByteBuffer.wrap(new byte[100]));
                      throw new IllegalStateException("in the middle");
                    }));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    channel -> {
                      throw new IOException("No space left on device");
                    }))
        .withMessage("cannot write " + file + ": no space left on device")
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(4));
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void theNameDoesNotExistBeforeTheContentIsWhole() {
    Path file = folder.resolve("a.txt");
    AtomicFiles.write(
        file,
        channel -> {
          channel.write(ByteBuffer.wrap(new byte[10]));
          assertThat(file).doesNotExist();
        });
    assertThat(file).hasSize(10);
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> AtomicFiles.write(folder.resolve("none/a.txt"), "x"))
        .withMessageContaining("no such file or folder");
  }

  @Test
  void leftoversOfAKilledProcessAreCleanedAndNothingElse() throws IOException {
    Files.writeString(folder.resolve(".a.txt.123-4.autograd-tmp"), "half");
    Files.writeString(folder.resolve("a.txt"), "whole");
    Files.writeString(folder.resolve(".hidden"), "mine");
    assertThat(AtomicFiles.cleanLeftovers(folder)).isEqualTo(1);
    assertThat(names()).containsExactly(".hidden", "a.txt");
  }
}
