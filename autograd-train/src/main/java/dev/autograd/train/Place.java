package dev.autograd.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where in the user's input something stands.
///
/// @param source how the source is named to the user: a path, `--set optimizer.lr=1`, `<stdin>`
/// @param file the file behind the source, if it is one; relative paths in it start at its folder
/// @param line line number from 1, or 0 when unknown
/// @param column column from 1, or 0 when unknown
/// @param byteOffset offset from the start of the (decompressed) file, or -1 when unknown
/// @param text the line itself, shown below the message, if known
public record Place(
    String source,
    @Nullable Path file,
    int line,
    int column,
    long byteOffset,
    @Nullable String text) {

  /// Names a whole file.
  public static Place of(Path file) {
    return new Place(file.toString(), file, 0, 0, -1, null);
  }

  /// Names a source that is no file, such as a flag.
  public static Place of(String source) {
    return new Place(source, null, 0, 0, -1, null);
  }

  /// Returns this source at a line and a column, both from 1 (0 when unknown).
  public Place at(int line, int column) {
    return new Place(source, file, line, column, -1, text);
  }

  /// Returns this source at a byte offset.
  public Place atByte(long offset) {
    return new Place(source, file, 0, 0, offset, null);
  }

  /// Returns this place with the text of its line.
  public Place withText(@Nullable String lineText) {
    return new Place(source, file, line, column, byteOffset, lineText);
  }

  /// Resolves a path that stands here: against the file's folder, or the working directory.
  public Path resolve(String path) {
    Path folder = file == null ? null : file.toAbsolutePath().getParent();
    Path asked = Path.of(path);
    return (folder == null ? asked.toAbsolutePath() : folder.resolve(asked)).normalize();
  }

  /// Prints `file:line:column`, `file, byte offset`, or the source alone.
  @Override
  public String toString() {
    if (byteOffset >= 0) {
      return source + ", byte " + byteOffset;
    }
    return source + (line > 0 ? ":" + line : "") + (line > 0 && column > 0 ? ":" + column : "");
  }
}
