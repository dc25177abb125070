package dev.autograd.onnx.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a model is trained: a graph for the start and a graph for one step.
///
/// @param initialization run once; its outputs replace initializers as `initializationBinding` says
/// @param algorithm run per step; its outputs replace initializers as `updateBinding` says
/// @param initializationBinding from the name of an initializer to that of an output
/// @param updateBinding from the name of an initializer to that of an output
public record OnnxTraining(
    @Nullable OnnxGraph initialization,
    @Nullable OnnxGraph algorithm,
    Map<String, String> initializationBinding,
    Map<String, String> updateBinding) {
  public OnnxTraining {
    initializationBinding = Collections.unmodifiableMap(new LinkedHashMap<>(initializationBinding));
    updateBinding = Collections.unmodifiableMap(new LinkedHashMap<>(updateBinding));
  }
}
