package dev.autograd.train.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads and writes JSON trees; what does not parse becomes an [InputException].
///
/// Numbers that JSON lacks are written as the texts `NaN`, `Infinity` and `-Infinity`, and
/// [#number] reads them back.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final JsonMapper PRETTY =
      MAPPER.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

  static {
    // Checkpoint headers of large models are one long document; nesting stays bounded.
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(64).maxStringLength(1 << 28).build());
  }

  private Json() {}

  /// Makes an empty object.
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// Makes an empty array.
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /// Parses one JSON object; byte offsets in errors count from `base`.
  ///
  /// @throws InputException of kind DATA when it is not one well-formed object
  public static ObjectNode parseObject(byte[] utf8, Place place, long base) {
    try {
      JsonNode node = MAPPER.readTree(utf8);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw InputException.data("expected a JSON object").at(place.atByte(base)).build();
    } catch (JsonProcessingException e) {
      long offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw InputException.data("malformed JSON: " + firstLine(e.getOriginalMessage()))
          .at(place.atByte(base + offset))
          .cause(e)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Parses one JSON object that is a line of a file; errors name the line and the column.
  ///
  /// @throws InputException of kind DATA when it is not one well-formed object
  public static ObjectNode parseLine(byte[] utf8, Place line) {
    try {
      if (MAPPER.readTree(utf8) instanceof ObjectNode object) {
        return object;
      }
      throw InputException.data("expected a JSON object").at(line).build();
    } catch (JsonProcessingException e) {
      int column = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getColumnNr());
      throw InputException.data("malformed JSON: " + firstLine(e.getOriginalMessage()))
          .at(line.at(line.line(), column))
          .cause(e)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Parses one JSON object from text.
  public static ObjectNode parseObject(String text, Place place) {
    return parseObject(text.getBytes(StandardCharsets.UTF_8), place, 0);
  }

  /// Writes on one line.
  public static String line(JsonNode node) {
    return write(MAPPER, node);
  }

  /// Writes indented, with a newline at the end.
  public static String pretty(JsonNode node) {
    return write(PRETTY, node) + "\n";
  }

  private static String write(JsonMapper mapper, JsonNode node) {
    try {
      return mapper.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /// Reads a required field.
  ///
  /// @param read returns null when the node has another type
  /// @throws InputException of kind DATA when it is missing or of another type
  public static <T> T field(
      JsonNode object, String name, String type, Place place, Function<JsonNode, @Nullable T> read) {
    JsonNode node = object.get(name);
    T value = node == null ? null : read.apply(node);
    if (value == null) {
      throw InputException.data(
              node == null
                  ? "missing field '" + name + "'"
                  : "field '" + name + "' must be " + type + ", got " + node.getNodeType())
          .at(place)
          .build();
    }
    return value;
  }

  /// Reads a required text.
  public static String text(JsonNode object, String name, Place place) {
    return field(object, name, "a text", place, n -> n.isTextual() ? n.textValue() : null);
  }

  /// Reads a required whole number.
  public static long integer(JsonNode object, String name, Place place) {
    return Json.<Long>field(
        object, name, "a whole number", place, n -> n.canConvertToLong() && n.isIntegralNumber() ? n.longValue() : null);
  }

  /// Reads a required number, which may be one that JSON lacks.
  public static double number(JsonNode object, String name, Place place) {
    return Json.<Double>field(object, name, "a number", place, Json::asNumber);
  }

  /// Reads a number, also from the texts that stand for NaN and the infinities; null if it is none.
  public static @Nullable Double asNumber(JsonNode n) {
    if (n.isNumber()) {
      return n.doubleValue();
    }
    return switch (n.asText()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  /// Reads a required array.
  public static ArrayNode array(JsonNode object, String name, Place place) {
    return field(object, name, "an array", place, n -> n instanceof ArrayNode a ? a : null);
  }

  /// Reads a required object.
  public static ObjectNode object(JsonNode object, String name, Place place) {
    return field(object, name, "an object", place, n -> n instanceof ObjectNode o ? o : null);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
