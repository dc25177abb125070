package dev.autograd.onnx.trace;

import dev.autograd.Function;
import dev.autograd.MultiFunction;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxExportException;
import dev.autograd.spi.Interceptor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.OpCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Records the operations that a model applies.
///
/// An operation without an ONNX form is taken apart into those that its forward applies; if that
/// does not account for its results, it stays whole and is reported later.
final class Tracer implements Interceptor {
  private final int opset;
  private final List<Call> calls = new ArrayList<>();
  private final IdentityHashMap<Tensor, Boolean> known = new IdentityHashMap<>();
  private final Map<Storage, Integer> versions = new IdentityHashMap<>();

  Tracer(int opset, Tensor input) {
    this.opset = opset;
    known.put(input, true);
    watch(input);
  }

  List<Call> calls() {
    return calls;
  }

  @Override
  public Tensor[] intercept(OpCall call) {
    requireUnwritten();
    String source = Source.line();
    if (!hasForm(call)) {
      Tensor[] parts = takenApart(call);
      if (parts != null) {
        return parts;
      }
    }
    Tensor[] outputs = call.proceed();
    record(call, outputs, source);
    return outputs;
  }

  /// Refuses a model that wrote into a tensor that was recorded.
  void requireUnwritten() {
    versions.forEach(
        (storage, version) -> {
          if (storage.version() != version) {
            String after =
                calls.isEmpty()
                    ? "before the first operation"
                    : "after " + calls.getLast().operation().name() + " at "
                        + calls.getLast().source();
            throw new OnnxExportException(
                "export: a traced tensor must not be written in place, one was "
                    + after
                    + ". Use the operation that returns a new tensor; for batch norm and the like,"
                    + " switch to evaluation first.");
          }
        });
  }

  private void record(OpCall call, Tensor[] outputs, String source) {
    calls.add(
        new Call(call.operation(), List.of(call.inputs()), List.of(outputs), source));
    for (Tensor input : call.inputs()) {
      watch(input);
    }
    for (Tensor output : outputs) {
      known.put(output, true);
      // An operation that writes into its input was seen by the check before.
      watch(output);
    }
  }

  private void watch(Tensor tensor) {
    versions.putIfAbsent(tensor.storage(), tensor.version());
  }

  private Tensor @Nullable [] takenApart(OpCall call) {
    int before = calls.size();
    Tensor[] outputs = call.decompose();
    boolean accounted =
        calls.size() > before && Arrays.stream(outputs).allMatch(known::containsKey);
    if (accounted) {
      return outputs;
    }
    calls.subList(before, calls.size()).clear();
    return null;
  }

  private boolean hasForm(OpCall call) {
    Recording scratch = new Recording(opset);
    Value[] inputs = new Value[call.inputs().length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = scratch.input(call.inputs()[i]);
    }
    return emit(call.operation(), scratch, inputs) != null;
  }

  /// Writes an operation as nodes; null where it has no form.
  static Value @Nullable [] emit(Operation operation, OnnxGraph graph, Value... inputs) {
    return switch (operation) {
      case Function f -> {
        Value value = f.onnx(graph, inputs);
        yield value == null ? null : new Value[] {value};
      }
      case MultiFunction f -> f.onnx(graph, inputs);
    };
  }

  /// Where in which storage a tensor's elements lie: equal places hold equal elements.
  record Place(Object storage, int offset, Shape shape, List<Integer> strides) {
    static Place of(Tensor t) {
      return new Place(
          t.storage(), t.offset(), t.shape(), Arrays.stream(t.strides()).boxed().toList());
    }
  }
}
