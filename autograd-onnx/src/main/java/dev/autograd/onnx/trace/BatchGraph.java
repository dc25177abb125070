package dev.autograd.onnx.trace;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.onnx.GraphBuilder;
import dev.autograd.onnx.GraphValue;
import dev.autograd.onnx.OnnxExportException;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.OnnxAttribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Finds how the nodes of a model depend on the batch size, and writes them for any size.
///
/// # Note [How sizes depend on the batch]
///
/// The model is run at three sizes N. Its nodes must be the same at all; an integer among them that
/// differs must be a·N + b, with a and b whole: two sizes give them, the third confirms. A rule that
/// is not linear cannot pass by accident at 3, 5 and 7 unless it is linear there, and the check of
/// the file at other sizes would find it out.
public final class BatchGraph {
  private static final int[] SIZES = {3, 5, 7};
  private static final String BATCH = "batch";

  private record Rule(long factor, long summand) {
    boolean fixed() {
      return factor == 0;
    }
  }

  private final List<Recording> runs;
  private final GraphBuilder graph;
  private final Map<Integer, GraphValue> values = new HashMap<>();
  private final Map<Rule, GraphValue> sizes = new HashMap<>();
  private @Nullable GraphValue batch;

  private BatchGraph(List<Recording> runs, GraphBuilder graph) {
    this.runs = runs;
    this.graph = graph;
  }

  /// Traces a model and writes it as a graph with a dynamic first dimension.
  ///
  /// @param inputs makes the input of a batch size; every call gives other numbers
  /// @throws OnnxExportException if the model has no such form
  public static GraphBuilder of(
      int opset, UnaryOperator<Tensor> model, Map<String, Tensor> state, Inputs inputs) {
    List<Recording> runs = new ArrayList<>();
    for (int size : SIZES) {
      runs.add(Emission.of(opset, model, state, inputs.ofSize(size)));
    }
    Recording again = Emission.of(opset, model, state, inputs.ofSize(SIZES[0]));
    requireSame(
        List.of(runs.getFirst(), again),
        List.of("the first input", "another input"),
        "the values of its input");
    requireSame(runs, List.of("batch 3", "batch 5", "batch 7"), "the batch size");
    BatchGraph written = new BatchGraph(runs, new GraphBuilder(opset));
    written.write();
    return written.graph;
  }

  /// Makes random inputs.
  @FunctionalInterface
  public interface Inputs {
    /// Returns an input of `batch` samples.
    Tensor ofSize(int batch);
  }

  private static void requireSame(List<Recording> runs, List<String> labels, String cause) {
    List<Step> first = runs.getFirst().steps();
    boolean sizesMayDiffer = runs.size() == SIZES.length;
    int shortest = runs.stream().mapToInt(run -> run.steps().size()).min().orElse(0);
    for (int i = 0; i < shortest; i++) {
      for (Recording run : runs) {
        if (!same(first.get(i), run.steps().get(i), sizesMayDiffer)) {
          throw differs(runs, labels, cause, i);
        }
      }
    }
    for (Recording run : runs) {
      if (run.steps().size() != first.size() || run.result() != runs.getFirst().result()) {
        throw differs(runs, labels, cause, shortest);
      }
    }
  }

  private static boolean same(Step a, Step b, boolean sizesMayDiffer) {
    return switch (a) {
      case Step.Node m ->
          b instanceof Step.Node n
              && m.opType().equals(n.opType())
              && m.attributes().equals(n.attributes())
              && m.inputs().equals(n.inputs())
              && m.outputs().equals(n.outputs())
              && m.dtypes().equals(n.dtypes())
              && sameRanks(m.shapes(), n.shapes())
              && m.origin().equals(n.origin());
      case Step.Longs m ->
          b instanceof Step.Longs n
              && m.output() == n.output()
              && m.values().size() == n.values().size()
              && (sizesMayDiffer || m.values().equals(n.values()));
      case Step.Scalar m ->
          b instanceof Step.Scalar n
              && m.output() == n.output()
              && m.dtype() == n.dtype()
              && Double.compare(m.value(), n.value()) == 0;
      case Step.Constant m ->
          b instanceof Step.Constant n
              && m.output() == n.output()
              && m.tensor().sameContents(n.tensor());
      case Step.State m -> b instanceof Step.State n && m.tensor() == n.tensor();
      case Step.Input m -> b instanceof Step.Input;
    };
  }

  private static boolean sameRanks(List<Shape> a, List<Shape> b) {
    for (int i = 0; i < a.size(); i++) {
      if (a.get(i).rank() != b.get(i).rank()) {
        return false;
      }
    }
    return true;
  }

  private static OnnxExportException differs(
      List<Recording> runs, List<String> labels, String cause, int at) {
    String origin = "the end of the model";
    StringBuilder seen = new StringBuilder();
    for (int k = 0; k < runs.size(); k++) {
      List<Step> steps = runs.get(k).steps();
      seen.append("\n  ").append(labels.get(k)).append(": ");
      if (at < steps.size()) {
        origin = steps.get(at).origin();
        seen.append(steps.get(at).describe()).append(" (").append(origin).append(')');
      } else {
        seen.append("nothing");
      }
    }
    return new OnnxExportException(
        "export: what the model computes must not depend on "
            + cause
            + ", at "
            + origin
            + " it does:"
            + seen
            + "\nReplace the branch, loop or number taken from a tensor by operations (where, sum).");
  }

  private void write() {
    for (int i = 0; i < runs.getFirst().steps().size(); i++) {
      Step step = runs.getFirst().steps().get(i);
      switch (step) {
        case Step.Input input ->
            values.put(
                input.output(),
                graph.input(
                    "input", OnnxTensors.elementType(input.dtype()), dims(shapes(i, null, 0))));
        case Step.State state -> values.put(state.output(), state(state));
        case Step.Scalar scalar ->
            values.put(
                scalar.output(),
                graph.scalar(OnnxTensors.elementType(scalar.dtype()), scalar.value()));
        case Step.Constant constant ->
            values.put(constant.output(), graph.constant(constant.tensor()));
        case Step.Longs longs -> values.put(longs.output(), longs(i, longs));
        case Step.Node node -> node(i, node);
      }
    }
    GraphValue result = value(runs.getFirst().result());
    List<Dim> dims = result.dims();
    if (dims == null || dims.isEmpty() || !dims.getFirst().equals(Dim.named(BATCH))) {
      throw new OnnxExportException(
          "export: the first dimension of the result must be the batch, got "
              + (dims == null ? "unknown sizes" : dims));
    }
    graph.output("output", result);
    if (!graph.unusedInputs().isEmpty()) {
      throw new OnnxExportException("export: the result does not depend on the input");
    }
  }

  private GraphValue state(Step.State state) {
    Tensor tensor = state.tensor();
    return graph.initializer(
        tensor,
        state.name(),
        OnnxTensors.elementType(tensor.dtype()),
        OnnxTensors.dims(tensor.shape()),
        () -> OnnxTensors.toOnnx(state.name(), tensor));
  }

  private void node(int at, Step.Node node) {
    var builder = graph.node(node.opType()).named(node.opType()).source(node.origin());
    List<@Nullable GraphValue> inputs = new ArrayList<>();
    for (int number : node.inputs()) {
      inputs.add(number == Step.ABSENT ? null : value(number));
    }
    builder.inputs(inputs);
    for (Map.Entry<String, OnnxAttribute> attribute : node.attributes().entrySet()) {
      builder.attribute(attribute.getKey(), attribute.getValue());
    }
    for (int k = 0; k < node.outputs().size(); k++) {
      builder.declare(
          OnnxTensors.elementType(node.dtypes().get(k)), dims(shapes(at, node, k)));
    }
    List<GraphValue> made = builder.outputs(node.outputs().size());
    for (int k = 0; k < made.size(); k++) {
      values.put(node.outputs().get(k), made.get(k));
    }
  }

  // The shape of one output, or of the input where there is no node, at each size.
  private List<Shape> shapes(int at, Step.@Nullable Node node, int output) {
    List<Shape> shapes = new ArrayList<>();
    for (Recording run : runs) {
      Step step = run.steps().get(at);
      if (node != null && step instanceof Step.Node same) {
        shapes.add(same.shapes().get(output));
      } else if (step instanceof Step.Input input) {
        shapes.add(input.shape());
      }
    }
    return shapes;
  }

  private static List<Dim> dims(List<Shape> shapes) {
    List<Dim> dims = new ArrayList<>();
    for (int d = 0; d < shapes.getFirst().rank(); d++) {
      int axis = d;
      Rule rule = rule(shapes.stream().mapToLong(shape -> shape.size(axis)).toArray());
      if (rule == null) {
        dims.add(Dim.unknown());
      } else if (rule.fixed()) {
        dims.add(Dim.of(rule.summand));
      } else {
        boolean whole = rule.factor == 1 && rule.summand == 0;
        dims.add(whole ? Dim.named(BATCH) : Dim.unknown());
      }
    }
    return dims;
  }

  private static @Nullable Rule rule(long... seen) {
    if (seen[0] == seen[1] && seen[1] == seen[2]) {
      return new Rule(0, seen[0]);
    }
    long rise = seen[1] - seen[0];
    long run = SIZES[1] - SIZES[0];
    if (rise % run != 0) {
      return null;
    }
    long factor = rise / run;
    long summand = seen[0] - factor * SIZES[0];
    return factor * SIZES[2] + summand == seen[2] ? new Rule(factor, summand) : null;
  }

  private GraphValue longs(int at, Step.Longs longs) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < longs.values().size(); i++) {
      long[] seen = new long[SIZES.length];
      for (int k = 0; k < seen.length; k++) {
        seen[k] = runs.get(k).steps().get(at) instanceof Step.Longs other ? other.values().get(i) : 0;
      }
      Rule rule = rule(seen);
      if (rule == null) {
        throw differs(
            runs, List.of("batch 3", "batch 5", "batch 7"), "the batch size other than linearly", at);
      }
      rules.add(rule);
    }
    if (rules.stream().allMatch(Rule::fixed)) {
      return graph.constant(longs.values().stream().mapToLong(Long::longValue).toArray());
    }
    List<GraphValue> parts = new ArrayList<>();
    for (int i = 0; i < rules.size(); ) {
      int from = i;
      while (i < rules.size() && rules.get(i).fixed()) {
        i++;
      }
      if (i > from) {
        parts.add(
            graph.constant(
                rules.subList(from, i).stream().mapToLong(Rule::summand).toArray()));
      } else {
        parts.add(size(rules.get(i)));
        i++;
      }
    }
    return parts.size() == 1
        ? parts.getFirst()
        : graph.node("Concat").inputs(parts).attribute("axis", 0).output();
  }

  private GraphValue size(Rule rule) {
    GraphValue made = sizes.get(rule);
    if (made == null) {
      made = batch();
      if (rule.factor != 1) {
        made = graph.node("Mul").inputs(made, graph.constant(rule.factor)).output();
      }
      if (rule.summand != 0) {
        made = graph.node("Add").inputs(made, graph.constant(rule.summand)).output();
      }
      sizes.put(rule, made);
    }
    return made;
  }

  private GraphValue batch() {
    GraphValue known = batch;
    if (known == null) {
      GraphValue shape = graph.node("Shape").inputs(value(0)).output();
      known =
          graph
              .node("Gather")
              .inputs(shape, graph.constant(0L))
              .attribute("axis", 0)
              .output();
      batch = known;
    }
    return known;
  }

  private GraphValue value(int number) {
    GraphValue value = values.get(number);
    if (value == null) {
      throw new IllegalStateException("value " + number + " was used before it was made");
    }
    return value;
  }
}
