package dev.autograd.train.run;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Writes files that are there whole or not at all.
///
/// The bytes go to a temporary file in the same folder, are forced to the disk, and the file then
/// takes its name in one step; whoever opens the name sees the old content or the new.
public final class AtomicFiles {
  private static final String SUFFIX = ".autograd-tmp";
  private static final AtomicLong NEXT = new AtomicLong();

  private AtomicFiles() {}

  /// Writes content to a channel.
  @FunctionalInterface
  public interface Content {
    /// Writes everything; the channel is closed afterwards by the caller.
    void writeTo(FileChannel channel) throws IOException;
  }

  /// Writes a text in UTF-8.
  ///
  /// @throws InputException of kind DATA when the file cannot be written; the old one stays then
  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes bytes.
  ///
  /// @throws InputException of kind DATA when the file cannot be written; the old one stays then
  public static void write(Path file, byte[] bytes) {
    write(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  /// Writes what `content` produces; when it throws, nothing is left behind.
  ///
  /// @throws InputException of kind DATA when the file cannot be written; the old one stays then
  public static void write(Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path temporary = temporary(target);
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      move(temporary, target);
      forceFolder(target.getParent());
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "write", Place.of(file), e);
    } finally {
      deleteLeftover(temporary);
    }
  }

  /// Writes all that remains in a buffer.
  public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Deletes temporary files that a killed process left in a folder.
  ///
  /// @return how many there were
  public static int cleanLeftovers(Path folder) {
    int count = 0;
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, ".*" + SUFFIX)) {
      for (Path leftover : leftovers) {
        count += Files.deleteIfExists(leftover) ? 1 : 0;
      }
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "clean", Place.of(folder), e);
    }
    return count;
  }

  private static Path temporary(Path target) {
    return target.resolveSibling(
        "."
            + target.getFileName()
            + "."
            + ProcessHandle.current().pid()
            + "-"
            + NEXT.incrementAndGet()
            + SUFFIX);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      // Some network file systems rename but refuse to call it atomic.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Makes the new name itself survive a power cut. Not every system can open a folder; the content
  /// is safe either way.
  private static void forceFolder(@Nullable Path folder) {
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException cannotOpenFolders) {
        return;
      }
    }
  }

  private static void deleteLeftover(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException staysBehind) {
      temporary.toFile().deleteOnExit();
    }
  }
}
