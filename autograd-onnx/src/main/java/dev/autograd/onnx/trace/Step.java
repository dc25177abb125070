package dev.autograd.onnx.trace;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// One entry of a recording: a node, or a value that no node makes.
sealed interface Step {
  /// Stands for an input that is left out.
  int ABSENT = -1;

  /// Returns who emitted the step: an operation and its source line.
  String origin();

  /// Returns the numbers of the values it makes.
  List<Integer> outputs();

  /// Returns what the step says, for messages.
  String describe();

  /// The model's input.
  record Input(DType dtype, Shape shape, int output) implements Step {
    @Override
    public String origin() {
      return "the input";
    }

    @Override
    public List<Integer> outputs() {
      return List.of(output);
    }

    @Override
    public String describe() {
      return "input " + dtype;
    }
  }

  /// A node; `inputs` and `outputs` are numbers of values.
  record Node(
      String opType,
      Map<String, OnnxAttribute> attributes,
      List<Integer> inputs,
      List<Integer> outputs,
      List<DType> dtypes,
      List<Shape> shapes,
      String origin)
      implements Step {
    @Override
    public String describe() {
      return opType + attributes + " of values " + inputs;
    }
  }

  /// A list of i64: its values may depend on the batch size.
  record Longs(List<Long> values, int output, String origin) implements Step {
    static Longs of(long[] values, int output, String origin) {
      return new Longs(Arrays.stream(values).boxed().toList(), output, origin);
    }

    @Override
    public List<Integer> outputs() {
      return List.of(output);
    }

    @Override
    public String describe() {
      return values.toString();
    }
  }

  /// A constant number.
  record Scalar(DType dtype, double value, int output, String origin) implements Step {
    @Override
    public List<Integer> outputs() {
      return List.of(output);
    }

    @Override
    public String describe() {
      return dtype + " " + value;
    }
  }

  /// A constant tensor.
  record Constant(OnnxTensor tensor, int output, String origin) implements Step {
    @Override
    public List<Integer> outputs() {
      return List.of(output);
    }

    @Override
    public String describe() {
      return "a constant " + tensor;
    }
  }

  /// A parameter or buffer.
  record State(String name, Tensor tensor, int output) implements Step {
    @Override
    public String origin() {
      return "state '" + name + "'";
    }

    @Override
    public List<Integer> outputs() {
      return List.of(output);
    }

    @Override
    public String describe() {
      return origin();
    }
  }
}
