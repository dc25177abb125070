package dev.autograd.onnx;

import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.schema.NodeTyping;
import dev.autograd.onnx.schema.OpSchema;
import dev.autograd.onnx.schema.SchemaTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One node on its way into a graph; {@link #output} or {@link #outputs} completes it.
public final class NodeBuilder {
  private record Declaration(ElementType elementType, @Nullable List<Dim> dims) {}

  private final GraphBuilder graph;
  private final String opType;
  private String domain = "";
  private String label;
  private String doc = "";
  private List<@Nullable GraphValue> inputs = List.of();
  private final Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
  private final Map<String, GraphBuilder> bodies = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Declaration> declarations = new ArrayList<>();
  private boolean complete;

  NodeBuilder(GraphBuilder graph, String opType) {
    this.graph = graph;
    this.opType = opType;
    this.label = opType;
  }

  /// Sets the inputs in order; null leaves an optional one out.
  public NodeBuilder inputs(@Nullable GraphValue... values) {
    return inputs(Arrays.asList(values));
  }

  /// Sets the inputs in order; null leaves an optional one out.
  public NodeBuilder inputs(List<? extends @Nullable GraphValue> values) {
    List<@Nullable GraphValue> given = new ArrayList<>(values);
    // Optional inputs left out at the end need no empty names.
    while (!given.isEmpty() && given.getLast() == null) {
      given.removeLast();
    }
    inputs = given;
    return this;
  }

  /// Sets an attribute of any kind.
  public NodeBuilder attribute(String name, OnnxAttribute value) {
    attributes.put(name, value);
    return this;
  }

  /// Sets an int attribute.
  public NodeBuilder attribute(String name, long value) {
    return attribute(name, OnnxAttribute.of(value));
  }

  /// Sets a float attribute.
  public NodeBuilder attribute(String name, float value) {
    return attribute(name, OnnxAttribute.of(value));
  }

  /// Sets a string attribute.
  public NodeBuilder attribute(String name, String value) {
    return attribute(name, OnnxAttribute.of(value));
  }

  /// Sets a list of ints.
  public NodeBuilder attribute(String name, long[] values) {
    return attribute(name, OnnxAttribute.of(values));
  }

  /// Sets a tensor attribute.
  public NodeBuilder attribute(String name, OnnxTensor value) {
    return attribute(name, OnnxAttribute.of(value));
  }

  /// Sets an attribute that holds the number of an element type, as Cast's `to`.
  public NodeBuilder attribute(String name, ElementType type) {
    return attribute(name, OnnxAttribute.of(type.number()));
  }

  /// Sets a graph attribute to a body made by {@link GraphBuilder#body}.
  ///
  /// @throws OnnxModelException if the body was made by another graph
  public NodeBuilder attribute(String name, GraphBuilder body) {
    if (body.parent() != graph) {
      throw new OnnxModelException(
          opType
              + " '"
              + label
              + "': the body '"
              + name
              + "' must be made by the node's own graph");
    }
    bodies.put(name, body);
    // Stands for the body in checks; the graph itself is filled in when all is complete.
    return attribute(
        name, OnnxAttribute.of(OnnxGraph.of(name, List.of(), List.of(), List.of(), List.of())));
  }

  /// Names the node, as far as the name is free; otherwise a number is added.
  public NodeBuilder named(String name) {
    label = name;
    return this;
  }

  /// Takes the operator from another domain, which {@link GraphBuilder#importDomain} must know.
  ///
  /// Such a node's outputs must be declared.
  public NodeBuilder domain(String name) {
    domain = name;
    return this;
  }

  /// Notes where in the user's program the node comes from.
  ///
  /// From IR version 10 on it stands in the node's metadata, before that in its documentation.
  public NodeBuilder source(String line) {
    if (graph.irVersion() >= 10) {
      metadata.put("source", line);
    } else {
      doc = line;
    }
    return this;
  }

  /// Declares the next output: call it once for each, in order.
  ///
  /// @param dims the sizes, or null where nothing is known of them
  public NodeBuilder declare(ElementType elementType, @Nullable List<Dim> dims) {
    declarations.add(new Declaration(elementType, dims));
    return this;
  }

  /// Adds the node and returns its only output.
  ///
  /// @throws OnnxModelException if the operator has another form at the graph's opset, or a
  ///   declaration contradicts it
  public GraphValue output() {
    return outputs(1).getFirst();
  }

  /// Adds the node with `count` outputs.
  ///
  /// @throws OnnxModelException if the operator has another form at the graph's opset, or a
  ///   declaration contradicts it
  public List<GraphValue> outputs(int count) {
    if (complete) {
      throw new OnnxModelException(opType + " '" + label + "' was added already");
    }
    inputs.forEach(
        input -> {
          if (input != null) {
            graph.requireVisible(input, opType + " '" + label + "'");
          }
        });
    OpSchema schema = domain.isEmpty() ? SchemaTable.require(opType, graph.opset()) : null;
    List<String> problems = new ArrayList<>();
    if (!domain.isEmpty() && !graph.imports(domain)) {
      problems.add(
          "%s '%s': the graph does not import the domain '%s'".formatted(opType, label, domain));
    }
    if (declarations.size() > count) {
      problems.add(
          "%s '%s': %d outputs are declared, it has %d"
              .formatted(opType, label, declarations.size(), count));
    }
    List<ElementType> types = types(schema, count, problems);
    if (!problems.isEmpty()) {
      throw problems.size() == 1
          ? new OnnxModelException(problems.getFirst())
          : new OnnxModelException("node breaks rules of ONNX", problems);
    }
    PendingNode node =
        new PendingNode(
            opType,
            domain,
            schema,
            label,
            inputs,
            attributes,
            bodies,
            doc,
            metadata,
            new ArrayList<>());
    for (int i = 0; i < count; i++) {
      List<Dim> dims = i < declarations.size() ? declarations.get(i).dims : null;
      String formal = schema == null ? Integer.toString(i) : schema.output(i).name();
      node.outputs().add(new GraphValue(graph, node, label + "." + formal, types.get(i), dims));
    }
    graph.add(node);
    complete = true;
    return List.copyOf(node.outputs());
  }

  // Wherever a problem is reported, the list may be short of types: it is not used then.
  private List<ElementType> types(@Nullable OpSchema schema, int count, List<String> problems) {
    List<@Nullable ElementType> inferred = new ArrayList<>();
    if (schema == null) {
      for (int i = 0; i < count; i++) {
        inferred.add(null);
      }
    } else {
      List<@Nullable ElementType> inputTypes = new ArrayList<>();
      for (GraphValue input : inputs) {
        inputTypes.add(input == null ? null : input.elementType());
      }
      inferred.addAll(NodeTyping.check(schema, shadow(count), inputTypes, problems::add));
      fromBodies(inferred, problems);
    }
    List<ElementType> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ElementType found = inferred.get(i);
      ElementType declared = i < declarations.size() ? declarations.get(i).elementType : found;
      if (declared == null) {
        problems.add("%s '%s': the type of output %d must be declared".formatted(opType, label, i));
      } else if (found != null && found != declared) {
        problems.add(
            "%s '%s': output %d is declared as %s, ONNX gives %s. Is a Cast missing?"
                .formatted(opType, label, i, declared, found));
      } else {
        types.add(declared);
      }
    }
    return types;
  }

  // Branches and loops end with what their bodies end with.
  private void fromBodies(List<@Nullable ElementType> inferred, List<String> problems) {
    bodies.forEach(
        (name, body) -> {
          List<ElementType> ends = body.outputTypes();
          int skip = ends.size() - inferred.size();
          if (skip < 0) {
            problems.add(
                "%s '%s': the body '%s' has %d outputs, the node has %d"
                    .formatted(opType, label, name, ends.size(), inferred.size()));
            return;
          }
          for (int i = 0; i < inferred.size(); i++) {
            ElementType end = ends.get(skip + i);
            ElementType before = inferred.set(i, end);
            if (before != null && before != end) {
              problems.add(
                  "%s '%s': the bodies end with %s and %s for output %d; they must agree"
                      .formatted(opType, label, before, end, i));
            }
          }
        });
  }

  private OnnxNode shadow(int count) {
    List<String> inputNames =
        inputs.stream().map(input -> input == null ? "" : input.label()).toList();
    List<String> outputNames = Collections.nCopies(count, label);
    return new OnnxNode(opType, "", label, inputNames, outputNames, attributes, "", Map.of());
  }
}
