package dev.autograd.ops.recurrent;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Map;

/// Writes [Lstm] as the operator LSTM, which puts the gates into another order and gives every
/// result a dimension for the directions.
///
/// @param graph the graph that is written
record LstmOnnx(OnnxGraph graph) {
  private static final int GATES = Lstm.GATES;

  /// Adds the operator; returns y and the last h and c.
  Value[] form(Lstm op, Value... in) {
    DType dtype = in[0].dtype();
    int steps = in[0].shape().size(0);
    int batch = in[0].shape().size(1);
    int h = in[1].shape().size(1);
    Shape last = Shape.of(1, batch, h);
    Value[] y =
        graph.nodes(
            "LSTM",
            Map.of("hidden_size", (long) h, "direction", op.reverse() ? "reverse" : "forward"),
            new DType[] {dtype, dtype, dtype},
            new Shape[] {Shape.of(steps, 1, batch, h), last, last},
            in[0],
            byGate(in[3], 1, GATES * h, in[3].shape().size(1)),
            byGate(in[4], 1, GATES * h, h),
            op.bias() ? biases(in[5], in[6]) : graph.absent(),
            graph.absent(),
            turned("Unsqueeze", in[1], last, 0),
            turned("Unsqueeze", in[2], last, 0));
    Shape state = in[1].shape();
    return new Value[] {
      turned("Squeeze", y[0], Shape.of(steps, batch, h), 1),
      turned("Squeeze", y[1], state, 0),
      turned("Squeeze", y[2], state, 0)
    };
  }

  private Value biases(Value ofInput, Value ofState) {
    int wide = ofInput.shape().size(0);
    return graph.node(
        "Concat",
        Map.of("axis", 1L),
        ofInput.dtype(),
        Shape.of(1, 2 * wide),
        byGate(ofInput, 1, wide),
        byGate(ofState, 1, wide));
  }

  private Value turned(String opType, Value x, Shape shape, long axis) {
    return graph.node(opType, Map.of(), x.dtype(), shape, x, graph.constant(axis));
  }

  /// Puts the gates i, f, g, o of the rows of a weight into the order i, o, f, g.
  private Value byGate(Value w, int... shape) {
    var f = new OnnxFormula(graph);
    Shape parted = Shape.of(GATES, w.shape().numel() / GATES);
    Value parts = f.reshape(w, parted.dims());
    Value order = graph.constant(0, 3, 1, 2);
    return f.reshape(
        graph.node("Gather", Map.of("axis", 0L), w.dtype(), parted, parts, order), shape);
  }
}
