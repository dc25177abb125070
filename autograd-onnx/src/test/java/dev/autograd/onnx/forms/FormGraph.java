package dev.autograd.onnx.forms;

import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.MultiFunction;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.onnx.GraphBuilder;
import dev.autograd.onnx.GraphValue;
import dev.autograd.onnx.ModelChecker;
import dev.autograd.onnx.NodeBuilder;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.spi.OnnxGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the form of one operation straight into a graph, sizes fixed.
final class FormGraph implements OnnxGraph {
  private record Cell(@Nullable GraphValue value, DType dtype, Shape shape) implements Value {}

  private final GraphBuilder graph;

  private FormGraph(int opset) {
    graph = new GraphBuilder(opset);
  }

  /// Returns a model of one application, inputs `x0`, `x1`, …, outputs `y0`, `y1`, …; `null` where
  /// the operation has no form.
  static @Nullable OnnxModel of(FormCase c, int opset) {
    FormGraph form = new FormGraph(opset);
    Value[] inputs = new Value[c.inputs().length];
    for (int i = 0; i < inputs.length; i++) {
      Tensor x = c.inputs()[i];
      GraphValue value =
          form.graph.input("x" + i, OnnxTensors.elementType(x.dtype()), dims(x.shape()));
      inputs[i] = new Cell(value, x.dtype(), x.shape());
    }
    Value[] outputs = emit(c.operation(), form, inputs);
    if (outputs == null) {
      return null;
    }
    for (int i = 0; i < outputs.length; i++) {
      GraphValue value = form.value(outputs[i]);
      if (value == null) {
        throw new AssertionError("output " + i + " is absent");
      }
      form.graph.output("y" + i, value);
    }
    OnnxModel model = form.graph.model("form", new OnnxModel.Producer("test", "1"));
    ModelChecker.verify(model);
    return model;
  }

  private static Value @Nullable [] emit(Operation operation, OnnxGraph graph, Value... inputs) {
    return switch (operation) {
      case Function f -> {
        Value value = f.onnx(graph, inputs);
        yield value == null ? null : new Value[] {value};
      }
      case MultiFunction f -> f.onnx(graph, inputs);
    };
  }

  @Override
  public int opset() {
    return graph.opset();
  }

  @Override
  public Value node(
      String opType, Map<String, ?> attributes, DType dtype, Shape shape, Value... inputs) {
    return nodes(opType, attributes, new DType[] {dtype}, new Shape[] {shape}, inputs)[0];
  }

  @Override
  public Value[] nodes(
      String opType, Map<String, ?> attributes, DType[] dtypes, Shape[] shapes, Value... inputs) {
    NodeBuilder node = graph.node(opType);
    List<@Nullable GraphValue> given = new ArrayList<>();
    for (Value input : inputs) {
      given.add(value(input));
    }
    node.inputs(given);
    attributes.forEach((name, value) -> attribute(node, name, value));
    for (int i = 0; i < dtypes.length; i++) {
      // Declared sizes are checked by the runtime against those it infers.
      node.declare(OnnxTensors.elementType(dtypes[i]), dims(shapes[i]));
    }
    List<GraphValue> made = node.outputs(dtypes.length);
    Value[] outputs = new Value[dtypes.length];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = new Cell(made.get(i), dtypes[i], shapes[i]);
    }
    return outputs;
  }

  private static void attribute(NodeBuilder node, String name, Object value) {
    switch (value) {
      case Long l -> node.attribute(name, l);
      case Integer i -> node.attribute(name, (long) i);
      case Float f -> node.attribute(name, f);
      case Double d -> node.attribute(name, d.floatValue());
      case String s -> node.attribute(name, s);
      case int[] ints -> node.attribute(name, Arrays.stream(ints).asLongStream().toArray());
      case long[] longs -> node.attribute(name, longs);
      case DType dtype -> node.attribute(name, OnnxTensors.elementType(dtype));
      default -> throw new AssertionError(name + " is a " + value.getClass());
    }
  }

  @Override
  public Value constant(long... values) {
    return new Cell(graph.constant(values), DType.I64, Shape.of(values.length));
  }

  @Override
  public Value scalar(DType dtype, double value) {
    return new Cell(graph.scalar(OnnxTensors.elementType(dtype), value), dtype, Shape.SCALAR);
  }

  @Override
  public Value constant(Tensor tensor) {
    return new Cell(graph.constant(OnnxTensors.toOnnx("", tensor)), tensor.dtype(), tensor.shape());
  }

  @Override
  public Value absent() {
    return new Cell(null, DType.F32, Shape.SCALAR);
  }

  private @Nullable GraphValue value(Value value) {
    if (value instanceof Cell cell) {
      return cell.value;
    }
    throw new AssertionError("a value of another graph");
  }

  private static List<Dim> dims(Shape shape) {
    return Arrays.stream(shape.dims()).mapToObj(Dim::of).toList();
  }
}
