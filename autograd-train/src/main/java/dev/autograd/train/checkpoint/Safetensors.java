package dev.autograd.train.checkpoint;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import dev.autograd.train.run.AtomicFiles;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/// Reads and writes safetensors files: 8 bytes with the length of the header, the header in JSON,
/// the arrays one after the other, all little-endian.
///
/// @param arrays in the order of their bytes in the file
/// @param metadata free texts by name
public record Safetensors(List<NamedArray> arrays, Map<String, String> metadata) {
  /// The longest header that is read, as in the format's own reader.
  private static final long LONGEST_HEADER = 100_000_000;

  private static final int CHUNK = 1 << 20;

  public Safetensors {
    arrays = List.copyOf(arrays);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// Writes a file, whole or not at all. Equal arrays and metadata give equal bytes.
  ///
  /// @throws IllegalArgumentException when two arrays have one name
  /// @throws InputException of kind DATA when the file cannot be written
  public static void write(Path file, List<NamedArray> arrays, Map<String, String> metadata) {
    Set<String> names = new HashSet<>(Set.of(SafetensorsHeader.METADATA));
    for (NamedArray array : arrays) {
      if (!names.add(array.name())) {
        throw new IllegalArgumentException("two arrays are named " + array.name());
      }
    }
    byte[] header = SafetensorsHeader.layOut(arrays, metadata).toBytes();
    AtomicFiles.write(
        file,
        channel -> {
          ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
          buffer.putLong(header.length).flip();
          AtomicFiles.writeFully(channel, buffer);
          AtomicFiles.writeFully(channel, ByteBuffer.wrap(header));
          for (NamedArray array : SafetensorsHeader.inFileOrder(arrays)) {
            write(channel, buffer, array);
          }
        });
  }

  private static void write(FileChannel channel, ByteBuffer buffer, NamedArray array)
      throws IOException {
    int step = CHUNK / array.type().bytes();
    for (int from = 0; from < array.size(); from += step) {
      encode(array, from, Math.min(step, array.size() - from), buffer);
      AtomicFiles.writeFully(channel, buffer);
    }
  }

  /// Returns the CRC-32C of the bytes of arrays, as they stand in a file.
  static long checksum(List<NamedArray> arrays) {
    CRC32C checksum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (NamedArray array : SafetensorsHeader.inFileOrder(arrays)) {
      int step = CHUNK / array.type().bytes();
      for (int from = 0; from < array.size(); from += step) {
        encode(array, from, Math.min(step, array.size() - from), buffer);
        checksum.update(buffer);
      }
    }
    return checksum.getValue();
  }

  private static void encode(NamedArray array, int from, int count, ByteBuffer buffer) {
    buffer.clear();
    switch (array.array()) {
      case float[] a -> buffer.asFloatBuffer().put(a, from, count);
      case double[] a -> buffer.asDoubleBuffer().put(a, from, count);
      case long[] a -> buffer.asLongBuffer().put(a, from, count);
      case int[] a -> buffer.asIntBuffer().put(a, from, count);
      case short[] a -> buffer.asShortBuffer().put(a, from, count);
      case byte[] a -> buffer.duplicate().put(a, from, count);
      case boolean[] a -> {
        for (int i = 0; i < count; i++) {
          buffer.put(i, (byte) (a[from + i] ? 1 : 0));
        }
      }
      default -> throw new IllegalStateException("NamedArray lets no other array in");
    }
    buffer.limit(count * array.type().bytes());
  }

  /// Reads a file.
  ///
  /// @throws InputException of kind DATA, with the byte offset, when it is missing, truncated or
  ///   malformed
  public static Safetensors read(Path file) {
    Place place = Place.of(file);
    try (FileChannel channel = open(file)) {
      SafetensorsHeader header = header(channel, place);
      List<NamedArray> arrays = new ArrayList<>();
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      for (SafetensorsHeader.Entry entry : header.entries()) {
        arrays.add(read(channel, buffer, entry, header.dataStart(), place));
      }
      return new Safetensors(arrays, header.metadata());
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "read", place, e);
    }
  }

  /// Reads what a file says about its arrays, without reading them.
  ///
  /// @throws InputException of kind DATA as [#read] does
  public static SafetensorsHeader readHeader(Path file) {
    Place place = Place.of(file);
    try (FileChannel channel = open(file)) {
      return header(channel, place);
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "read", place, e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw InputException.data("cannot read " + file + ": it is a folder").build();
    }
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  private static SafetensorsHeader header(FileChannel channel, Place place) throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw InputException.data("the file is truncated inside the length of its header")
          .at(place.atByte(size))
          .expected("at least 8 bytes, got " + size)
          .build();
    }
    ByteBuffer first = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, first, 0, place);
    long length = first.getLong(0);
    if (length < 2 || length > LONGEST_HEADER) {
      throw InputException.data(
              "the header's length is " + Long.toUnsignedString(length) + " bytes")
          .at(place.atByte(0))
          .expected("2 to " + LONGEST_HEADER + ": is this a safetensors file?")
          .build();
    }
    if (length > size - 8) {
      throw InputException.data("the file is truncated inside its header")
          .at(place.atByte(size))
          .expected("at least %d bytes, got %d".formatted(length + 8, size))
          .build();
    }
    ByteBuffer json = ByteBuffer.allocate((int) length);
    readFully(channel, json, 8, place);
    return SafetensorsHeader.parse(json.array(), size - 8 - length, place);
  }

  private static NamedArray read(
      FileChannel channel,
      ByteBuffer buffer,
      SafetensorsHeader.Entry entry,
      long dataStart,
      Place place)
      throws IOException {
    int size = entry.count();
    Object array = Array.newInstance(entry.type().arrayType().componentType(), size);
    int width = entry.type().bytes();
    int step = CHUNK / width;
    for (int from = 0; from < size; from += step) {
      int count = Math.min(step, size - from);
      long offset = dataStart + entry.begin() + (long) from * width;
      readFully(channel, buffer.clear().limit(count * width), offset, place);
      buffer.flip();
      switch (array) {
        case float[] a -> buffer.asFloatBuffer().get(a, from, count);
        case double[] a -> buffer.asDoubleBuffer().get(a, from, count);
        case long[] a -> buffer.asLongBuffer().get(a, from, count);
        case int[] a -> buffer.asIntBuffer().get(a, from, count);
        case short[] a -> buffer.asShortBuffer().get(a, from, count);
        case byte[] a -> buffer.get(a, from, count);
        case boolean[] a -> truths(buffer, a, from, count, entry.name(), place.atByte(offset));
        default -> throw new IllegalStateException("element types have no other arrays");
      }
    }
    return new NamedArray(entry.name(), entry.type(), entry.shape(), array);
  }

  private static void truths(
      ByteBuffer buffer, boolean[] a, int from, int count, String name, Place place) {
    for (int i = 0; i < count; i++) {
      byte b = buffer.get(i);
      if (b != 0 && b != 1) {
        throw InputException.data("'%s' has the truth value %d".formatted(name, b))
            .at(place.atByte(place.byteOffset() + i))
            .expected("0 or 1")
            .build();
      }
      a[from + i] = b == 1;
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer buffer, long offset, Place place)
      throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      int got = channel.read(buffer, at);
      if (got < 0) {
        throw InputException.data("the file became shorter while it was read")
            .at(place.atByte(at))
            .build();
      }
      at += got;
    }
  }
}
