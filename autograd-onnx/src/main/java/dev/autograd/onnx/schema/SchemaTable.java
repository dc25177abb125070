package dev.autograd.onnx.schema;

import dev.autograd.onnx.model.OnnxModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The operators of ONNX's own domain that this library emits or evaluates.
public final class SchemaTable {
  /// The oldest opset that the table covers.
  public static final int OLDEST_OPSET = 13;

  /// The newest opset that the table covers.
  public static final int NEWEST_OPSET = 22;

  /// The opset that exports use unless told otherwise.
  public static final int DEFAULT_OPSET = 17;

  private static final Map<String, NavigableMap<Integer, OpSchema>> TABLE = load();

  private SchemaTable() {}

  /// Finds the form of an operator at an opset, or null where it has none.
  public static @Nullable OpSchema find(String opType, int opset) {
    var forms = TABLE.get(opType);
    var entry = forms == null ? null : forms.floorEntry(opset);
    return entry == null ? null : entry.getValue();
  }

  /// Returns the form of an operator at an opset.
  ///
  /// @throws OnnxModelException if the operator has none there
  public static OpSchema require(String opType, int opset) {
    requireOpset(opset);
    OpSchema schema = find(opType, opset);
    if (schema != null) {
      return schema;
    }
    throw new OnnxModelException(missing(opType, opset));
  }

  /// Returns the names of all operators, sorted.
  public static SortedSet<String> opTypes() {
    return new TreeSet<>(TABLE.keySet());
  }

  /// Returns the forms of an operator from the oldest to the newest, none where it is not known.
  public static List<OpSchema> forms(String opType) {
    var forms = TABLE.get(opType);
    return forms == null ? List.of() : List.copyOf(forms.values());
  }

  /// Returns the oldest version of the file format that an opset's models may have.
  ///
  /// @throws OnnxModelException if the table does not cover the opset
  public static long irVersion(int opset) {
    requireOpset(opset);
    if (opset >= 21) {
      return 10;
    }
    if (opset >= 19) {
      return 9;
    }
    return opset >= 15 ? 8 : 7;
  }

  /// Returns why an operator cannot be used at an opset.
  public static String missing(String opType, int opset) {
    var forms = TABLE.get(opType);
    return forms == null
        ? "ONNX operator '" + opType + "' is not one of those this library knows"
        : "ONNX operator '%s' exists from opset %d on, the model is of opset %d. Raise the opset?"
            .formatted(opType, forms.firstKey(), opset);
  }

  private static void requireOpset(int opset) {
    if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
      throw new OnnxModelException(
          "opset must be from %d to %d, got %d".formatted(OLDEST_OPSET, NEWEST_OPSET, opset));
    }
  }

  private static Map<String, NavigableMap<Integer, OpSchema>> load() {
    try (InputStream in = SchemaTable.class.getResourceAsStream("operators.tsv")) {
      if (in == null) {
        throw new AssertionError("operators.tsv is missing from the module");
      }
      Map<String, NavigableMap<Integer, OpSchema>> table = new TreeMap<>();
      for (OpSchema schema :
          SchemaText.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8))) {
        table.computeIfAbsent(schema.opType(), key -> new TreeMap<>()).put(schema.since(), schema);
      }
      return table;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
