package dev.autograd.onnx.schema;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The form of an operator from one opset on.
///
/// @param types element types that a type variable may stand for; an element type stands for itself
public record OpSchema(
    String opType,
    int since,
    List<Formal> inputs,
    List<Formal> outputs,
    Map<String, AttributeForm> attributes,
    Map<String, Set<ElementType>> types) {
  /// How many values a formal input or output stands for.
  public enum Arity {
    /// Exactly one.
    ONE,
    /// One or none.
    OPTIONAL,
    /// Any number above none; the last of its list.
    SOME,
    /// Any number; the last of its list.
    ANY
  }

  /// A formal input or output.
  ///
  /// @param type a key of {@link OpSchema#types}
  /// @param mixed whether the values of a variadic one may differ in type
  /// @param inferences where to find an output's type that no input fixes
  public record Formal(
      String name, String type, Arity arity, boolean mixed, List<Inference> inferences) {
    public Formal {
      inferences = List.copyOf(inferences);
    }

    boolean variadic() {
      return arity == Arity.SOME || arity == Arity.ANY;
    }

    boolean required() {
      return arity == Arity.ONE || arity == Arity.SOME;
    }
  }

  /// One way to find an output's element type.
  public sealed interface Inference {
    /// An attribute that holds the number of an element type.
    record Named(String attribute) implements Inference {}

    /// The element type of an attribute's value.
    record Held(String attribute) implements Inference {}

    /// A type variable that an input has fixed, or an element type.
    record Given(String type) implements Inference {}
  }

  /// A formal attribute.
  ///
  /// @param otherwise the value when it is left out, or null where it has none
  public record AttributeForm(
      OnnxAttribute.Kind kind, boolean required, @Nullable OnnxAttribute otherwise) {}

  public OpSchema {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
  }

  /// Returns the least number of inputs, counted to the last that must be given.
  public int minInputs() {
    return least(inputs);
  }

  /// Returns the greatest number of inputs, `Integer.MAX_VALUE` where there is no limit.
  public int maxInputs() {
    return most(inputs);
  }

  /// Returns the least number of outputs.
  public int minOutputs() {
    return least(outputs);
  }

  /// Returns the greatest number of outputs, `Integer.MAX_VALUE` where there is no limit.
  public int maxOutputs() {
    return most(outputs);
  }

  /// Returns the formal that input `i` stands for. `i` must be below `maxInputs()`.
  public Formal input(int i) {
    return inputs.get(Math.min(i, inputs.size() - 1));
  }

  /// Returns the formal that output `i` stands for. `i` must be below `maxOutputs()`.
  public Formal output(int i) {
    return outputs.get(Math.min(i, outputs.size() - 1));
  }

  /// Returns the element types that a formal allows.
  public Set<ElementType> allowed(Formal formal) {
    return types.getOrDefault(formal.type(), Set.of());
  }

  private static int least(List<Formal> formals) {
    int least = 0;
    for (int i = 0; i < formals.size(); i++) {
      if (formals.get(i).required()) {
        least = i + 1;
      }
    }
    return least;
  }

  private static int most(List<Formal> formals) {
    return !formals.isEmpty() && formals.getLast().variadic() ? Integer.MAX_VALUE : formals.size();
  }
}
