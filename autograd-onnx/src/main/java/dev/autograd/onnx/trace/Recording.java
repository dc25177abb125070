package dev.autograd.onnx.trace;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.schema.OpSchema;
import dev.autograd.onnx.schema.SchemaTable;
import dev.autograd.spi.OnnxGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The nodes of one run of a model, as its operations emit them.
final class Recording implements OnnxGraph {
  private record Slot(int number, DType dtype, Shape shape) implements Value {}

  private static final Slot NONE = new Slot(Step.ABSENT, DType.F32, Shape.SCALAR);

  private final int opset;
  private final List<Step> steps = new ArrayList<>();
  private int values;
  private int result = Step.ABSENT;
  private String origin = "";
  private @Nullable String missing;
  private final Map<Integer, Tensor> observed = new HashMap<>();

  Recording(int opset) {
    this.opset = opset;
  }

  List<Step> steps() {
    return Collections.unmodifiableList(steps);
  }

  int result() {
    return result;
  }

  void result(Value value) {
    result = number(value);
  }

  void origin(String newOrigin) {
    origin = newOrigin;
  }

  /// Returns why a form emitted since the last call cannot be written at the opset, or `null`.
  @Nullable String takeMissing() {
    String reason = missing;
    missing = null;
    return reason;
  }

  /// Notes what a value was when the model ran.
  void observe(Value value, Tensor tensor) {
    observed.put(number(value), tensor);
  }

  /// Forgets tensors that were written in place since.
  void forget(Storage written) {
    observed.values().removeIf(tensor -> tensor.memory() == written);
  }

  /// Returns the result of an operation that a value stands for, or `null`.
  @Nullable Tensor observed(int number) {
    return observed.get(number);
  }

  Value input(Tensor x) {
    Slot slot = slot(x.dtype(), x.shape());
    steps.add(new Step.Input(x.dtype(), x.shape(), slot.number));
    return slot;
  }

  Value state(String name, Tensor tensor) {
    Slot slot = slot(tensor.dtype(), tensor.shape());
    steps.add(new Step.State(name, tensor, slot.number));
    return slot;
  }

  @Override
  public int opset() {
    return opset;
  }

  @Override
  public Value node(
      String opType, Map<String, ?> attributes, DType dtype, Shape shape, Value... inputs) {
    return nodes(opType, attributes, new DType[] {dtype}, new Shape[] {shape}, inputs)[0];
  }

  @Override
  public Value[] nodes(
      String opType, Map<String, ?> attributes, DType[] dtypes, Shape[] shapes, Value... inputs) {
    if (missing == null) {
      missing = missing(opType, attributes.keySet());
    }
    Value[] made = new Value[dtypes.length];
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < made.length; i++) {
      made[i] = slot(dtypes[i], shapes[i]);
      numbers.add(number(made[i]));
    }
    steps.add(
        new Step.Node(
            opType,
            attributes(attributes),
            Arrays.stream(inputs).map(Recording::number).toList(),
            List.copyOf(numbers),
            List.of(dtypes),
            List.of(shapes),
            origin));
    return made;
  }

  @Override
  public Value constant(long... longs) {
    Slot slot = slot(DType.I64, Shape.of(longs.length));
    steps.add(Step.Longs.of(longs, slot.number, origin));
    return slot;
  }

  @Override
  public Value scalar(DType dtype, double value) {
    Slot slot = slot(dtype, Shape.SCALAR);
    steps.add(new Step.Scalar(dtype, value, slot.number, origin));
    return slot;
  }

  @Override
  public Value constant(Tensor tensor) {
    Slot slot = slot(tensor.dtype(), tensor.shape());
    steps.add(new Step.Constant(OnnxTensors.toOnnx("", tensor), slot.number, origin));
    return slot;
  }

  @Override
  public Value absent() {
    return NONE;
  }

  private @Nullable String missing(String opType, Set<String> attributes) {
    OpSchema schema = SchemaTable.find(opType, opset);
    if (schema == null) {
      return SchemaTable.missing(opType, opset);
    }
    for (String attribute : attributes) {
      if (!schema.attributes().containsKey(attribute)) {
        return "ONNX operator '%s' has no attribute '%s' at opset %d. Raise the opset?"
            .formatted(opType, attribute, opset);
      }
    }
    return null;
  }

  private Slot slot(DType dtype, Shape shape) {
    return new Slot(values++, dtype, shape);
  }

  private static int number(Value value) {
    if (value instanceof Slot slot) {
      return slot.number;
    }
    throw new IllegalArgumentException("onnx: a value of another graph was given, " + value);
  }

  // Sorted: maps of constants iterate in an order that changes from run to run.
  private static Map<String, OnnxAttribute> attributes(Map<String, ?> given) {
    Map<String, OnnxAttribute> attributes = new TreeMap<>();
    given.forEach((name, value) -> attributes.put(name, attribute(name, value)));
    return Collections.unmodifiableMap(attributes);
  }

  private static OnnxAttribute attribute(String name, Object value) {
    return switch (value) {
      case Long l -> OnnxAttribute.of(l);
      case Integer i -> OnnxAttribute.of((long) i);
      case Float f -> OnnxAttribute.of(f);
      case Double d -> OnnxAttribute.of(d.floatValue());
      case String s -> OnnxAttribute.of(s);
      case int[] ints -> OnnxAttribute.of(Arrays.stream(ints).asLongStream().toArray());
      case long[] longs -> OnnxAttribute.of(longs);
      case float[] floats -> OnnxAttribute.of(floats);
      case DType dtype -> OnnxAttribute.of((long) OnnxTensors.elementType(dtype).number());
      default ->
          throw new IllegalArgumentException(
              "onnx: attribute '"
                  + name
                  + "' must be a number, a string, an array or a DType, got "
                  + value.getClass().getSimpleName());
    };
  }
}
