package dev.autograd.onnx.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A computation: values flow from the inputs through the nodes to the outputs.
///
/// @param inputs what a run must be given; an initializer of the same name makes it optional
/// @param initializers constants and weights, each with its own name
/// @param values types declared of values in between
/// @param nodes sorted so that each stands after those that feed it
public record OnnxGraph(
    String name,
    List<OnnxValue> inputs,
    List<OnnxValue> outputs,
    List<OnnxTensor> initializers,
    List<OnnxValue> values,
    List<OnnxNode> nodes,
    String doc) {
  public OnnxGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    initializers = List.copyOf(initializers);
    values = List.copyOf(values);
    nodes = List.copyOf(nodes);
  }

  /// Makes a graph that declares nothing of the values in between.
  public static OnnxGraph of(
      String name,
      List<OnnxValue> inputs,
      List<OnnxValue> outputs,
      List<OnnxTensor> initializers,
      List<OnnxNode> nodes) {
    return new OnnxGraph(name, inputs, outputs, initializers, List.of(), nodes, "");
  }

  /// Returns the inputs that no initializer gives a value.
  ///
  /// Files of IR version 3 list every initializer among the inputs.
  public List<OnnxValue> requiredInputs() {
    Set<String> given = new HashSet<>();
    for (OnnxTensor initializer : initializers) {
      given.add(initializer.name());
    }
    return inputs.stream().filter(input -> !given.contains(input.name())).toList();
  }

  /// Finds an initializer, or null where none has the name.
  public @Nullable OnnxTensor initializer(String initializer) {
    for (OnnxTensor tensor : initializers) {
      if (tensor.name().equals(initializer)) {
        return tensor;
      }
    }
    return null;
  }
}
