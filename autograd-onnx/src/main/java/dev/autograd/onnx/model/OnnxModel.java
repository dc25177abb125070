package dev.autograd.onnx.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an ONNX file holds.
///
/// @param irVersion version of the file format
/// @param opsets from a domain of operators (empty for ONNX's own) to the version that nodes mean
/// @param producer the tool that made the model
/// @param domain reverse-DNS namespace of the model, or empty
/// @param modelVersion the author's own numbering
/// @param metadata free key-value pairs
public record OnnxModel(
    long irVersion,
    Map<String, Long> opsets,
    Producer producer,
    String domain,
    long modelVersion,
    String doc,
    OnnxGraph graph,
    List<OnnxFunction> functions,
    List<OnnxTraining> training,
    Map<String, String> metadata) {
  /// A tool and its version.
  public record Producer(String name, String version) {}

  public OnnxModel {
    Map<String, Long> named = new LinkedHashMap<>();
    opsets.forEach((key, version) -> named.put(key.equals("ai.onnx") ? "" : key, version));
    opsets = Collections.unmodifiableMap(named);
    functions = List.copyOf(functions);
    training = List.copyOf(training);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// Makes a model of a graph alone.
  public static OnnxModel of(
      long irVersion, Map<String, Long> opsets, Producer producer, OnnxGraph graph) {
    return new OnnxModel(
        irVersion, opsets, producer, "", 0, "", graph, List.of(), List.of(), Map.of());
  }

  /// Returns the version of ONNX's own operators.
  ///
  /// @throws OnnxModelException if the model imports none
  public int opset() {
    Long version = opsets.get("");
    if (version == null) {
      throw new OnnxModelException("the model imports no version of the operators of ai.onnx");
    }
    return Math.toIntExact(version);
  }

  /// Returns the model with another description.
  public OnnxModel withDoc(String newDoc) {
    return new OnnxModel(
        irVersion,
        opsets,
        producer,
        domain,
        modelVersion,
        newDoc,
        graph,
        functions,
        training,
        metadata);
  }

  /// Returns the model with other functions.
  public OnnxModel withFunctions(List<OnnxFunction> newFunctions) {
    return new OnnxModel(
        irVersion,
        opsets,
        producer,
        domain,
        modelVersion,
        doc,
        graph,
        newFunctions,
        training,
        metadata);
  }

  /// Returns the model with other training graphs.
  public OnnxModel withTraining(List<OnnxTraining> newTraining) {
    return new OnnxModel(
        irVersion,
        opsets,
        producer,
        domain,
        modelVersion,
        doc,
        graph,
        functions,
        newTraining,
        metadata);
  }

  /// Returns the model with other key-value pairs.
  public OnnxModel withMetadata(Map<String, String> newMetadata) {
    return new OnnxModel(
        irVersion,
        opsets,
        producer,
        domain,
        modelVersion,
        doc,
        graph,
        functions,
        training,
        newMetadata);
  }
}
