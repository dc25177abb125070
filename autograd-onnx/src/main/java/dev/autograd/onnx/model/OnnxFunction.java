package dev.autograd.onnx.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An operator defined by a graph of other operators.
///
/// @param attributes names of attributes that a call must give
/// @param defaults attributes that a call may give, with their values where it does not (IR 9)
/// @param opsets domains and versions that the body's nodes mean
public record OnnxFunction(
    String domain,
    String name,
    List<String> inputs,
    List<String> outputs,
    List<String> attributes,
    Map<String, OnnxAttribute> defaults,
    Map<String, Long> opsets,
    List<OnnxNode> nodes,
    String doc) {
  public OnnxFunction {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = List.copyOf(attributes);
    defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
    opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
    nodes = List.copyOf(nodes);
  }
}
