package dev.autograd.onnx.trace;

import dev.autograd.Function;
import dev.autograd.MultiFunction;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxExportException;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.onnx.model.OnnxTensor;
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
  private final List<Event> events = new ArrayList<>();
  private final IdentityHashMap<Tensor, Boolean> known = new IdentityHashMap<>();
  private final IdentityHashMap<Storage, Integer> versions = new IdentityHashMap<>();
  // Arrays that recorded operations made, not those of the input, the state or constants.
  private final IdentityHashMap<Storage, Boolean> made = new IdentityHashMap<>();
  // Arrays whose elements follow from those of the input.
  private final IdentityHashMap<Storage, Boolean> variable = new IdentityHashMap<>();
  private boolean takingApart;
  private boolean readWhileTakingApart;

  Tracer(int opset, Tensor input) {
    this.opset = opset;
    known.put(input, true);
    variable.put(input.memory(), true);
    watch(input);
  }

  List<Event> events() {
    return events;
  }

  @Override
  public Tensor[] intercept(OpCall call) {
    requireUnwritten();
    String source = Source.line();
    // First, since what is wrong with the inputs is better said by the operation than by its form.
    Tensor[] outputs = call.proceed();
    if (!hasForm(call, source)) {
      Tensor[] parts = takenApart(call);
      if (parts != null) {
        return parts;
      }
    }
    record(call, outputs, source);
    return outputs;
  }

  /// Refuses a model that reads what follows from its input: the file would hold what it did with
  /// the values of the trace, for any others too.
  @Override
  public void read(String reader, Tensor tensor) {
    if (!variable.containsKey(tensor.memory())) {
      return;
    }
    if (takingApart) {
      readWhileTakingApart = true;
      return;
    }
    throw new OnnxExportException(
        "export: "
            + reader
            + "() at "
            + Source.line()
            + " reads values that follow from the input, and the file could hold only what the"
            + " model did with those of the trace. Choose by where, clamp, maximum or another"
            + " operation instead of by Java's if.");
  }

  /// Notes writes into tensors that were recorded.
  ///
  /// Writes do not pass the doorway. What is written in place is always the result of an operation
  /// that did, the last one, so a write that fills a whole array with it gives the array that value
  /// from there on. Whatever else was written is refused.
  void requireUnwritten() {
    for (Map.Entry<Storage, Integer> watched : versions.entrySet()) {
      Storage storage = watched.getKey();
      if (storage.version() == watched.getValue()) {
        continue;
      }
      Tensor written = written(storage, watched.getValue());
      if (written == null) {
        throw refused();
      }
      events.add(new Event.Write(storage, written));
      if (variable.containsKey(written.memory())) {
        variable.put(storage, true);
      }
      watched.setValue(storage.version());
    }
  }

  private @Nullable Tensor written(Storage storage, int before) {
    if (storage.version() != before + 1
        || !made.containsKey(storage)
        || events.isEmpty()
        || !(events.getLast() instanceof Event.Call last)) {
      return null;
    }
    Tensor result = last.outputs().getFirst();
    if (result.memory() == storage
        || result.dtype() != storage.dtype()
        || result.numel() != storage.length()) {
      return null;
    }
    OnnxTensor wanted = OnnxTensors.toOnnx("", result);
    OnnxTensor found = OnnxTensors.toOnnx("", Tensor.of(storage, result.shape()));
    return wanted.sameContents(found) ? result : null;
  }

  private OnnxExportException refused() {
    String after =
        !events.isEmpty() && events.getLast() instanceof Event.Call last
            ? "after " + last.operation().name() + " at " + last.source()
            : "before the first operation";
    return new OnnxExportException(
        "export: of what is traced, only whole results of operations may be written in place; a"
            + " view, a constant, the input or a parameter was, "
            + after
            + ". Use the operation that returns a new tensor; for batch norm and the like, switch"
            + " to evaluation first.");
  }

  private void record(OpCall call, Tensor[] outputs, String source) {
    events.add(new Event.Call(call.operation(), List.of(call.inputs()), List.of(outputs), source));
    boolean varies = false;
    for (Tensor input : call.inputs()) {
      watch(input);
      varies |= variable.containsKey(input.memory());
    }
    for (Tensor output : outputs) {
      known.put(output, true);
      if (varies) {
        variable.put(output.memory(), true);
      }
      if (!versions.containsKey(output.memory())) {
        made.put(output.memory(), true);
      }
      // An operation that writes into its input was seen by the check before.
      watch(output);
    }
  }

  private void watch(Tensor tensor) {
    versions.putIfAbsent(tensor.memory(), tensor.memory().version());
  }

  private Tensor @Nullable [] takenApart(OpCall call) {
    int before = events.size();
    boolean outermost = !takingApart;
    if (outermost) {
      takingApart = true;
      readWhileTakingApart = false;
    }
    Tensor[] outputs;
    try {
      outputs = call.decompose();
    } finally {
      takingApart = !outermost;
    }
    boolean accounted =
        !readWhileTakingApart
            && events.size() > before
            && Arrays.stream(outputs).allMatch(known::containsKey);
    if (accounted) {
      return outputs;
    }
    events.subList(before, events.size()).clear();
    return null;
  }

  private boolean hasForm(OpCall call, String source) {
    Recording scratch = new Recording(opset);
    Value[] inputs = new Value[call.inputs().length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = scratch.input(call.inputs()[i]);
    }
    try {
      return emit(call.operation(), scratch, inputs) != null && scratch.takeMissing() == null;
    } catch (RuntimeException e) {
      throw new OnnxExportException(
          "export: writing the ONNX form of "
              + call.operation().name()
              + " at "
              + source
              + " failed: "
              + e.getMessage()
              + ". Mend onnx(OnnxGraph, Value...) of "
              + call.operation().getClass().getName()
              + ".",
          e);
    }
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
          t.memory(), t.offset(), t.shape(), Arrays.stream(t.strides()).boxed().toList());
    }
  }
}
