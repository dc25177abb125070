package dev.autograd.onnx.trace;

import dev.autograd.Autograd;
import dev.autograd.GradMode;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxExportException;
import dev.autograd.onnx.OnnxExportException.Unsupported;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.onnx.trace.Tracer.Place;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Turns what a model applied into a recording of nodes.
final class Emission {
  private final Recording recording;
  private final IdentityHashMap<Tensor, Value> byIdentity = new IdentityHashMap<>();
  private final Map<Place, Value> byPlace = new HashMap<>();
  private final IdentityHashMap<Storage, Boolean> computed = new IdentityHashMap<>();
  // Arrays that were written in place, and what they hold since.
  private final IdentityHashMap<Storage, Value> whole = new IdentityHashMap<>();

  private Emission(Recording recording) {
    this.recording = recording;
  }

  /// Runs a model on an input and returns its nodes.
  ///
  /// @throws OnnxExportException if an operation has no form, or the model writes in place
  static Recording of(
      int opset, UnaryOperator<Tensor> model, Map<String, Tensor> state, Tensor input) {
    return GradMode.noGrad(() -> traced(opset, model, state, input));
  }

  private static Recording traced(
      int opset, UnaryOperator<Tensor> model, Map<String, Tensor> state, Tensor input) {
    Tracer tracer = new Tracer(opset, input);
    Tensor output;
    try (var _ = Autograd.intercept(tracer)) {
      output = model.apply(input);
    }
    tracer.requireUnwritten();
    Emission emission = new Emission(new Recording(opset));
    emission.made(input, emission.recording.input(input));
    state.forEach((name, tensor) -> emission.known(tensor, emission.recording.state(name, tensor)));
    emission.emit(tracer.events());
    Value result = emission.findOrReshape(output);
    if (result == null || !emission.computed.containsKey(output.memory())) {
      throw new OnnxExportException(
          "export: the result must be computed from the input by operations, got a tensor of shape "
              + output.shape()
              + " that is not");
    }
    emission.recording.result(result);
    return emission.recording;
  }

  private void emit(List<Event> events) {
    List<Unsupported> unsupported = new ArrayList<>();
    for (Event event : events) {
      if (!(event instanceof Event.Call call)) {
        written((Event.Write) event);
        continue;
      }
      String name = call.operation().name();
      recording.origin(name + " at " + call.source());
      Value[] inputs = call.inputs().stream().map(t -> value(t, call)).toArray(Value[]::new);
      Value[] outputs = Tracer.emit(call.operation(), recording, inputs);
      String missing = recording.takeMissing();
      if (outputs == null || missing != null) {
        unsupported.add(
            new Unsupported(
                name,
                call.operation().toString(),
                call.source(),
                missing == null ? "it has no ONNX form" : missing));
        outputs = call.outputs().stream().map(recording::input).toArray(Value[]::new);
      }
      for (int i = 0; i < outputs.length; i++) {
        made(call.outputs().get(i), outputs[i]);
        recording.observe(outputs[i], call.outputs().get(i));
      }
    }
    if (!unsupported.isEmpty()) {
      throw new OnnxExportException(unsupported);
    }
  }

  private void written(Event.Write write) {
    Value value = find(write.result());
    if (value == null) {
      throw new IllegalStateException("a result that was written has no value");
    }
    byIdentity.keySet().removeIf(tensor -> tensor.memory() == write.target());
    byPlace.keySet().removeIf(place -> place.storage() == write.target());
    byPlace.put(Place.of(Tensor.of(write.target(), write.result().shape())), value);
    whole.put(write.target(), value);
    recording.forget(write.target());
  }

  /// Finds a tensor's value, or makes it from that of the whole array, once written in place.
  private @Nullable Value findOrReshape(Tensor tensor) {
    Value found = find(tensor);
    Value all = whole.get(tensor.memory());
    if (found == null
        && all != null
        && tensor.isContiguous()
        && tensor.numel() == tensor.memory().length()) {
      found =
          recording.node(
              "Reshape",
              Map.of(),
              tensor.dtype(),
              tensor.shape(),
              all,
              recording.constant(OnnxTensors.dims(tensor.shape())));
      known(tensor, found);
    }
    return found;
  }

  private void made(Tensor tensor, Value value) {
    known(tensor, value);
    computed.put(tensor.memory(), true);
  }

  private void known(Tensor tensor, Value value) {
    byIdentity.put(tensor, value);
    byPlace.putIfAbsent(Place.of(tensor), value);
  }

  private @Nullable Value find(Tensor tensor) {
    Value value = byIdentity.get(tensor);
    // detach() and the like make new tensors over the same elements without an operation.
    return value != null ? value : byPlace.get(Place.of(tensor));
  }

  private Value value(Tensor tensor, Event.Call call) {
    Value found = findOrReshape(tensor);
    if (found != null) {
      return found;
    }
    if (computed.containsKey(tensor.memory())) {
      throw new OnnxExportException(
          "export: "
              + call.operation().name()
              + " at "
              + call.source()
              + " takes a view that no operation made, or one of an array that was written in place"
              + " since, of shape "
              + tensor.shape()
              + ". Make it with reshape, slice or permute, after the write.");
    }
    Value constant = recording.constant(tensor);
    known(tensor, constant);
    return constant;
  }
}
