package dev.autograd.gradcheck;

import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.GradcheckOptions.Flag;
import dev.autograd.gradcheck.difference.Weights;
import java.util.List;

/// The gradients that come in where second derivatives are checked.
final class SecondOrderSeeds {
  private SecondOrderSeeds() {}

  /// Returns copies of those given, or random ones that require grad.
  static List<Tensor> of(List<Tensor> outputs, List<Tensor> given, GradcheckOptions options) {
    if (given.isEmpty()) {
      return Weights.likeTyped(outputs, options.seed() + 1).stream()
          .map(t -> options.has(Flag.GEN_NON_CONTIG_GRAD_OUTPUTS) ? strided(t) : t)
          .map(t -> t.requiresGrad(true))
          .toList();
    }
    if (!shapes(given).equals(shapes(outputs))) {
      throw new GradcheckException(
          Finding.Kind.GRADCHECK_ARGS,
          "gradgradcheck: gradOutputs must be one for each output with a gradient, of its shape: "
              + shapes(outputs)
              + ", got "
              + shapes(given));
    }
    return given;
  }

  private static List<String> shapes(List<Tensor> all) {
    return all.stream().map(t -> t.dtype() + t.shape().toString()).toList();
  }

  /// Returns a copy with a gap after every element.
  private static Tensor strided(Tensor t) {
    int[] strides = t.strides();
    for (int d = 0; d < strides.length; d++) {
      strides[d] *= 2;
    }
    Tensor whole = Tensor.of(Storage.zeros(t.dtype(), 2 * t.numel()), Shape.of(2 * t.numel()));
    Tensor every = whole.alias(t.shape(), strides, 0);
    every.copy_(t);
    return every.detach();
  }
}
