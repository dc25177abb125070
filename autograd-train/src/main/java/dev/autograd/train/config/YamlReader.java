package dev.autograd.train.config;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads YAML 1.2 (core schema, of which JSON is a part) strictly: one document, no duplicate keys,
/// no tags of one's own, keys that are texts.
public final class YamlReader {
  private static final int DEEPEST = 64;
  private static final int MOST_NODES = 100_000;
  private static final int LARGEST_FILE = 3 << 20;

  private final Place source;
  private final List<String> lines;
  private int nodes;

  private YamlReader(Place source, String text) {
    this.source = source;
    this.lines = text.lines().toList();
  }

  /// Reads a file whose top is a mapping.
  ///
  /// @throws InputException of kind CONFIG when it is missing or malformed
  public static YamlNode.Mapping read(Path file) {
    Place source = Place.of(file);
    try {
      if (Files.isDirectory(file)) {
        throw InputException.config("cannot read " + file + ": it is a folder").build();
      }
      if (Files.size(file) > LARGEST_FILE) {
        throw InputException.config("the file has " + Files.size(file) + " bytes")
            .at(source)
            .expected("a configuration of at most " + LARGEST_FILE + " bytes")
            .build();
      }
      byte[] bytes = Files.readAllBytes(file);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return readMapping(text.startsWith("\uFEFF") ? text.substring(1) : text, source);
    } catch (CharacterCodingException e) {
      throw InputException.config("the text is not UTF-8").at(source).cause(e).build();
    } catch (IOException e) {
      throw InputException.io(Kind.CONFIG, "read", source, e);
    }
  }

  /// Reads a text whose top is a mapping.
  public static YamlNode.Mapping readMapping(String text, Place source) {
    YamlReader reader = new YamlReader(source, text);
    YamlNode top = reader.document(text);
    if (top instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    boolean empty = top instanceof YamlNode.Scalar s && s.value() == null;
    throw InputException.config(empty ? "the file is empty" : "the top is " + top.describe())
        .at(empty ? source : top.place())
        .expected("keys with values, such as 'seed: 42'")
        .build();
  }

  /// Reads one value, such as that of a `--set`; errors name the source without line and column.
  public static YamlNode readValue(String text, Place source) {
    return new YamlReader(source, text).document(text);
  }

  private YamlNode document(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setAllowDuplicateKeys(true) // found in mapping(), with both places
            .setUseMarks(true)
            .build();
    try {
      checkDepth(settings, text);
      Iterator<Node> documents =
          new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)));
      if (!documents.hasNext()) {
        return new YamlNode.Scalar(null, "", source);
      }
      YamlNode top = node(documents.next());
      if (documents.hasNext()) {
        throw InputException.config("a second YAML document begins")
            .at(place(documents.next()))
            .expected("one document; take the '---' out")
            .build();
      }
      return top;
    } catch (MarkedYamlEngineException e) {
      Place where = e.getProblemMark().or(e::getContextMark).map(this::place).orElse(source);
      String problem = e.getProblem() == null ? e.getContext() : e.getProblem();
      InputException.Builder error =
          InputException.config("malformed YAML: " + problem).at(where).cause(e);
      if (problem != null && problem.contains("'\\t(TAB)'")) {
        error.hint("Indent with blanks, not with tabs.");
      }
      throw error.build();
    } catch (YamlEngineException e) {
      throw InputException.config("malformed YAML: " + e.getMessage()).at(source).cause(e).build();
    }
  }

  /// The composer recurses, so depth is checked on the flat events before it runs.
  private void checkDepth(LoadSettings settings, String text) {
    int depth = 0;
    Iterator<Event> events = new ParserImpl(settings, new StreamReader(settings, text));
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        throw InputException.config("nested deeper than " + DEEPEST + " levels")
            .at(event.getStartMark().map(this::place).orElse(source))
            .build();
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
  }

  private YamlNode node(Node node) {
    if (++nodes > MOST_NODES || node.isRecursive()) {
      throw InputException.config(
              node.isRecursive()
                  ? "an alias contains itself"
                  : "more than " + MOST_NODES + " values, aliases written out")
          .at(place(node))
          .build();
    }
    return switch (node) {
      case MappingNode m when m.getTag().equals(Tag.MAP) -> mapping(m);
      case SequenceNode s when s.getTag().equals(Tag.SEQ) ->
          new YamlNode.Sequence(s.getValue().stream().map(this::node).toList(), place(s));
      case ScalarNode s -> scalar(s);
      default -> throw unknownTag(node);
    };
  }

  private InputException unknownTag(Node node) {
    return InputException.config("unknown tag " + node.getTag())
        .at(place(node))
        .expected("plain YAML without tags")
        .build();
  }

  private YamlNode.Mapping mapping(MappingNode node) {
    Map<String, YamlNode.Field> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Place place = place(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key) || !key.getTag().equals(Tag.STR)) {
        throw InputException.config("a key must be a text").at(place).build();
      }
      String name = key.getValue();
      YamlNode.Field earlier =
          fields.put(name, new YamlNode.Field(place, node(tuple.getValueNode())));
      if (earlier != null) {
        throw InputException.config(
                "key '%s' stands twice, first in line %d".formatted(name, earlier.place().line()))
            .at(place)
            .build();
      }
    }
    return new YamlNode.Mapping(fields, place(node));
  }

  private YamlNode.Scalar scalar(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    Place place = place(node);
    if (tag.equals(Tag.STR)) {
      return new YamlNode.Scalar(text, text, place);
    } else if (tag.equals(Tag.NULL)) {
      return new YamlNode.Scalar(null, text, place);
    } else if (tag.equals(Tag.BOOL)) {
      return new YamlNode.Scalar(Boolean.parseBoolean(text), text, place);
    } else if (tag.equals(Tag.INT)) {
      return new YamlNode.Scalar(wholeNumber(text, place), text, place);
    } else if (tag.equals(Tag.FLOAT)) {
      return new YamlNode.Scalar(number(text, place), text, place);
    }
    throw unknownTag(node);
  }

  private static Long wholeNumber(String text, Place place) {
    try {
      if (text.startsWith("0o")) {
        return Long.parseLong(text.substring(2), 8);
      }
      return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw InputException.config("the number " + text + " is too large")
          .at(place)
          .expected("a whole number of at most 63 bits")
          .cause(e)
          .build();
    }
  }

  private static Double number(String text, Place place) {
    String plain = text.replaceFirst("^[-+]", "");
    double sign = text.startsWith("-") ? -1 : 1;
    if (plain.equalsIgnoreCase(".inf")) {
      return sign * Double.POSITIVE_INFINITY;
    }
    if (plain.equalsIgnoreCase(".nan")) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw InputException.config("malformed number " + text).at(place).cause(e).build();
    }
  }

  private Place place(Node node) {
    return node.getStartMark().map(this::place).orElse(source);
  }

  private Place place(Mark mark) {
    if (source.file() == null) {
      return source;
    }
    int line = mark.getLine();
    Place place = source.at(line + 1, mark.getColumn() + 1);
    return line < lines.size() ? place.withText(lines.get(line)) : place;
  }
}
