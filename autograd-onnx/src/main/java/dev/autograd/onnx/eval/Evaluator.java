package dev.autograd.onnx.eval;

import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs ONNX models on this library's operations.
public final class Evaluator {
  private static final Map<String, Importer> IMPORTERS = importers();

  private Evaluator() {}

  /// Computes the outputs of a model, by name, without recording gradients.
  ///
  /// @throws OnnxModelException if an operator is not known (all such are named before anything
  ///   runs), or an input is missing
  public static Map<String, Tensor> run(OnnxModel model, Map<String, Tensor> inputs) {
    return run(model, inputs, (node, outputs) -> {});
  }

  /// Sees what every node computes.
  @FunctionalInterface
  public interface Observer {
    /// Is told of a node's outputs, in order; some of them may not be wanted by the model.
    void computed(OnnxNode node, Tensor[] outputs);
  }

  /// Computes the outputs of a model, by name, and lets `observer` see every node's.
  ///
  /// @throws OnnxModelException as the other form
  public static Map<String, Tensor> run(
      OnnxModel model, Map<String, Tensor> inputs, Observer observer) {
    OnnxGraph graph = model.graph();
    requireKnown(model);
    Map<String, Tensor> values = new HashMap<>();
    for (OnnxTensor initializer : graph.initializers()) {
      values.put(initializer.name(), OnnxTensors.toTensor(initializer));
    }
    values.putAll(inputs);
    for (OnnxValue input : graph.requiredInputs()) {
      if (!inputs.containsKey(input.name())) {
        throw new OnnxModelException(
            "the model needs the input '" + input.name() + "', got " + inputs.keySet());
      }
    }
    try (var _ = GradMode.noGrad()) {
      graph.nodes().forEach(node -> observer.computed(node, run(node, values)));
    }
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (OnnxValue output : graph.outputs()) {
      results.put(output.name(), value(output.name(), values));
    }
    return results;
  }

  private static Tensor[] run(OnnxNode node, Map<String, Tensor> values) {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    for (String name : node.inputs()) {
      inputs.add(name.isEmpty() ? null : value(name, values));
    }
    Importer importer = IMPORTERS.get(node.opType());
    if (importer == null) {
      throw new IllegalStateException("an unknown operator passed the check");
    }
    NodeCall call = new NodeCall(node, inputs);
    Tensor[] outputs = importer.run(call);
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.hasOutput(i)) {
        continue;
      }
      if (i >= outputs.length) {
        throw call.refuse("output " + i + " is not evaluated");
      }
      values.put(node.outputs().get(i), outputs[i]);
    }
    return outputs;
  }

  /// Returns the operators of a model that cannot be evaluated, sorted, none where all can.
  public static List<String> unknownOperators(OnnxModel model) {
    return model.graph().nodes().stream()
        .filter(node -> !node.domain().isEmpty() || !IMPORTERS.containsKey(node.opType()))
        .map(node -> node.domain().isEmpty() ? node.opType() : node.domain() + "." + node.opType())
        .distinct()
        .sorted()
        .toList();
  }

  private static void requireKnown(OnnxModel model) {
    List<String> unknown = unknownOperators(model);
    if (!unknown.isEmpty()) {
      throw new OnnxModelException("operators that are not evaluated", unknown);
    }
  }

  private static Tensor value(String name, Map<String, Tensor> values) {
    Tensor value = values.get(name);
    if (value == null) {
      throw new OnnxModelException("the value '" + name + "' is read before it is made");
    }
    return value;
  }

  private static Map<String, Importer> importers() {
    Map<String, Importer> all = new HashMap<>();
    ElementwiseImporters.addTo(all);
    ReductionImporters.addTo(all);
    ShapeImporters.addTo(all);
    IndexImporters.addTo(all);
    SelectionImporters.addTo(all);
    LayerImporters.addTo(all);
    RecurrentImporters.addTo(all);
    WindowImporters.addTo(all);
    PaddingImporters.addTo(all);
    LossImporters.addTo(all);
    ConstantImporters.addTo(all);
    return Map.copyOf(all);
  }
}
