package dev.autograd.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes files so that a reader, or a crash, meets the old contents or the new, whole.
final class AtomicFile {
  private AtomicFile() {}

  /// Writes what a file shall hold.
  interface Contents {
    void writeTo(OutputStream out) throws IOException;
  }

  static void write(Path file, Contents contents) throws IOException {
    Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file;
    // Not Files.createTempFile: its files are readable by their owner only, and stay so when
    // renamed.
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
              FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        contents.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException | Error failed) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
    syncFolder(target.toAbsolutePath().getParent());
  }

  // The rename itself outlives a power cut only once the folder is on disk.
  static void syncFolder(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // Some systems open no folders; the rename has happened all the same.
      return;
    }
  }
}
