package dev.autograd.onnx;

import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxType;
import dev.autograd.onnx.model.OnnxValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Turns a finished builder into a graph: keeps what the outputs need, names it, writes it out.
final class GraphAssembly {
  private final GraphBuilder root;
  private final Set<GraphValue> needed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<PendingNode> live = Collections.newSetFromMap(new IdentityHashMap<>());
  // Graphs go by their index.
  private final BitSet liveGraphs = new BitSet();

  private final Names valueNames = new Names();
  private final Names nodeNames = new Names();
  private final IdentityHashMap<GraphValue, String> names = new IdentityHashMap<>();
  private final IdentityHashMap<PendingNode, String> namesOfNodes = new IdentityHashMap<>();
  private final Map<Integer, List<String>> outputNames = new HashMap<>();
  private final Map<Integer, OnnxGraph> finished = new HashMap<>();

  GraphAssembly(GraphBuilder root) {
    this.root = root;
    mark();
  }

  List<String> unusedInputs() {
    return root.inputs().stream()
        .filter(input -> !needed.contains(input))
        .map(GraphValue::label)
        .toList();
  }

  OnnxGraph assemble(String name) {
    nameOutermost();
    nameBodies();
    nameInitializers();
    nameNodes();
    // A body is made after its parent, so going backwards every body is ready when it is needed.
    for (GraphBuilder graph : root.graphs().reversed()) {
      if (liveGraphs.get(graph.index())) {
        finished.put(
            graph.index(), write(graph, graph == root ? name : Names.sanitized(graph.label())));
      }
    }
    return finished(root);
  }

  private void mark() {
    Deque<GraphValue> work = new ArrayDeque<>();
    enter(root, work);
    while (!work.isEmpty()) {
      GraphValue value = work.pop();
      PendingNode node = value.producer();
      if (!needed.add(value) || node == null || !live.add(node)) {
        continue;
      }
      for (GraphValue input : node.inputs()) {
        if (input != null) {
          work.push(input);
        }
      }
      node.bodies().values().forEach(body -> enter(body, work));
    }
  }

  private void enter(GraphBuilder graph, Deque<GraphValue> work) {
    if (!liveGraphs.get(graph.index())) {
      liveGraphs.set(graph.index());
      graph.outputs().forEach(output -> work.push(output.value()));
    }
  }

  private void nameOutermost() {
    for (GraphValue input : root.inputs()) {
      reserve(input.label());
      names.put(input, input.label());
    }
    List<String> outputs = new ArrayList<>();
    for (var output : root.outputs()) {
      reserve(output.name());
      outputs.add(output.name());
    }
    nameOutputs(root, outputs);
  }

  private void reserve(String name) {
    if (!valueNames.reserve(name)) {
      throw new OnnxModelException("two inputs or outputs are named '" + name + "'");
    }
  }

  // Names of inner graphs are nobody's business outside, so they give way.
  private void nameBodies() {
    for (GraphBuilder graph : root.graphs()) {
      if (graph == root || !liveGraphs.get(graph.index())) {
        continue;
      }
      graph.inputs().forEach(input -> names.put(input, valueNames.fresh(input.label())));
      List<String> outputs = new ArrayList<>();
      graph.outputs().forEach(output -> outputs.add(valueNames.fresh(output.name())));
      nameOutputs(graph, outputs);
    }
  }

  // A node's result takes the name of the output. What is no node's result in this graph, or is an
  // output already, reaches the output through an Identity node, which `write` adds.
  private void nameOutputs(GraphBuilder graph, List<String> outputs) {
    outputNames.put(graph.index(), outputs);
    for (int i = 0; i < outputs.size(); i++) {
      GraphValue value = graph.outputs().get(i).value();
      if (value.producer() != null && value.owner() == graph) {
        names.putIfAbsent(value, outputs.get(i));
      }
    }
  }

  private void nameInitializers() {
    for (var initializer : root.initializers()) {
      GraphValue value = initializer.value();
      if (needed.contains(value)) {
        names.put(value, valueNames.fresh(value.label()));
      }
    }
  }

  private void nameNodes() {
    for (GraphBuilder graph : root.graphs()) {
      if (!liveGraphs.get(graph.index())) {
        continue;
      }
      for (PendingNode node : graph.nodes()) {
        if (!live.contains(node)) {
          continue;
        }
        namesOfNodes.put(node, nodeNames.fresh(node.label()));
        for (GraphValue output : node.outputs()) {
          if (!names.containsKey(output)) {
            names.put(output, valueNames.fresh(output.label()));
          }
        }
      }
    }
  }

  private OnnxGraph write(GraphBuilder graph, String name) {
    List<OnnxNode> nodes = new ArrayList<>();
    List<OnnxValue> between = new ArrayList<>();
    Set<String> ends = Set.copyOf(outputNames(graph));
    for (PendingNode node : graph.nodes()) {
      if (!live.contains(node)) {
        continue;
      }
      nodes.add(write(node));
      for (GraphValue output : node.outputs()) {
        if (output.dims() != null && !ends.contains(name(output))) {
          between.add(declaration(name(output), output));
        }
      }
    }
    List<OnnxValue> outputs = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      GraphValue value = graph.outputs().get(i).value();
      String wanted = outputNames(graph).get(i);
      if (!name(value).equals(wanted)) {
        nodes.add(
            OnnxNode.of(
                "Identity",
                nodeNames.fresh(wanted),
                List.of(name(value)),
                List.of(wanted),
                Map.of()));
      }
      outputs.add(declaration(wanted, value));
    }
    List<OnnxValue> inputs =
        graph.inputs().stream().map(input -> declaration(name(input), input)).toList();
    List<OnnxTensor> initializers = graph == root ? initializers() : List.of();
    return new OnnxGraph(name, inputs, outputs, initializers, between, nodes, "");
  }

  private OnnxNode write(PendingNode node) {
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>(node.attributes());
    node.bodies().forEach((key, body) -> attributes.put(key, OnnxAttribute.of(finished(body))));
    return new OnnxNode(
        node.opType(),
        node.domain(),
        String.valueOf(namesOfNodes.get(node)),
        node.inputs().stream().map(input -> input == null ? "" : name(input)).toList(),
        node.outputs().stream().map(this::name).toList(),
        attributes,
        node.doc(),
        node.metadata());
  }

  private List<OnnxTensor> initializers() {
    List<OnnxTensor> tensors = new ArrayList<>();
    for (var initializer : root.initializers()) {
      GraphValue value = initializer.value();
      if (!needed.contains(value)) {
        continue;
      }
      OnnxTensor tensor = initializer.tensor().get().named(name(value));
      OnnxValue declared = declaration(tensor.name(), value);
      if (!declared.equals(OnnxValue.of(tensor.name(), tensor.elementType(), tensor.dims()))) {
        throw new OnnxModelException(
            "initializer " + tensor + " must be as it was announced: " + declared.type());
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  private static OnnxValue declaration(String name, GraphValue value) {
    return new OnnxValue(name, new OnnxType.Tensor(value.elementType(), value.dims()), "");
  }

  private String name(GraphValue value) {
    String name = names.get(value);
    if (name == null) {
      throw new AssertionError("value " + value + " was not named");
    }
    return name;
  }

  private OnnxGraph finished(GraphBuilder graph) {
    OnnxGraph result = finished.get(graph.index());
    if (result == null) {
      throw new AssertionError("body '" + graph.label() + "' was not finished");
    }
    return result;
  }

  private List<String> outputNames(GraphBuilder graph) {
    return outputNames.getOrDefault(graph.index(), List.of());
  }
}
