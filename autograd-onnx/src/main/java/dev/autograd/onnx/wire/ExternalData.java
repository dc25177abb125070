package dev.autograd.onnx.wire;

import dev.autograd.onnx.model.OnnxFileException;
import dev.autograd.onnx.model.OnnxFileException.Problem;
import dev.autograd.onnx.model.OnnxModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads weights that stand in files beside the model.
///
/// A model is untrusted: it may only name files in its own folder or below.
final class ExternalData {
  private final @Nullable Path folder;

  /// @param folder the model's folder, or null for a model that came from no file
  ExternalData(@Nullable Path folder) {
    this.folder = folder;
  }

  /// Reads the bytes of a tensor.
  ///
  /// @throws UncheckedIOException around an {@link OnnxFileException} that names the file of
  ///   weights
  ByteBuffer read(String tensor, Map<String, String> entries, long expectedBytes) {
    String location = entries.get("location");
    if (location == null || location.isEmpty()) {
      throw new OnnxModelException(
          "tensor '" + tensor + "': its data is external, but no location is given");
    }
    if (folder == null) {
      throw new UnsupportedPartException(
          "tensor '"
              + tensor
              + "' stands in the file '"
              + location
              + "', but the model has no folder");
    }
    long offset = number(tensor, entries, "offset", 0);
    long length = number(tensor, entries, "length", expectedBytes);
    if (length != expectedBytes) {
      throw new OnnxModelException(
          "tensor '"
              + tensor
              + "' takes "
              + expectedBytes
              + " bytes, its external length is "
              + length);
    }
    Path file = locate(folder, tensor, location);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (offset > channel.size() - length) {
        throw new OnnxFileException(
            file,
            Problem.EXTERNAL_DATA,
            "tensor '%s' needs bytes %,d to %,d, the file has %,d"
                .formatted(tensor, offset, offset + length, channel.size()),
            null);
      }
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new OnnxFileException(
              file, Problem.EXTERNAL_DATA, "became shorter while it was read", null);
        }
      }
      bytes.flip();
      checkDigest(file, tensor, entries.get("checksum"));
      return bytes;
    } catch (NoSuchFileException missing) {
      throw new UncheckedIOException(
          new OnnxFileException(
              file,
              Problem.EXTERNAL_DATA,
              "not found; tensor '" + tensor + "' of the model stands there. Copy it along.",
              missing));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Path locate(Path folder, String tensor, String location) {
    try {
      Path file = folder.resolve(location).normalize();
      boolean inside =
          !Path.of(location).isAbsolute()
              && file.startsWith(folder.normalize())
              && (!Files.exists(file) || file.toRealPath().startsWith(folder.toRealPath()));
      if (inside) {
        return file;
      }
    } catch (InvalidPathException | IOException invalid) {
      throw new OnnxModelException(
          "tensor '" + tensor + "': '" + location + "' is no usable file name (" + invalid + ")");
    }
    throw new OnnxModelException(
        "tensor '" + tensor + "': its file '" + location + "' must stand below the model's folder");
  }

  private static long number(
      String tensor, Map<String, String> entries, String key, long otherwise) {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // Falls through to the message that a negative number gets too.
    }
    throw new OnnxModelException(
        "tensor '"
            + tensor
            + "': its external "
            + key
            + " must be a number from 0, got '"
            + text
            + "'");
  }

  // The format's checksum is SHA-1 over the whole file.
  private static void checkDigest(Path file, String tensor, @Nullable String expected)
      throws IOException {
    if (expected == null) {
      return;
    }
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError("every Java platform has SHA-1", missing);
    }
    try (var in = Files.newInputStream(file)) {
      byte[] chunk = new byte[1 << 16];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
    }
    String got = HexFormat.of().formatHex(digest.digest());
    if (!got.equalsIgnoreCase(expected)) {
      throw new OnnxFileException(
          file,
          Problem.EXTERNAL_DATA,
          "changed since the model was written: tensor '%s' expects SHA-1 %s, got %s"
              .formatted(tensor, expected, got),
          null);
    }
  }
}
