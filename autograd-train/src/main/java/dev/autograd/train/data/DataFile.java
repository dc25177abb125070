package dev.autograd.train.data;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// Opens data files, plain or compressed with gzip; the first two bytes tell which.
final class DataFile {
  private static final int GZIP_MAGIC = 0x1f8b;

  private DataFile() {}

  /// Opens a file, decompressing it if need be.
  ///
  /// @throws InputException of kind DATA when it cannot be read
  static InputStream open(Path file) {
    Place place = Place.of(file);
    if (Files.isDirectory(file)) {
      throw InputException.data("cannot read " + file + ": it is a folder").build();
    }
    InputStream raw = null;
    try {
      raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
      raw.mark(2);
      int magic = (raw.read() << 8) | raw.read();
      raw.reset();
      return magic == GZIP_MAGIC ? new GZIPInputStream(raw, 1 << 16) : raw;
    } catch (IOException e) {
      InputException wrong = InputException.io(Kind.DATA, "read", place, e);
      if (raw != null) {
        try {
          raw.close();
        } catch (IOException alsoFailed) {
          wrong.addSuppressed(alsoFailed);
        }
      }
      throw wrong;
    }
  }
}
