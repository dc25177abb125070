package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Holds gradients of a layer against central differences.
///
/// Layers keep their parameters as `f32`, so steps are large and the outputs are weighed and summed
/// in doubles: what remains is an error of about a thousandth.
final class Differences {
  private static final double STEP = 1e-2;
  private static final double TOLERANCE = 4e-3;

  private Differences() {}

  /// Returns reproducible standard normal values.
  static Tensor randn(long seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F32, new Generator(seed));
  }

  /// Sets every parameter to reproducible values, none of which is special.
  static void scramble(Layer layer, long seed) {
    Generator random = new Generator(seed);
    GradMode.noGrad(
        () ->
            layer
                .parameters()
                .forEach(p -> p.copy_(Tensor.randn(p.shape(), DType.F32, random).mul(0.5))));
  }

  /// Checks the gradients of all parameters and, if it is floating, of `x`.
  static void check(Layer layer, Tensor x) {
    Map<String, Tensor> variables = new LinkedHashMap<>(layer.namedParameters());
    Tensor input = x;
    if (x.dtype().isFloating()) {
      input = x.detach().requiresGrad(true);
      variables.put("input", input);
    }
    Tensor in = input;
    Tensor weights = randn(99, layer.forward(in).shape().dims()).to(DType.F64);
    Supplier<Tensor> loss = () -> layer.forward(in).to(DType.F64).mul(weights).sum();
    layer.zeroGrad();
    loss.get().backward();
    variables.forEach((name, t) -> check(name, t, loss));
  }

  private static void check(String name, Tensor t, Supplier<Tensor> loss) {
    assertThat(t.grad()).as("gradient of %s", name).isNotNull();
    float[] analytic = t.grad().toFloatArray();
    float[] values = t.detach().storage().floats();
    assertThat(t.isContiguous() && values.length == t.numel()).isTrue();
    // Large tables are sampled.
    int stride = Math.max(1, values.length / 40);
    for (int i = 0; i < values.length; i += stride) {
      float before = values[i];
      values[i] = (float) (before + STEP);
      double up = value(loss);
      values[i] = (float) (before - STEP);
      double down = value(loss);
      values[i] = before;
      double numeric = (up - down) / (2 * STEP);
      assertThat((double) analytic[i])
          .as("derivative by %s[%d]", name, i)
          .isCloseTo(numeric, within(TOLERANCE * Math.max(1, Math.abs(numeric))));
    }
  }

  private static double value(Supplier<Tensor> loss) {
    try (var _ = GradMode.noGrad()) {
      return loss.get().item();
    }
  }
}
