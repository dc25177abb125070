package dev.autograd.nn;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.Substitution;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A function of tensors with parameters: a layer, or a whole model made of layers.
///
/// This is PyTorch's `nn.Module`; Java has a `Module` of its own, imported everywhere. A layer
/// names its parts as it makes them, and `forward` is plain Java:
///
/// ```java
/// public final class Net extends Layer {
///   private final Linear hidden = child("hidden", new Linear(64, 32));
///   private final Linear output = child("output", new Linear(32, 10));
///
///   @Override
///   public Tensor forward(Tensor x) {
///     return output.forward(hidden.forward(x).relu());
///   }
/// }
/// ```
public abstract class Layer {
  private final Map<String, Layer> children = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private boolean training = true;

  /// Makes a layer without parts, in training mode.
  protected Layer() {}

  /// Computes the output for a batch of inputs, the first dimension counting samples.
  public abstract Tensor forward(Tensor x);

  /// Computes the output with other values for some parameters and buffers, which stay as they are:
  /// the layer as a function of its parameters, to be differentiated, batched, or tried.
  ///
  /// ```java
  /// // The gradient of every single sample by all parameters:
  /// TensorFunction loss = TensorFunction.ofAll(in -> …model.functionalCall(named(in), x)…);
  /// vmap(grad(loss, …), VmapOptions.inDims(null, …, 0));
  /// ```
  ///
  /// @param values by the dotted names of [#state]; the others keep their own
  /// @throws AutogradException (`ARGUMENT`) if a name is unknown, or a tensor that has two names is
  ///   given two values, (`SHAPE`, `DTYPE`) if a value does not fit
  public final Tensor functionalCall(Map<String, Tensor> values, Tensor x) {
    Map<String, Tensor> own = state();
    Map<Tensor, Tensor> substitutes = new HashMap<>();
    values.forEach(
        (name, value) -> {
          Tensor original = own.get(name);
          if (original == null) {
            throw new AutogradException(
                ErrorKind.ARGUMENT,
                "functionalCall: there is no parameter or buffer '"
                    + name
                    + "', there are "
                    + own.keySet());
          }
          Tensor other = substitutes.put(original, value);
          if (other != null && other != value) {
            throw new AutogradException(
                ErrorKind.ARGUMENT,
                "functionalCall: '"
                    + name
                    + "' shares its tensor with another name, and got another value");
          }
        });
    try (var _ = Substitution.of(substitutes)) {
      return forward(x);
    }
  }

  /// Returns the states of models of one architecture, each tensor stacked along a new first
  /// dimension: what an ensemble is mapped over.
  public static Map<String, Tensor> stackedState(List<? extends Layer> models) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (String name : models.getFirst().state().keySet()) {
      List<Tensor> each = new ArrayList<>();
      for (Layer model : models) {
        each.add(value(model.state(), name));
      }
      all.put(name, Tensor.stack(each, 0).detach());
    }
    return all;
  }

  /// Adds a part; its parameters become this layer's, under `name.`.
  protected final <L extends Layer> L child(String name, L layer) {
    claim(name);
    children.put(name, layer);
    return layer;
  }

  /// Adds a parameter: a leaf that requires grad, with the values of `initial`.
  protected final Tensor parameter(String name, Tensor initial) {
    claim(name);
    Tensor leaf = initial.detach().requiresGrad(true);
    parameters.put(name, leaf);
    return leaf;
  }

  /// Adds a tensor that is saved with the parameters but not trained.
  protected final Tensor buffer(String name, Tensor initial) {
    claim(name);
    buffers.put(name, initial);
    return initial;
  }

  private void claim(String name) {
    if (name.isEmpty() || name.indexOf('.') >= 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "layer: a part needs a name without dots, got '" + name + "'");
    }
    if (children.containsKey(name) || parameters.containsKey(name) || buffers.containsKey(name)) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "layer: " + getClass().getSimpleName() + " has a part named '" + name + "' already");
    }
  }

  /// Returns the direct parts, by name.
  public final Map<String, Layer> children() {
    return Collections.unmodifiableMap(children);
  }

  /// Returns all parameters, its own and its parts', by their dotted names.
  public final Map<String, Tensor> namedParameters() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Map.Entry<String, Layer> each : layers().entrySet()) {
      each.getValue().parameters.forEach((name, t) -> all.put(each.getKey() + name, t));
    }
    return all;
  }

  /// Returns all buffers, its own and its parts', by their dotted names.
  public final Map<String, Tensor> namedBuffers() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Map.Entry<String, Layer> each : layers().entrySet()) {
      each.getValue().buffers.forEach((name, t) -> all.put(each.getKey() + name, t));
    }
    return all;
  }

  /// Returns all parameters; one that is shared appears once.
  public final List<Tensor> parameters() {
    List<Tensor> all = new ArrayList<>();
    for (Tensor p : namedParameters().values()) {
      if (all.stream().noneMatch(q -> q == p)) {
        all.add(p);
      }
    }
    return all;
  }

  /// Returns the number of trainable values.
  public final long parameterCount() {
    return parameters().stream().mapToLong(Tensor::numel).sum();
  }

  /// Returns parameters and buffers, by their dotted names.
  public final Map<String, Tensor> state() {
    Map<String, Tensor> all = new LinkedHashMap<>(namedParameters());
    all.putAll(namedBuffers());
    return all;
  }

  /// Copies values into parameters and buffers.
  ///
  /// @throws AutogradException (`ARGUMENT`) if a name is missing or unknown, (`SHAPE`) if a shape
  ///   differs; nothing is copied then
  public final void load(Map<String, Tensor> values) {
    Map<String, Tensor> own = state();
    Set<String> missing = new TreeSet<>(own.keySet());
    missing.removeAll(values.keySet());
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeAll(own.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "load: the values do not fit this model"
              + (missing.isEmpty() ? "" : ", missing " + missing)
              + (unknown.isEmpty() ? "" : ", unknown " + unknown));
    }
    own.forEach(
        (name, t) -> {
          Tensor value = value(values, name);
          if (!value.shape().equals(t.shape())) {
            throw new AutogradException(
                ErrorKind.SHAPE,
                "load: " + name + " has shape " + t.shape() + ", the value has " + value.shape());
          }
        });
    try (var _ = GradMode.noGrad()) {
      own.forEach((name, t) -> t.copy_(value(values, name)));
    }
  }

  private static Tensor value(Map<String, Tensor> values, String name) {
    Tensor v = values.get(name);
    if (v == null) {
      throw new IllegalStateException("the names were compared before: " + name);
    }
    return v;
  }

  /// Sets training mode (dropout drops, batch statistics are used) or evaluation mode; returns
  /// this.
  public Layer train(boolean on) {
    layers().values().forEach(l -> l.training = on);
    return this;
  }

  /// Sets evaluation mode; returns this.
  public final Layer eval() {
    return train(false);
  }

  /// Tells whether this layer is in training mode.
  public final boolean isTraining() {
    return training;
  }

  /// Drops the gradients of all parameters.
  public final void zeroGrad() {
    parameters().forEach(Tensor::zeroGrad);
  }

  /// Returns the element type of the parameters; `f32` where there are none.
  public final DType dtype() {
    return namedParameters().values().stream().findFirst().map(Tensor::dtype).orElse(DType.F32);
  }

  /// Returns this and all parts, by the prefix of their names, parents first.
  private Map<String, Layer> layers() {
    Map<String, Layer> all = new LinkedHashMap<>();
    List<Map.Entry<String, Layer>> pending = new ArrayList<>();
    pending.add(Map.entry("", this));
    while (!pending.isEmpty()) {
      Map.Entry<String, Layer> next = pending.removeFirst();
      all.put(next.getKey(), next.getValue());
      List<Map.Entry<String, Layer>> parts = new ArrayList<>();
      next.getValue()
          .children
          .forEach((name, part) -> parts.add(Map.entry(next.getKey() + name + ".", part)));
      pending.addAll(0, parts);
    }
    return all;
  }

  /// Returns a short description with the sizes that matter; parts are indented below.
  @Override
  public String toString() {
    StringBuilder b = new StringBuilder();
    layers()
        .forEach(
            (prefix, layer) -> {
              int depth = (int) prefix.chars().filter(c -> c == '.').count();
              String name = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
              b.append("  ".repeat(depth));
              if (!name.isEmpty()) {
                b.append(name.substring(name.lastIndexOf('.') + 1)).append(": ");
              }
              b.append(layer.describe()).append('\n');
            });
    return b.toString().stripTrailing();
  }

  /// Returns this layer's own line of [#toString], such as `Linear(64, 32)`.
  protected String describe() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? "Layer" : name;
  }
}
