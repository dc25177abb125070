package dev.autograd.ops.functional;

import static dev.autograd.functional.Functional.grad;
import static dev.autograd.functional.Functional.jacfwd;
import static dev.autograd.functional.Functional.jacrev;
import static dev.autograd.functional.Functional.vmap;
import static dev.autograd.ops.conv.Conv2d.conv2d;
import static dev.autograd.ops.conv.MaxPool2d.maxPool2d;
import static dev.autograd.ops.index.Embedding.embedding;
import static dev.autograd.ops.linalg.Linear.linear;
import static dev.autograd.ops.loss.CrossEntropy.crossEntropy;
import static dev.autograd.ops.loss.MseLoss.mseLoss;
import static dev.autograd.ops.normalization.LayerNorm.layerNorm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Generator;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.functional.TensorFunction;
import dev.autograd.functional.VmapOptions;
import dev.autograd.ops.attention.ScaledDotProductAttention;
import dev.autograd.ops.order.Median;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Models under vmap take as many operations for many samples as for few: none of theirs is applied
/// to the samples one by one.
class BatchRulesTest {
  private final Generator generator = new Generator(17);

  private Tensor random(int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F64, generator);
  }

  private static int operations(Supplier<Tensor[]> run) {
    AtomicInteger count = new AtomicInteger();
    try (var _ =
        Autograd.intercept(
            call -> {
              count.incrementAndGet();
              return switch (call.operation()) {
                case Function f -> new Tensor[] {f.apply(call.inputs())};
                case MultiFunction f -> f.apply(call.inputs());
              };
            })) {
      assertThat(run.get()).isNotEmpty();
    }
    return count.get();
  }

  private static void sameForAnyNumber(IntFunction<Tensor[]> run) {
    int few = operations(() -> run.apply(2));
    assertThat(few).isPositive();
    assertThat(operations(() -> run.apply(7))).isEqualTo(few);
  }

  @Test
  void whatHasNoRuleIsCountedForEverySample() {
    int few = operations(() -> new Tensor[] {vmap(Median::median).apply(random(2, 3))});
    int more = operations(() -> new Tensor[] {vmap(Median::median).apply(random(7, 3))});
    assertThat(more - few).isGreaterThanOrEqualTo(5);
  }

  // --- per-sample gradients --------------------------------------------------------------------

  @Test
  void ofAMultilayerPerceptron() {
    Tensor w = random(5, 4);
    Tensor b = random(5);
    Tensor v = random(3, 5);
    TensorFunction loss =
        TensorFunction.ofAll(
            p -> new Tensor[] {crossEntropy(linear(linear(p[3], p[0], p[1]).tanh(), p[2]), p[4])});
    TensorFunction perSample =
        vmap(grad(loss, 0, 1, 2), VmapOptions.inDims(null, null, null, 0, 0));
    sameForAnyNumber(n -> perSample.apply(w, b, v, random(n, 4), classes(n)));
  }

  @Test
  void ofAConvolutionalNet() {
    Tensor filters = random(3, 2, 3, 3);
    Tensor shift = random(3);
    Tensor w = random(4, 12);
    TensorFunction loss =
        TensorFunction.ofAll(
            p -> {
              Tensor images = maxPool2d(conv2d(p[3], p[0], p[1]).relu(), 2);
              return new Tensor[] {crossEntropy(linear(images.flatten(0, -1), p[2]), p[4])};
            });
    TensorFunction perSample =
        vmap(grad(loss, 0, 1, 2), VmapOptions.inDims(null, null, null, 0, 0));
    sameForAnyNumber(n -> perSample.apply(filters, shift, w, random(n, 2, 6, 6), classes(n)));
  }

  @Test
  void ofATransformer() {
    Tensor table = random(6, 4);
    Tensor scale = random(4);
    Tensor shift = random(4);
    TensorFunction loss =
        TensorFunction.ofAll(
            p -> {
              Tensor x = layerNorm(embedding(p[3], p[0]), p[1], p[2], 1e-5);
              Tensor y = ScaledDotProductAttention.scaledDotProductAttention(x, x, x);
              return new Tensor[] {mseLoss(y.mean(new int[] {0}, false), p[4])};
            });
    TensorFunction perSample =
        vmap(grad(loss, 0, 1, 2), VmapOptions.inDims(null, null, null, 0, 0));
    sameForAnyNumber(n -> perSample.apply(table, scale, shift, classes(n, 3), random(n, 4)));
  }

  // --- ensembles and Jacobians -----------------------------------------------------------------

  @Test
  void ofAnEnsembleOfConvolutionalNets() {
    Tensor x = random(5, 2, 6, 6);
    TensorFunction net =
        TensorFunction.ofAll(p -> new Tensor[] {conv2d(x, p[0], p[1]).relu().mean()});
    TensorFunction ensemble = vmap(grad(net, 0, 1), VmapOptions.inDims(0, 0));
    sameForAnyNumber(n -> ensemble.apply(random(n, 3, 2, 3, 3), random(n, 3)));
  }

  @Test
  void ofJacobiansByEitherMode() {
    Tensor filters = random(3, 2, 3, 3);
    sameForAnyNumber(
        n -> {
          Tensor x = random(1, 2, n + 3, 4);
          return new Tensor[] {
            jacrev(y -> conv2d(y, filters)).apply(x), jacfwd(y -> conv2d(y, filters)).apply(x)
          };
        });
    sameForAnyNumber(
        n -> {
          Tensor x = random(n, 4);
          return new Tensor[] {
            jacrev(y -> layerNorm(y, null, null, 1e-5).softmax(-1)).apply(x),
            jacfwd(y -> layerNorm(y, null, null, 1e-5).softmax(-1)).apply(x)
          };
        });
  }

  private static Tensor classes(int... shape) {
    long[] values = new long[Shape.of(shape).numel()];
    Arrays.setAll(values, i -> i % 3);
    return Tensor.of(values, shape);
  }
}
