package dev.autograd.train.run;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A file of measurements, one JSON object per line, to which lines are only ever added.
///
/// A process that is killed can tear the last line; opening the file cuts such a piece off. A
/// checkpoint remembers [#position], and resuming from it cuts what was written later, so that the
/// curve of a resumed run has no step twice.
public final class MetricsLog implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private long position;

  private MetricsLog(Path file, FileChannel channel, long position) {
    this.file = file;
    this.channel = channel;
    this.position = position;
  }

  /// Opens a file to add to, making it if need be and cutting off a torn last line.
  ///
  /// @throws InputException of kind DATA when it cannot be opened
  public static MetricsLog open(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      long whole = endOfLastLine(channel);
      if (whole < channel.size()) {
        channel.truncate(whole);
      }
      channel.position(whole);
      return new MetricsLog(file, channel, whole);
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "open", Place.of(file), e);
    }
  }

  private static long endOfLastLine(FileChannel channel) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(1 << 12);
    long end = channel.size();
    while (end > 0) {
      long start = Math.max(0, end - block.capacity());
      block.clear().limit((int) (end - start));
      int got = 0;
      while (block.hasRemaining() && got >= 0) {
        got = channel.read(block, start + block.position());
      }
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  /// Adds a line.
  public void append(JsonObject measurement) {
    byte[] line = (Json.line(measurement) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      AtomicFiles.writeFully(channel, ByteBuffer.wrap(line));
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "write", Place.of(file), e);
    }
    position += line.length;
  }

  /// Returns how many bytes of whole lines the file has.
  public long position() {
    return position;
  }

  /// Forces what was added to the disk.
  public void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "write", Place.of(file), e);
    }
  }

  /// Cuts off everything after a position that [#position] returned earlier.
  ///
  /// @throws InputException of kind DATA when the file is shorter or no line ends there
  public void cutAt(long earlier) {
    try {
      boolean lineEnds = earlier == 0;
      if (earlier > 0 && earlier <= position) {
        ByteBuffer last = ByteBuffer.allocate(1);
        lineEnds = channel.read(last, earlier - 1) == 1 && last.get(0) == '\n';
      }
      if (!lineEnds) {
        throw InputException.data(
                "no line ends at byte %d of %d, where the checkpoint was written"
                    .formatted(earlier, position))
            .at(Place.of(file))
            .hint("The file was changed since; it does not belong to this checkpoint.")
            .build();
      }
      channel.truncate(earlier);
      channel.position(earlier);
      position = earlier;
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "cut", Place.of(file), e);
    }
  }

  /// Reads all whole lines of a file; a torn last line is left out, a missing file has none.
  ///
  /// @throws InputException of kind DATA, with the line number, when a line is no JSON object
  public static List<JsonObject> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "read", Place.of(file), e);
    }
    List<JsonObject> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.add(
            Json.parseLine(
                Arrays.copyOfRange(bytes, start, i), Place.of(file).at(lines.size() + 1, 0)));
        start = i + 1;
      }
    }
    return lines;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "close", Place.of(file), e);
    }
  }
}
