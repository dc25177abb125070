package dev.autograd.optim;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import dev.autograd.TensorScope;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The parameters of an optimizer and the tensors it keeps for each of them.
final class Slots {
  private final Map<String, Tensor> parameters;
  private final List<String> slots;
  private final Map<String, Tensor> values = new LinkedHashMap<>();

  Slots(Map<String, Tensor> parameters, String... slots) {
    this.parameters = new LinkedHashMap<>();
    this.slots = List.of(slots);
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Map.Entry<String, Tensor> p : parameters.entrySet()) {
      if (!p.getValue().requiresGrad() || !p.getValue().isLeaf()) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            "optimizer: parameter '" + p.getKey() + "' must be a leaf that requires grad");
      }
      // One that is shared by two layers has two names, and moves once.
      if (seen.add(p.getValue())) {
        this.parameters.put(p.getKey(), p.getValue());
      }
    }
  }

  Map<String, Tensor> parameters() {
    return parameters;
  }

  /// Returns a parameter's slot, zeros at first.
  Tensor get(String parameter, String slot, Tensor like) {
    return values.computeIfAbsent(
        parameter + "/" + slot,
        _ -> TensorScope.outside(() -> Tensor.zeros(like.shape(), like.dtype())));
  }

  Map<String, Tensor> state() {
    return new LinkedHashMap<>(values);
  }

  void load(Map<String, Tensor> state) {
    Map<String, Tensor> loaded = new LinkedHashMap<>();
    state.forEach(
        (name, value) -> {
          int cut = name.lastIndexOf('/');
          Tensor parameter = cut < 0 ? null : parameters.get(name.substring(0, cut));
          if (parameter == null || !slots.contains(name.substring(cut + 1))) {
            throw new AutogradException(
                ErrorKind.ARGUMENT,
                "optimizer: state '"
                    + name
                    + "' belongs to none of the parameters and slots "
                    + slots);
          }
          if (!value.shape().equals(parameter.shape())) {
            throw new AutogradException(
                ErrorKind.SHAPE,
                "optimizer: state '"
                    + name
                    + "' has shape "
                    + value.shape()
                    + ", its parameter has "
                    + parameter.shape());
          }
          loaded.put(name, TensorScope.outside(() -> value.detach().to(parameter.dtype()).clone()));
        });
    values.clear();
    values.putAll(loaded);
  }
}
