package dev.autograd.onnx;

import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.schema.SchemaTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Builds an ONNX graph node by node and refuses whatever the opset does not know.
///
/// A value exists only once the node that makes it does, so nodes are always in topological order.
/// What no output needs (nodes, weights, constants) is left out of the result; inputs always stay.
/// Not thread-safe.
public final class GraphBuilder {
  record Output(String name, GraphValue value) {}

  record Initializer(GraphValue value, Supplier<OnnxTensor> tensor) {}

  private record Contents(OnnxTensor tensor) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Contents contents && tensor.sameContents(contents.tensor);
    }

    @Override
    public int hashCode() {
      return tensor.contentsHash();
    }
  }

  /// What the outermost graph and all bodies within share.
  private static final class Shared {
    final int opset;
    final Map<String, Long> domains = new LinkedHashMap<>();
    final List<GraphBuilder> graphs = new ArrayList<>();
    final List<Initializer> initializers = new ArrayList<>();
    final IdentityHashMap<Object, GraphValue> byIdentity = new IdentityHashMap<>();
    final Map<Contents, GraphValue> constants = new HashMap<>();

    Shared(int opset) {
      this.opset = opset;
    }
  }

  private final Shared shared;
  private final @Nullable GraphBuilder parent;
  private final String label;
  private final int index;
  private final List<GraphValue> inputs = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private final List<PendingNode> nodes = new ArrayList<>();
  private final Set<String> takenNames = new HashSet<>();
  private boolean closed;

  /// Starts a graph for the default opset.
  public GraphBuilder() {
    this(SchemaTable.DEFAULT_OPSET);
  }

  /// Starts a graph.
  ///
  /// @throws OnnxModelException if the opset is not from 13 to 22
  public GraphBuilder(int opset) {
    shared = new Shared(opset);
    shared.domains.put("", (long) opset);
    parent = null;
    label = "";
    index = 0;
    shared.graphs.add(this);
    // Refuses an opset that no version of the format is known for.
    SchemaTable.irVersion(opset);
  }

  private GraphBuilder(GraphBuilder parent, String label) {
    this.shared = parent.shared;
    this.parent = parent;
    this.label = label;
    index = shared.graphs.size();
    shared.graphs.add(this);
  }

  /// Returns the opset.
  public int opset() {
    return shared.opset;
  }

  /// Returns the version of the file format that the model will have.
  public long irVersion() {
    return SchemaTable.irVersion(shared.opset);
  }

  /// Tells whether the opset has an operator, so that the caller can choose another form.
  public boolean has(String opType) {
    return SchemaTable.find(opType, shared.opset) != null;
  }

  /// Adds an input. The name is kept as it is, except in bodies.
  ///
  /// @param dims the sizes, or null where not even the rank is known
  /// @throws OnnxModelException if the graph has an input or output of this name
  public GraphValue input(String name, ElementType elementType, @Nullable List<Dim> dims) {
    take(name);
    GraphValue value = new GraphValue(this, null, name, elementType, dims);
    inputs.add(value);
    return value;
  }

  /// Adds an output. The name is kept as it is, except in bodies.
  ///
  /// @throws OnnxModelException if the value stands in another graph or the name is taken
  public void output(String name, GraphValue value) {
    requireVisible(value, "output '" + name + "'");
    take(name);
    outputs.add(new Output(name, value));
  }

  /// Starts a node.
  public NodeBuilder node(String opType) {
    return new NodeBuilder(this, opType);
  }

  /// Adds a weight, once for each identity: tied weights stay one.
  ///
  /// @param identity the storage; two calls with the same object give the same value
  /// @param name the wanted name
  /// @param tensor asked when the graph is completed, and only if an output needs the weight
  public GraphValue initializer(
      Object identity,
      String name,
      ElementType elementType,
      long[] dims,
      Supplier<OnnxTensor> tensor) {
    return shared.byIdentity.computeIfAbsent(
        identity, key -> initializer(name, elementType, dims, tensor));
  }

  /// Adds a constant, once for each type, size and contents.
  public GraphValue constant(OnnxTensor tensor) {
    return shared.constants.computeIfAbsent(
        new Contents(tensor),
        key -> {
          String wanted = tensor.name().isEmpty() ? "constant" : tensor.name();
          return initializer(wanted, tensor.elementType(), tensor.dims(), () -> tensor);
        });
  }

  /// Adds a constant list of i64, as shapes, axes and the like are given.
  public GraphValue constant(long... values) {
    return constant(OnnxTensor.of("", values, values.length));
  }

  /// Adds a constant scalar, rounded to the element type.
  ///
  /// @throws OnnxModelException if the type is no number, bf16, or does not hold the value
  public GraphValue scalar(ElementType elementType, double value) {
    return constant(Scalars.of(elementType, value));
  }

  /// Starts the body of a branch or loop. It sees every value of this graph.
  public GraphBuilder body(String name) {
    return new GraphBuilder(this, name);
  }

  /// Imports a domain of operators that are not ONNX's own.
  public void importDomain(String domain, long version) {
    Long before = shared.domains.putIfAbsent(domain, version);
    if (before != null && before != version) {
      throw new OnnxModelException(
          "domain '%s' is imported at version %d already, got %d"
              .formatted(domain, before, version));
    }
  }

  /// Returns the names of inputs that no output depends on, in order.
  public List<String> unusedInputs() {
    return new GraphAssembly(this).unusedInputs();
  }

  /// Completes the graph. The builder may go on and complete again.
  ///
  /// @throws OnnxModelException if it has no output, or is a body
  public OnnxGraph graph(String name) {
    if (parent != null) {
      throw new OnnxModelException("the body '" + label + "' is completed by its outermost graph");
    }
    if (outputs.isEmpty()) {
      throw new OnnxModelException("the graph '" + name + "' must have an output");
    }
    return new GraphAssembly(this).assemble(name);
  }

  /// Completes the graph as a model.
  ///
  /// @throws OnnxModelException if the graph has no output, or is a body
  public OnnxModel model(String graphName, OnnxModel.Producer producer) {
    return OnnxModel.of(irVersion(), shared.domains, producer, graph(graphName));
  }

  private GraphValue initializer(
      String name, ElementType elementType, long[] dims, Supplier<OnnxTensor> tensor) {
    List<Dim> sizes = Arrays.stream(dims).mapToObj(Dim::of).toList();
    GraphValue value = new GraphValue(shared.graphs.getFirst(), null, name, elementType, sizes);
    shared.initializers.add(new Initializer(value, tensor));
    return value;
  }

  private void take(String name) {
    requireOpen();
    if (name.isBlank()) {
      throw new OnnxModelException("inputs and outputs need names, got '" + name + "'");
    }
    if (!takenNames.add(name)) {
      throw new OnnxModelException("the graph has an input or output '" + name + "' already");
    }
  }

  // What a body reads must stand before its node, so a body ends where its node begins.
  private void requireOpen() {
    if (closed) {
      throw new OnnxModelException("the body '" + label + "' belongs to a node already");
    }
  }

  void close() {
    requireOpen();
    closed = true;
  }

  void requireVisible(GraphValue value, String who) {
    for (GraphBuilder graph = this; graph != null; graph = graph.parent) {
      if (value.owner() == graph) {
        return;
      }
    }
    throw new OnnxModelException(
        who + ": value " + value + " stands in a graph that cannot be seen from here");
  }

  boolean imports(String domain) {
    return shared.domains.containsKey(domain);
  }

  void add(PendingNode node) {
    requireOpen();
    node.bodies().values().forEach(GraphBuilder::close);
    nodes.add(node);
  }

  List<ElementType> outputTypes() {
    return outputs.stream().map(output -> output.value().elementType()).toList();
  }

  @Nullable GraphBuilder parent() {
    return parent;
  }

  String label() {
    return label;
  }

  /// The place in `graphs()`.
  int index() {
    return index;
  }

  List<GraphValue> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  List<Output> outputs() {
    return Collections.unmodifiableList(outputs);
  }

  List<PendingNode> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  List<GraphBuilder> graphs() {
    return Collections.unmodifiableList(shared.graphs);
  }

  List<Initializer> initializers() {
    return Collections.unmodifiableList(shared.initializers);
  }
}
