package dev.autograd.train.checkpoint;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything a run needs to go on: the arrays (parameters, buffers, optimizer state) and the
/// trainer's state, in one safetensors file, so that the two can never be of different steps.
///
/// @param arrays named by the trainer, such as `model/0.weight` and `optimizer/0.weight/momentum`
/// @param state where the run stands; kept in the file's metadata
public record Checkpoint(List<NamedArray> arrays, JsonObject state) {
  private static final String FORMAT = "autograd.checkpoint";
  private static final String VERSION = "1";
  private static final String STATE = "autograd.state";

  /// CRC-32C of the arrays' bytes, in hexadecimal: the format itself cannot tell a flipped bit.
  private static final String CHECKSUM = "autograd.crc32c";

  /// Writes it, whole or not at all.
  ///
  /// @throws InputException of kind DATA when the file cannot be written
  public void write(Path file) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(FORMAT, VERSION);
    metadata.put(STATE, Json.line(state));
    metadata.put(CHECKSUM, Long.toHexString(Safetensors.checksum(arrays)));
    Safetensors.write(file, arrays, metadata);
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws InputException of kind DATA when the file is missing, truncated, malformed, damaged,
  ///   or holds arrays but no state to go on from
  public static Checkpoint read(Path file) {
    Safetensors content = Safetensors.read(file);
    Place place = Place.of(file).atByte(8);
    String version = content.metadata().get(FORMAT);
    String state = content.metadata().get(STATE);
    if (version == null || state == null) {
      throw InputException.data("the file has arrays but no training state")
          .at(place)
          .expected(
              "a checkpoint that 'autograd train' wrote, with '" + STATE + "' in its metadata")
          .build();
    }
    if (!version.equals(VERSION)) {
      throw InputException.data("the checkpoint is of version " + version)
          .at(place)
          .expected("version " + VERSION)
          .hint("It was written by another version of the program.")
          .build();
    }
    JsonObject standing = Json.parse(state, Place.of(file));
    String wanted = content.metadata().getOrDefault(CHECKSUM, "none");
    String found = Long.toHexString(Safetensors.checksum(content.arrays()));
    if (!found.equals(wanted)) {
      throw InputException.data("the checkpoint is damaged: its arrays have another checksum")
          .at(Place.of(file))
          .expected("CRC-32C %s, got %s".formatted(wanted, found))
          .build();
    }
    return new Checkpoint(content.arrays(), standing);
  }
}
