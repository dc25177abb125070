package dev.autograd.gradcheck;

import dev.autograd.Function;
import dev.autograd.MultiFunction;
import dev.autograd.Operation;
import dev.autograd.Tensor;
import dev.autograd.functional.TensorFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One application of an operation that is to be checked.
///
/// @param operation the operation with the attributes to try
/// @param inputs the inputs, in double precision where they are floating
/// @param smooth which of them may be compared with finite differences
/// @param seed the seed of the round that made it
/// @param index its number within the round
record Case(Operation operation, List<Tensor> inputs, List<Boolean> smooth, long seed, int index) {

  /// Applies the operation.
  static List<Tensor> apply(Operation operation, List<Tensor> inputs) {
    Tensor[] in = inputs.toArray(Tensor[]::new);
    return switch (operation) {
      case Function f -> List.of(f.apply(in));
      case MultiFunction f -> Arrays.asList(f.apply(in));
    };
  }

  /// Tells whether another sample has inputs of the same shapes and types.
  boolean isLike(Case other) {
    boolean alike = inputs.size() == other.inputs.size();
    for (int i = 0; alike && i < inputs.size(); i++) {
      Tensor a = inputs.get(i);
      Tensor b = other.inputs.get(i);
      alike = a.shape().equals(b.shape()) && a.dtype() == b.dtype();
    }
    return alike;
  }

  /// Returns the operation as a function of its inputs, at the sample's.
  Subject subject() {
    return new Subject(in -> apply(operation, in), inputs, compared());
  }

  /// Returns the numbers of the inputs whose gradients are compared.
  List<Integer> compared() {
    return IntStream.range(0, inputs.size()).filter(this::compares).boxed().toList();
  }

  /// Tells whether the gradient of input `i` is compared.
  boolean compares(int i) {
    return smooth.get(i) && inputs.get(i).dtype().isFloating();
  }

  /// Returns the inputs whose gradients are compared.
  Tensor[] variables() {
    return compared().stream().map(inputs::get).toArray(Tensor[]::new);
  }

  /// Returns the operation as a function of [#variables], the other inputs being the sample's.
  TensorFunction differentiated() {
    List<Integer> variables = compared();
    return TensorFunction.ofAll(
        x -> {
          List<Tensor> all = new ArrayList<>(inputs);
          for (int v = 0; v < x.length; v++) {
            all.set(variables.get(v), x[v]);
          }
          return apply(operation, all).toArray(Tensor[]::new);
        });
  }

  /// Describes the inputs for a message.
  String shapes() {
    return inputs.stream()
        .map(t -> t.dtype() + t.shape().toString() + (t.isContiguous() ? "" : " strided"))
        .collect(Collectors.joining(", ", "inputs ", ""));
  }
}
