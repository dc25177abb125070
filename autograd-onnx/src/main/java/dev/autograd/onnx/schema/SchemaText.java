package dev.autograd.onnx.schema;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.schema.OpSchema.Arity;
import dev.autograd.onnx.schema.OpSchema.AttributeForm;
import dev.autograd.onnx.schema.OpSchema.Formal;
import dev.autograd.onnx.schema.OpSchema.Inference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Reads the table of operators; its head explains the columns.
final class SchemaText {
  private final Map<String, Set<ElementType>> sets = new HashMap<>();

  private SchemaText() {}

  static List<OpSchema> parse(String text) {
    SchemaText reader = new SchemaText();
    List<OpSchema> schemas = new ArrayList<>();
    text.lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(
            line -> {
              String[] columns = line.split("\t", -1);
              if (line.startsWith("@")) {
                reader.sets.put(columns[0].substring(1), reader.elementTypes(columns[1]));
              } else {
                schemas.add(reader.schema(columns));
              }
            });
    return schemas;
  }

  private OpSchema schema(String[] columns) {
    Map<String, Set<ElementType>> types = new LinkedHashMap<>();
    for (String variable : words(columns[5])) {
      int equals = variable.indexOf('=');
      types.put(variable.substring(0, equals), elementTypes(variable.substring(equals + 1)));
    }
    List<Formal> inputs = words(columns[2]).stream().map(word -> formal(word, types)).toList();
    List<Formal> outputs = words(columns[3]).stream().map(word -> formal(word, types)).toList();
    Map<String, AttributeForm> attributes = new LinkedHashMap<>();
    for (String word : words(columns[4])) {
      attributes.put(word.substring(0, word.indexOf(':')), attribute(word));
    }
    return new OpSchema(
        columns[0], Integer.parseInt(columns[1]), inputs, outputs, attributes, types);
  }

  private Formal formal(String word, Map<String, Set<ElementType>> types) {
    int colon = word.indexOf(':');
    int less = word.indexOf('<');
    String type = word.substring(colon + 1, less < 0 ? word.length() : less);
    Arity arity =
        switch (type.charAt(type.length() - 1)) {
          case '?' -> Arity.OPTIONAL;
          case '+' -> Arity.SOME;
          case '*' -> Arity.ANY;
          default -> Arity.ONE;
        };
    if (arity != Arity.ONE) {
      type = type.substring(0, type.length() - 1);
    }
    boolean mixed = type.endsWith("~");
    if (mixed) {
      type = type.substring(0, type.length() - 1);
    }
    types.computeIfAbsent(type, this::elementTypes);
    List<Inference> inferences = new ArrayList<>();
    if (less >= 0) {
      for (String way : word.substring(less + 1).split("\\|", -1)) {
        inferences.add(inference(way));
      }
    }
    return new Formal(word.substring(0, colon), type, arity, mixed, inferences);
  }

  private static Inference inference(String way) {
    return switch (way.charAt(0)) {
      case '#' -> new Inference.Named(way.substring(1));
      case '@' -> new Inference.Held(way.substring(1));
      default -> new Inference.Given(way);
    };
  }

  private static AttributeForm attribute(String word) {
    int colon = word.indexOf(':');
    int equals = word.indexOf('=');
    boolean required = word.endsWith("!") && equals < 0;
    int end = equals >= 0 ? equals : word.length() - (required ? 1 : 0);
    var kind = OnnxAttribute.Kind.valueOf(word.substring(colon + 1, end).toUpperCase(Locale.ROOT));
    if (equals < 0) {
      return new AttributeForm(kind, required, null);
    }
    String value = word.substring(equals + 1);
    OnnxAttribute otherwise =
        switch (kind) {
          case INT -> OnnxAttribute.of(Long.parseLong(value));
          case FLOAT -> OnnxAttribute.of(Float.parseFloat(value));
          case STRING -> OnnxAttribute.of(value);
          case STRINGS -> OnnxAttribute.of(List.of(value.split(",", -1)));
          case INTS ->
              OnnxAttribute.of(
                  Arrays.stream(value.split(",", -1)).mapToLong(Long::parseLong).toArray());
          case FLOATS, TENSOR, TENSORS, GRAPH, GRAPHS, SPARSE, TYPE, TYPES ->
              throw new AssertionError("operators.tsv gives a default to " + word);
        };
    return new AttributeForm(kind, required, otherwise);
  }

  private Set<ElementType> elementTypes(String list) {
    Set<ElementType> types = EnumSet.noneOf(ElementType.class);
    for (String part : list.split(",", -1)) {
      ElementType type = ElementType.ofSymbol(part);
      Set<ElementType> set = sets.get(part);
      if (type != null) {
        types.add(type);
      } else if (set != null) {
        types.addAll(set);
      } else {
        throw new AssertionError("operators.tsv names an unknown element type: " + part);
      }
    }
    return types;
  }

  private static List<String> words(String column) {
    return column.equals("-") ? List.of() : List.of(column.split(" ", -1));
  }
}
