package dev.autograd.benchmarks.workload;

import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.TensorScope;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// W6: large tensors, forward and backward.
final class Passes {
  private Passes() {}

  static Stream<Workload> all() {
    return Stream.of(
        Workload.millis("W6_gelu_10M", "ms", Passes::gelu),
        Workload.millis("W6_sum_fwd_10M", "ms", Passes::sumForward),
        Workload.millis("W6_sum_4096x1024", "ms", Passes::sum),
        Workload.millis("W6_softmax_4096x1024", "ms", Passes::softmax),
        Workload.millis("W6_layernorm_4096x1024", "ms", Passes::layerNorm));
  }

  /// Returns a step that drops the gradients of `leaves` and finds them anew from `g`.
  static Runnable forwardAndBackward(Supplier<Tensor> f, Tensor g, List<Tensor> leaves) {
    return () -> {
      leaves.forEach(Tensor::zeroGrad);
      try (var _ = TensorScope.open()) {
        f.get().backward(g);
      }
    };
  }

  private static Runnable gelu() {
    Tensor x = Tensor.randn(10_000_000).requiresGrad(true);
    Tensor y = Tensor.randn(10_000_000).requiresGrad(true);
    Tensor g = Tensor.randn(10_000_000);
    return forwardAndBackward(() -> x.mul(y).add(3).gelu(), g, List.of(x, y));
  }

  private static Runnable sumForward() {
    Tensor x = Tensor.randn(10_000_000);
    return () -> {
      try (var _ = GradMode.noGrad()) {
        x.sum();
      }
    };
  }

  private static Runnable sum() {
    Tensor x = Tensor.randn(4096, 1024).requiresGrad(true);
    return () -> {
      x.zeroGrad();
      x.sum().backward();
    };
  }

  private static Runnable softmax() {
    Tensor x = Tensor.randn(4096, 1024).requiresGrad(true);
    Tensor g = Tensor.randn(4096, 1024);
    return forwardAndBackward(() -> x.softmax(-1), g, List.of(x));
  }

  private static Runnable layerNorm() {
    Tensor x = Tensor.randn(4096, 1024).requiresGrad(true);
    Tensor g = Tensor.randn(4096, 1024);
    var norm = new dev.autograd.nn.LayerNorm(1024);
    return forwardAndBackward(
        () -> norm.forward(x), g, List.of(x, norm.parameters().get(0), norm.parameters().get(1)));
  }
}
