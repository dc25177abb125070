package dev.autograd.onnx;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxFunction;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxTraining;
import dev.autograd.onnx.model.OnnxType;
import dev.autograd.onnx.model.OnnxValue;
import dev.autograd.onnx.schema.NodeTyping;
import dev.autograd.onnx.schema.OpSchema;
import dev.autograd.onnx.schema.SchemaTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks models against the rules of ONNX and the table of operators.
///
/// Checked are names (every value made once, before its use), forms of operators, element types and
/// versions; shapes are not. Nested graphs are walked by recursion: they nest as deep as loops do
/// in a program, not as long as a graph is.
public final class ModelChecker {
  private final Map<String, Long> opsets;
  private final Set<String> functions = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  private ModelChecker(Map<String, Long> opsets) {
    this.opsets = opsets;
  }

  /// The values that nodes of a graph may read, those of the graphs around included.
  private record Scope(@Nullable Scope around, Map<String, @Nullable ElementType> types) {
    boolean has(String name) {
      for (Scope scope = this; scope != null; scope = scope.around) {
        if (scope.types.containsKey(name)) {
          return true;
        }
      }
      return false;
    }

    @Nullable ElementType type(String name) {
      for (Scope scope = this; scope != null; scope = scope.around) {
        if (scope.types.containsKey(name)) {
          return scope.types.get(name);
        }
      }
      return null;
    }
  }

  /// Returns every rule that a model breaks, none if it is sound.
  public static List<String> problems(OnnxModel model) {
    ModelChecker checker = new ModelChecker(model.opsets());
    checker.versions(model);
    for (OnnxFunction function : model.functions()) {
      checker.functions.add(function.domain() + "." + function.name());
    }
    checker.graph(model.graph(), null);
    for (OnnxFunction function : model.functions()) {
      checker.problems.addAll(problems(function, checker.functions));
    }
    for (OnnxTraining training : model.training()) {
      if (training.initialization() != null) {
        checker.graph(training.initialization(), null);
      }
      if (training.algorithm() != null) {
        checker.graph(training.algorithm(), null);
      }
    }
    return List.copyOf(checker.problems);
  }

  /// Checks a model.
  ///
  /// @throws OnnxModelException if it breaks a rule; names all
  public static void verify(OnnxModel model) {
    List<String> found = problems(model);
    if (!found.isEmpty()) {
      throw new OnnxModelException("the model breaks rules of ONNX", found);
    }
  }

  private static List<String> problems(OnnxFunction function, Set<String> functions) {
    ModelChecker checker = new ModelChecker(function.opsets());
    checker.functions.addAll(functions);
    Scope scope = new Scope(null, new HashMap<>());
    String who = "function '" + function.domain() + "." + function.name() + "'";
    function.inputs().forEach(input -> checker.define(scope, input, null, who));
    checker.nodes(function.nodes(), scope);
    for (String output : function.outputs()) {
      if (!scope.has(output)) {
        checker.problems.add(who + ": nothing makes its output '" + output + "'");
      }
    }
    return checker.problems;
  }

  private void versions(OnnxModel model) {
    Long opset = model.opsets().get("");
    if (opset == null) {
      problems.add("the model imports no version of ONNX's own operators");
      return;
    }
    if (opset < SchemaTable.OLDEST_OPSET || opset > SchemaTable.NEWEST_OPSET) {
      problems.add(
          "the model is of opset %d, opsets %d to %d are checked"
              .formatted(opset, SchemaTable.OLDEST_OPSET, SchemaTable.NEWEST_OPSET));
      return;
    }
    long least = SchemaTable.irVersion(Math.toIntExact(opset));
    if (model.irVersion() < least) {
      problems.add(
          "opset %d needs IR version %d, the model is of %d"
              .formatted(opset, least, model.irVersion()));
    }
    if (!model.functions().isEmpty() && model.irVersion() < 8) {
      problems.add("functions need IR version 8, the model is of " + model.irVersion());
    }
    boolean metadata = model.graph().nodes().stream().anyMatch(node -> !node.metadata().isEmpty());
    if (metadata && model.irVersion() < 10) {
      problems.add("metadata of nodes needs IR version 10, the model is of " + model.irVersion());
    }
  }

  private Scope graph(OnnxGraph graph, @Nullable Scope around) {
    Scope scope = new Scope(around, new HashMap<>());
    String who = "graph '" + graph.name() + "'";
    for (OnnxTensor initializer : graph.initializers()) {
      define(scope, initializer.name(), initializer.elementType(), who);
    }
    Set<String> inputs = new HashSet<>();
    for (OnnxValue input : graph.inputs()) {
      if (!inputs.add(input.name())) {
        problems.add(who + ": two inputs are named '" + input.name() + "'");
      }
      if (around == null && input.type() == null) {
        problems.add(who + ": input '" + input.name() + "' must declare its type");
      }
      input(graph, scope, input, who);
    }
    nodes(graph.nodes(), scope);
    Set<String> outputs = new HashSet<>();
    for (OnnxValue output : graph.outputs()) {
      if (!outputs.add(output.name())) {
        problems.add(who + ": two outputs are named '" + output.name() + "'");
      }
      if (around == null && output.type() == null) {
        problems.add(who + ": output '" + output.name() + "' must declare its type");
      }
      if (!scope.has(output.name())) {
        problems.add(who + ": nothing makes its output '" + output.name() + "'");
      } else {
        declared(scope, output, who);
      }
    }
    for (OnnxValue value : graph.values()) {
      if (scope.has(value.name())) {
        declared(scope, value, who);
      }
    }
    return scope;
  }

  // An initializer may give an input its default, and must fit it then.
  private void input(OnnxGraph graph, Scope scope, OnnxValue input, String who) {
    if (!scope.types.containsKey(input.name())) {
      define(scope, input.name(), tensorType(input), who);
      return;
    }
    declared(scope, input, who);
    OnnxTensor initializer = graph.initializer(input.name());
    if (initializer != null
        && input.type() instanceof OnnxType.Tensor tensor
        && tensor.dims() != null
        && tensor.dims().size() != initializer.dims().length) {
      problems.add(who + ": input '" + input.name() + "' is not of the rank of its " + initializer);
    }
  }

  private void nodes(List<OnnxNode> nodes, Scope scope) {
    for (OnnxNode node : nodes) {
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !scope.has(input)) {
          problems.add(node.describe() + ": reads '" + input + "', which nothing before it makes");
        }
      }
      List<@Nullable ElementType> types = outputTypes(node, scope);
      for (int i = 0; i < node.outputs().size(); i++) {
        if (node.hasOutput(i)) {
          define(scope, node.outputs().get(i), types.get(i), node.describe());
        }
      }
    }
  }

  private List<@Nullable ElementType> outputTypes(OnnxNode node, Scope scope) {
    List<List<@Nullable ElementType>> ends = new ArrayList<>();
    for (OnnxAttribute attribute : node.attributes().values()) {
      if (attribute instanceof OnnxAttribute.GraphValue(OnnxGraph body)) {
        Scope inner = graph(body, scope);
        List<@Nullable ElementType> types = new ArrayList<>();
        body.outputs().forEach(output -> types.add(inner.type(output.name())));
        ends.add(types);
      }
    }
    OpSchema schema = schema(node);
    if (schema == null) {
      List<@Nullable ElementType> unknown = new ArrayList<>();
      node.outputs().forEach(output -> unknown.add(null));
      return unknown;
    }
    List<@Nullable ElementType> inputTypes = new ArrayList<>();
    node.inputs().forEach(input -> inputTypes.add(input.isEmpty() ? null : scope.type(input)));
    List<@Nullable ElementType> types = NodeTyping.check(schema, node, inputTypes, problems::add);
    for (List<@Nullable ElementType> end : ends) {
      fromBody(node, end, types);
    }
    return types;
  }

  // Branches and loops end with what their bodies end with.
  private void fromBody(
      OnnxNode node, List<@Nullable ElementType> end, List<@Nullable ElementType> types) {
    int skip = end.size() - types.size();
    if (skip < 0) {
      problems.add(
          "%s: a body has %d outputs, the node has %d"
              .formatted(node.describe(), end.size(), types.size()));
      return;
    }
    for (int i = 0; i < types.size(); i++) {
      ElementType type = end.get(skip + i);
      ElementType before = types.get(i);
      if (before == null) {
        types.set(i, type);
      } else if (type != null && type != before) {
        problems.add(
            "%s: its bodies end with %s and %s for output %d"
                .formatted(node.describe(), before, type, i));
      }
    }
  }

  private @Nullable OpSchema schema(OnnxNode node) {
    if (functions.contains(node.domain() + "." + node.opType())) {
      return null;
    }
    Long version = opsets.get(node.domain());
    if (version == null) {
      problems.add(node.describe() + ": its domain '" + node.domain() + "' is not imported");
      return null;
    }
    if (!node.domain().isEmpty()
        || version < SchemaTable.OLDEST_OPSET
        || version > SchemaTable.NEWEST_OPSET) {
      return null;
    }
    int opset = Math.toIntExact(version);
    OpSchema schema = SchemaTable.find(node.opType(), opset);
    if (schema == null) {
      problems.add(node.describe() + ": " + SchemaTable.missing(node.opType(), opset));
    }
    return schema;
  }

  private void define(Scope scope, String name, @Nullable ElementType type, String who) {
    if (name.isEmpty()) {
      problems.add(who + ": a value has no name");
    } else if (scope.has(name)) {
      problems.add(who + ": makes '" + name + "', which was made before");
    } else {
      scope.types.put(name, type);
    }
  }

  private void declared(Scope scope, OnnxValue value, String who) {
    ElementType declared = tensorType(value);
    ElementType found = scope.type(value.name());
    if (declared != null && found != null && declared != found) {
      problems.add(
          "%s: value '%s' is declared as %s, ONNX gives %s"
              .formatted(who, value.name(), declared, found));
    }
  }

  private static @Nullable ElementType tensorType(OnnxValue value) {
    return value.type() instanceof OnnxType.Tensor tensor ? tensor.elementType() : null;
  }
}
