package dev.autograd.train.checkpoint;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a safetensors file says about its arrays, without the arrays.
///
/// @param metadata free texts by name
/// @param entries in the order of their bytes
/// @param dataStart offset of the first byte of data in the file
public record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries, long dataStart) {
  static final String METADATA = "__metadata__";

  /// One array.
  ///
  /// @param begin offset of its first byte, counted from `dataStart`
  /// @param end offset behind its last byte
  @SuppressWarnings("ArrayRecordComponent") // plain arrays are the interface; equality is not used
  public record Entry(String name, ElementType type, int[] shape, long begin, long end) {
    int count() {
      return Math.toIntExact((end - begin) / type.bytes());
    }
  }

  /// Lays out arrays one after the other, those with wide elements first, so that each is aligned
  /// to its elements; arrays of equal width go by name.
  static SafetensorsHeader layOut(List<NamedArray> arrays, Map<String, String> metadata) {
    List<Entry> entries = new ArrayList<>();
    long offset = 0;
    for (NamedArray a : inFileOrder(arrays)) {
      long end = offset + (long) a.size() * a.type().bytes();
      entries.add(new Entry(a.name(), a.type(), a.shape(), offset, end));
      offset = end;
    }
    return new SafetensorsHeader(metadata, entries, 0);
  }

  static List<NamedArray> inFileOrder(List<NamedArray> arrays) {
    return arrays.stream()
        .sorted(
            Comparator.comparingInt((NamedArray a) -> -a.type().bytes())
                .thenComparing(NamedArray::name))
        .toList();
  }

  /// Writes the JSON, padded with blanks so that the data starts at a multiple of 8.
  byte[] toBytes() {
    JsonObject json = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject texts = json.putObject(METADATA);
      metadata.forEach(texts::put);
    }
    for (Entry entry : entries) {
      json.putObject(entry.name)
          .put("dtype", entry.type.name())
          .put("shape", Arrays.stream(entry.shape).asLongStream().boxed().toList())
          .put("data_offsets", List.of(entry.begin, entry.end));
    }
    byte[] text = Json.line(json).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return padded;
  }

  /// Reads and checks the JSON.
  ///
  /// @param dataSize bytes of data behind the header
  static SafetensorsHeader parse(byte[] bytes, long dataSize, Place place) {
    JsonObject json = Json.parse(bytes, place, 8);
    Place header = place.atByte(8);
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (String name : json.names()) {
      JsonObject object = json.object(name, header);
      if (name.equals(METADATA)) {
        object.names().forEach(key -> metadata.put(key, object.text(key, header)));
      } else {
        entries.add(entry(name, object, header));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long dataStart = 8L + bytes.length;
    long offset = 0;
    for (Entry entry : entries) {
      if (entry.begin != offset) {
        throw InputException.data(
                "the data of '%s' starts at %d of the data section"
                    .formatted(entry.name, entry.begin))
            .at(place.atByte(dataStart + entry.begin))
            .expected(
                offset + ", where the array before it ends: no gaps and no overlap are allowed")
            .build();
      }
      offset = entry.end;
    }
    if (offset > dataSize) {
      Entry first = entries.stream().filter(e -> e.end > dataSize).findFirst().orElseThrow();
      throw InputException.data("the file is truncated inside '" + first.name + "'")
          .at(place.atByte(dataStart + dataSize))
          .expected("%d bytes, got %d".formatted(dataStart + offset, dataStart + dataSize))
          .build();
    }
    if (offset < dataSize) {
      throw InputException.data("the file goes on after its last array")
          .at(place.atByte(dataStart + offset))
          .expected("%d bytes, got %d".formatted(dataStart + offset, dataStart + dataSize))
          .build();
    }
    return new SafetensorsHeader(metadata, entries, dataStart);
  }

  private static Entry entry(String name, JsonObject json, Place header) {
    String dtype = text(json, name, "dtype", header);
    ElementType type =
        ElementType.of(dtype)
            .orElseThrow(
                () ->
                    InputException.data("'%s' has the unknown dtype '%s'".formatted(name, dtype))
                        .at(header)
                        .expected("one of " + Arrays.toString(ElementType.values()))
                        .build());
    long[] shape = numbers(json, name, "shape", header);
    long[] offsets = numbers(json, name, "data_offsets", header);
    if (offsets.length != 2 || offsets[1] < offsets[0]) {
      throw InputException.data(
              "'%s' has the data_offsets %s".formatted(name, Arrays.toString(offsets)))
          .at(header)
          .expected("[begin, end] with begin <= end")
          .build();
    }
    long size = type.bytes();
    int[] dimensions = new int[shape.length];
    for (int i = 0; i < shape.length; i++) {
      size = Math.multiplyHigh(size, shape[i]) == 0 ? size * shape[i] : Long.MAX_VALUE;
      if (shape[i] > Integer.MAX_VALUE || size < 0 || size / type.bytes() > Integer.MAX_VALUE - 8) {
        throw InputException.data(
                "'%s' of shape %s has more than 2147483639 elements"
                    .formatted(name, Arrays.toString(shape)))
            .at(header)
            .build();
      }
      dimensions[i] = (int) shape[i];
    }
    if (size != offsets[1] - offsets[0]) {
      throw InputException.data(
              "'%s' has %d bytes of data by its data_offsets"
                  .formatted(name, offsets[1] - offsets[0]))
          .at(header)
          .expected("%d for %s%s".formatted(size, dtype, Arrays.toString(shape)))
          .build();
    }
    return new Entry(name, type, dimensions, offsets[0], offsets[1]);
  }

  private static String text(JsonObject json, String name, String field, Place header) {
    if (!(json.get(field) instanceof String text)) {
      throw missing(name, field, "a text", header);
    }
    return text;
  }

  private static long[] numbers(JsonObject json, String name, String field, Place header) {
    if (!(json.get(field) instanceof List<?> list)) {
      throw missing(name, field, "a list of whole numbers", header);
    }
    long[] numbers = new long[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Long n) || n < 0) {
        throw missing(name, field, "a list of whole numbers from 0 on", header);
      }
      numbers[i] = n;
    }
    return numbers;
  }

  private static InputException missing(String name, String field, String type, Place header) {
    return InputException.data("'%s' lacks a proper '%s'".formatted(name, field))
        .at(header)
        .expected(type)
        .build();
  }
}
