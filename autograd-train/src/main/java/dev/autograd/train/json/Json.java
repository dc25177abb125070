package dev.autograd.train.json;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/// Reads and writes JSON; what does not parse becomes an [InputException].
public final class Json {
  // Headers of large checkpoints are one long text; nesting stays bounded, so reading may recurse.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxStringLength(1 << 28).build())
          .build();
  private static final JSON PRETTY = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

  private Json() {}

  /// Parses one JSON object; byte offsets in errors count from `base`.
  ///
  /// @throws InputException of kind DATA when it is not one well-formed object
  public static JsonObject parse(byte[] utf8, Place place, long base) {
    return parse(
        utf8, place.atByte(base), at -> place.atByte(base + Math.max(0, at.getByteOffset())));
  }

  /// Parses one JSON object that is a line of a file; errors name the line and the column.
  ///
  /// @throws InputException of kind DATA when it is not one well-formed object
  public static JsonObject parseLine(byte[] utf8, Place line) {
    return parse(utf8, line, at -> line.at(line.line(), Math.max(0, at.getColumnNr())));
  }

  /// Parses one JSON object from a text.
  ///
  /// @throws InputException of kind DATA when it is not one well-formed object
  public static JsonObject parse(String text, Place place) {
    return parse(text.getBytes(StandardCharsets.UTF_8), place, at -> place);
  }

  private interface Locator {
    Place place(TokenStreamLocation location);
  }

  private static JsonObject parse(byte[] utf8, Place whole, Locator locator) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw InputException.data("expected a JSON object").at(whole).build();
      }
      JsonObject object = object(parser);
      if (parser.nextToken() != null) {
        throw InputException.data("something follows the JSON object")
            .at(locator.place(parser.currentTokenLocation()))
            .build();
      }
      return object;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw InputException.data(
              "malformed JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""))
          .at(at == null ? whole : locator.place(at))
          .cause(e)
          .build();
    }
  }

  private static JsonObject object(JsonParser parser) {
    JsonObject object = new JsonObject();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      object.set(name, value(parser));
    }
    return object;
  }

  private static Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield List.copyOf(items);
      }
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> parser.getDoubleValue();
          };
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> JsonObject.NULL;
      default -> parser.getString();
    };
  }

  /// Writes on one line.
  public static String line(JsonObject object) {
    return JSON.std.asString(plain(object));
  }

  /// Writes indented, with a newline at the end.
  public static String pretty(JsonObject object) {
    return PRETTY.asString(plain(object)) + "\n";
  }

  private static @Nullable Object plain(Object value) {
    return switch (value) {
      case JsonObject object -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String name : object.names()) {
          Object field = object.get(name);
          map.put(name, field == null ? null : plain(field));
        }
        yield map;
      }
      case List<?> list -> {
        List<@Nullable Object> items = new ArrayList<>();
        for (Object item : list) {
          items.add(plain(item));
        }
        yield items;
      }
      default -> value.equals(JsonObject.NULL) ? null : value;
    };
  }
}
