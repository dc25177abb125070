package dev.autograd.train.data;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;

/// A file of unsigned bytes in the IDX format of the MNIST data sets, plain or in gzip.
///
/// Two zero bytes, the element type (8 for unsigned bytes), the number of dimensions, each
/// dimension as a big-endian 32-bit number, then the bytes in row-major order.
@SuppressWarnings("ArrayRecordComponent") // plain arrays are the interface; equality is not used
record IdxFile(int[] shape, byte[] bytes) {
  private static final int UNSIGNED_BYTES = 8;

  /// Reads a file with a given number of dimensions.
  ///
  /// @throws InputException of kind DATA, with the byte offset, when it is malformed or truncated
  static IdxFile read(Path file, int rank) {
    Counted in = new Counted(DataFile.open(file), Place.of(file));
    try (in.stream) {
      return read(in, rank);
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "read", in.place, e);
    }
  }

  private static IdxFile read(Counted in, int rank) throws IOException {
    byte[] magic = in.take(4, "the magic number");
    if (magic[0] != 0 || magic[1] != 0) {
      throw InputException.data("bad magic number " + hex(magic))
          .at(in.place.atByte(0))
          .expected(hex(new byte[] {0, 0, UNSIGNED_BYTES, (byte) rank}) + ", an IDX file of bytes")
          .build();
    }
    if (magic[2] != UNSIGNED_BYTES) {
      throw InputException.data("the elements are " + typeName(magic[2]))
          .at(in.place.atByte(2))
          .expected("unsigned bytes (type 0x08)")
          .build();
    }
    if (magic[3] != rank) {
      throw InputException.data(
              "the file has %d dimension%s".formatted(magic[3], magic[3] == 1 ? "" : "s"))
          .at(in.place.atByte(3))
          .expected(rank == 3 ? "3: images, rows, columns" : "1: labels")
          .hint(
              magic[3] == 1 && rank == 3
                  ? "Are these the labels? Name the file of images."
                  : "Are images and labels exchanged?")
          .build();
    }
    int[] shape = new int[rank];
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      byte[] b = in.take(4, "dimension " + (axis + 1));
      int dimension = (b[0] & 255) << 24 | (b[1] & 255) << 16 | (b[2] & 255) << 8 | (b[3] & 255);
      if (dimension < 0 || (axis > 0 && dimension == 0)) {
        throw InputException.data(
                "dimension %d is %s".formatted(axis + 1, Integer.toUnsignedString(dimension)))
            .at(in.place.atByte(4L + 4L * axis))
            .expected("a number from " + (axis > 0 ? "1" : "0") + " to 2147483647")
            .build();
      }
      shape[axis] = dimension;
      size = Math.multiplyHigh(size, dimension) == 0 ? size * dimension : Long.MAX_VALUE;
      if (size > Integer.MAX_VALUE - 8) {
        throw InputException.data(
                "the dimensions %s need more bytes than one array holds (2147483639)"
                    .formatted(Arrays.toString(Arrays.copyOf(shape, axis + 1))))
            .at(in.place.atByte(4))
            .build();
      }
    }
    byte[] bytes = in.take((int) size, "the data of shape " + Arrays.toString(shape));
    if (in.more()) {
      throw InputException.data("the file goes on after its data")
          .at(in.place.atByte(in.offset))
          .expected("%d bytes in all for the shape %s".formatted(in.offset, Arrays.toString(shape)))
          .build();
    }
    return new IdxFile(shape, bytes);
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder("0x");
    for (byte b : bytes) {
      text.append("%02x".formatted(b));
    }
    return text.toString();
  }

  private static String typeName(byte type) {
    int index = List.of(0x09, 0x0B, 0x0C, 0x0D, 0x0E).indexOf((int) type);
    String name =
        index < 0
            ? "of an unknown type"
            : List.of("signed bytes", "shorts", "ints", "floats", "doubles").get(index);
    return name + " (type 0x%02x)".formatted(type);
  }

  /// Counts what has been read, so that errors know their offset.
  private static final class Counted {
    final InputStream stream;
    final Place place;
    long offset;

    Counted(InputStream stream, Place place) {
      this.stream = stream;
      this.place = place;
    }

    /// Reads exactly `count` bytes. The array grows with what arrives, so a header that promises
    /// gigabytes costs nothing.
    byte[] take(int count, String what) throws IOException {
      byte[] bytes;
      try {
        bytes = stream.readNBytes(count);
      } catch (EOFException e) {
        throw InputException.data("the gzip stream is truncated inside " + what)
            .at(place.atByte(offset))
            .expected("%d bytes from there".formatted(count))
            .hint("The offset counts decompressed bytes. Fetch the file again.")
            .cause(e)
            .build();
      } catch (ZipException e) {
        throw damaged(e);
      }
      if (bytes.length < count) {
        throw InputException.data("the file is truncated inside " + what)
            .at(place.atByte(offset + bytes.length))
            .expected("%d bytes, got %d".formatted(offset + count, offset + bytes.length))
            .build();
      }
      offset += count;
      return bytes;
    }

    boolean more() throws IOException {
      try {
        return stream.read() >= 0;
      } catch (EOFException e) {
        throw InputException.data("the gzip stream is truncated in its checksum")
            .at(place.atByte(offset))
            .cause(e)
            .build();
      } catch (ZipException e) {
        throw damaged(e);
      }
    }

    private InputException damaged(ZipException e) {
      return InputException.data("the gzip stream is damaged: " + e.getMessage())
          .at(place.atByte(offset))
          .hint("The offset counts decompressed bytes. Fetch the file again.")
          .cause(e)
          .build();
    }
  }
}
