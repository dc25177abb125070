package dev.autograd.onnx.schema;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.schema.OpSchema.AttributeForm;
import dev.autograd.onnx.schema.OpSchema.Formal;
import dev.autograd.onnx.schema.OpSchema.Inference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Holds a node against the form of its operator and finds the element types of its outputs.
public final class NodeTyping {
  private record Binding(ElementType type, String by) {}

  private final OpSchema schema;
  private final OnnxNode node;
  private final Consumer<String> problems;
  private final Map<String, Binding> bindings = new HashMap<>();

  private NodeTyping(OpSchema schema, OnnxNode node, Consumer<String> problems) {
    this.schema = schema;
    this.node = node;
    this.problems = problems;
  }

  /// Checks a node and returns the element types of its outputs, null where they are not known.
  ///
  /// @param inputTypes one for each input; null where it is left out, not known or no tensor
  /// @param problems is told of each rule that the node breaks
  public static List<@Nullable ElementType> check(
      OpSchema schema,
      OnnxNode node,
      List<? extends @Nullable ElementType> inputTypes,
      Consumer<String> problems) {
    NodeTyping typing = new NodeTyping(schema, node, problems);
    typing.inputs(inputTypes);
    typing.attributes();
    return typing.outputs();
  }

  private void inputs(List<? extends @Nullable ElementType> inputTypes) {
    count("input", node.inputs().size(), schema.minInputs(), schema.maxInputs());
    for (int i = 0; i < Math.min(node.inputs().size(), schema.maxInputs()); i++) {
      Formal formal = schema.input(i);
      String who = "input " + i + " (" + formal.name() + ")";
      if (!node.hasInput(i)) {
        if (formal.required()) {
          report(who + " must be given, it is left out");
        }
        continue;
      }
      ElementType type = inputTypes.get(i);
      if (type == null) {
        continue;
      }
      allowed(who, formal, type);
      if (!formal.mixed()) {
        Binding bound = bindings.putIfAbsent(formal.type(), new Binding(type, who));
        if (bound != null && bound.type != type) {
          report(
              "%s is %s and %s is %s; the two must have one element type. Cast one of them?"
                  .formatted(bound.by, bound.type, who, type));
        }
      }
    }
  }

  private void attributes() {
    node.attributes()
        .forEach(
            (name, value) -> {
              AttributeForm form = schema.attributes().get(name);
              if (form == null) {
                report(
                    "has no attribute '%s' from opset %d on. Its attributes are %s."
                        .formatted(name, schema.since(), schema.attributes().keySet()));
              } else if (form.kind() != value.kind()) {
                report(
                    "attribute '%s' must be of kind %s, got %s"
                        .formatted(name, form.kind(), value.kind()));
              }
            });
    schema
        .attributes()
        .forEach(
            (name, form) -> {
              if (form.required() && !node.hasAttribute(name)) {
                report("attribute '" + name + "' (" + form.kind() + ") must be given");
              }
            });
  }

  private List<@Nullable ElementType> outputs() {
    count("output", node.outputs().size(), schema.minOutputs(), schema.maxOutputs());
    List<@Nullable ElementType> types = new ArrayList<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      if (i >= schema.maxOutputs()) {
        types.add(null);
        continue;
      }
      Formal formal = schema.output(i);
      ElementType type = output(formal);
      if (type != null) {
        allowed("output " + i + " (" + formal.name() + ")", formal, type);
      }
      types.add(type);
    }
    return types;
  }

  private @Nullable ElementType output(Formal formal) {
    if (formal.mixed()) {
      return null;
    }
    for (Inference inference : formal.inferences()) {
      ElementType type =
          switch (inference) {
            case Inference.Named(String attribute) -> named(attribute);
            case Inference.Held(String attribute) -> {
              OnnxAttribute value = node.attributes().get(attribute);
              yield value == null ? null : value.elementType();
            }
            case Inference.Given(String name) -> {
              Binding bound = bindings.get(name);
              yield bound == null ? ElementType.ofSymbol(name) : bound.type;
            }
          };
      if (type != null) {
        return type;
      }
    }
    Binding bound = bindings.get(formal.type());
    if (bound != null) {
      return bound.type;
    }
    Set<ElementType> allowed = schema.allowed(formal);
    return allowed.size() == 1 ? allowed.iterator().next() : null;
  }

  private @Nullable ElementType named(String attribute) {
    if (!(node.attributes().get(attribute) instanceof OnnxAttribute.IntValue(long number))) {
      return null;
    }
    ElementType type = number == (int) number ? ElementType.ofNumber((int) number) : null;
    if (type == null) {
      report("attribute '" + attribute + "' must be the number of an element type, got " + number);
    }
    return type;
  }

  private void allowed(String who, Formal formal, ElementType type) {
    Set<ElementType> allowed = schema.allowed(formal);
    if (!allowed.contains(type)) {
      String list = allowed.stream().map(ElementType::toString).collect(Collectors.joining(", "));
      report(
          "%s must be one of %s from opset %d on, got %s"
              .formatted(who, list, schema.since(), type));
    }
  }

  private void count(String what, int got, int least, int most) {
    if (got < least || got > most) {
      String range =
          most == Integer.MAX_VALUE
              ? "at least " + least
              : least == most ? Integer.toString(least) : "from " + least + " to " + most;
      report("must have " + range + " " + what + "s, got " + got);
    }
  }

  private void report(String problem) {
    problems.accept(node.describe() + ": " + problem);
  }
}
