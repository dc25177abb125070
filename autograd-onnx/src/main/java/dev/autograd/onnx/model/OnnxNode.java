package dev.autograd.onnx.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One application of an operator.
///
/// @param domain the operator's domain, empty for ONNX's own
/// @param name unique in its graph, or empty
/// @param inputs names of values; an empty name is an optional input left out
/// @param outputs names of values; an empty name is an optional output not wanted
/// @param attributes by name, in the order of the file
/// @param doc free text; the exporter writes the user's source line here
/// @param metadata free key-value pairs, written from IR version 10 on
public record OnnxNode(
    String opType,
    String domain,
    String name,
    List<String> inputs,
    List<String> outputs,
    Map<String, OnnxAttribute> attributes,
    String doc,
    Map<String, String> metadata) {
  public OnnxNode {
    if (opType.isEmpty()) {
      throw new OnnxModelException("node '" + name + "' must name an operator");
    }
    domain = domain.equals("ai.onnx") ? "" : domain;
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// Makes a node of the default domain.
  public static OnnxNode of(
      String opType,
      String name,
      List<String> inputs,
      List<String> outputs,
      Map<String, OnnxAttribute> attributes) {
    return new OnnxNode(opType, "", name, inputs, outputs, attributes, "", Map.of());
  }

  /// Tells whether input `i` is given.
  public boolean hasInput(int i) {
    return i < inputs.size() && !inputs.get(i).isEmpty();
  }

  /// Tells whether output `i` is wanted.
  public boolean hasOutput(int i) {
    return i < outputs.size() && !outputs.get(i).isEmpty();
  }

  /// Tells whether the attribute is given.
  public boolean hasAttribute(String attribute) {
    return attributes.containsKey(attribute);
  }

  /// Returns the int attribute.
  ///
  /// @throws OnnxModelException if it is missing or not an int
  public long requireInt(String attribute) {
    return required(attribute, OnnxAttribute.IntValue.class, "an int").value();
  }

  /// Returns the int attribute, or `otherwise` where it is left out.
  ///
  /// @throws OnnxModelException if it is not an int
  public long intOr(String attribute, long otherwise) {
    var value = given(attribute, OnnxAttribute.IntValue.class, "an int");
    return value == null ? otherwise : value.value();
  }

  /// Returns the float attribute.
  ///
  /// @throws OnnxModelException if it is missing or not a float
  public float requireFloat(String attribute) {
    return required(attribute, OnnxAttribute.FloatValue.class, "a float").value();
  }

  /// Returns the float attribute, or `otherwise` where it is left out.
  ///
  /// @throws OnnxModelException if it is not a float
  public float floatOr(String attribute, float otherwise) {
    var value = given(attribute, OnnxAttribute.FloatValue.class, "a float");
    return value == null ? otherwise : value.value();
  }

  /// Returns the string attribute.
  ///
  /// @throws OnnxModelException if it is missing or not a string
  public String requireString(String attribute) {
    return required(attribute, OnnxAttribute.StringValue.class, "a string").value();
  }

  /// Returns the string attribute, or `otherwise` where it is left out.
  ///
  /// @throws OnnxModelException if it is not a string
  public String stringOr(String attribute, String otherwise) {
    var value = given(attribute, OnnxAttribute.StringValue.class, "a string");
    return value == null ? otherwise : value.value();
  }

  /// Returns the list of ints.
  ///
  /// @throws OnnxModelException if it is missing or not a list of ints
  public long[] requireInts(String attribute) {
    return longs(required(attribute, OnnxAttribute.IntList.class, "a list of ints"));
  }

  /// Returns the list of ints, or `otherwise` where it is left out.
  ///
  /// @throws OnnxModelException if it is not a list of ints
  public long[] intsOr(String attribute, long... otherwise) {
    var value = given(attribute, OnnxAttribute.IntList.class, "a list of ints");
    return value == null ? otherwise : longs(value);
  }

  /// Returns the list of floats, or `otherwise` where it is left out.
  ///
  /// @throws OnnxModelException if it is not a list of floats
  public List<Float> floatsOr(String attribute, List<Float> otherwise) {
    var value = given(attribute, OnnxAttribute.FloatList.class, "a list of floats");
    return value == null ? otherwise : value.values();
  }

  /// Returns the list of strings, or `otherwise` where it is left out.
  ///
  /// @throws OnnxModelException if it is not a list of strings
  public List<String> stringsOr(String attribute, List<String> otherwise) {
    var value = given(attribute, OnnxAttribute.StringList.class, "a list of strings");
    return value == null ? otherwise : value.values();
  }

  /// Returns the tensor attribute.
  ///
  /// @throws OnnxModelException if it is missing or not a tensor
  public OnnxTensor requireTensor(String attribute) {
    return required(attribute, OnnxAttribute.TensorValue.class, "a tensor").value();
  }

  /// Returns the tensor attribute, or null where it is left out.
  ///
  /// @throws OnnxModelException if it is not a tensor
  public @Nullable OnnxTensor tensorOrNull(String attribute) {
    var value = given(attribute, OnnxAttribute.TensorValue.class, "a tensor");
    return value == null ? null : value.value();
  }

  /// Returns the graph attribute.
  ///
  /// @throws OnnxModelException if it is missing or not a graph
  public OnnxGraph requireGraph(String attribute) {
    return required(attribute, OnnxAttribute.GraphValue.class, "a graph").value();
  }

  /// Returns the element type whose number the attribute holds, as Cast's `to` does.
  ///
  /// @throws OnnxModelException if it is missing, not an int, or no element type has the number
  public ElementType requireElementType(String attribute) {
    long number = requireInt(attribute);
    ElementType type = number == (int) number ? ElementType.ofNumber((int) number) : null;
    if (type == null) {
      throw new OnnxModelException(
          describe() + ": attribute '" + attribute + "' must be an element type, got " + number);
    }
    return type;
  }

  /// Returns the node's operator and name, for messages.
  public String describe() {
    String op = domain.isEmpty() ? opType : domain + "." + opType;
    if (!name.isEmpty()) {
      return op + " '" + name + "'";
    }
    return outputs.isEmpty() ? op : op + " -> '" + outputs.getFirst() + "'";
  }

  private <T extends OnnxAttribute> T required(String attribute, Class<T> kind, String what) {
    T value = given(attribute, kind, what);
    if (value == null) {
      throw new OnnxModelException(
          describe() + ": attribute '" + attribute + "' (" + what + ") is required, it is missing");
    }
    return value;
  }

  private <T extends OnnxAttribute> @Nullable T given(
      String attribute, Class<T> kind, String what) {
    OnnxAttribute value = attributes.get(attribute);
    if (value == null) {
      return null;
    }
    if (value instanceof OnnxAttribute.Reference reference) {
      throw new OnnxModelException(
          describe()
              + ": attribute '"
              + attribute
              + "' refers to the function's attribute '"
              + reference.attribute()
              + "', which has no value here. Expand the function first.");
    }
    if (!kind.isInstance(value)) {
      throw new OnnxModelException(
          describe() + ": attribute '" + attribute + "' must be " + what + ", got " + value.kind());
    }
    return kind.cast(value);
  }

  private static long[] longs(OnnxAttribute.IntList list) {
    return list.values().stream().mapToLong(Long::longValue).toArray();
  }
}
