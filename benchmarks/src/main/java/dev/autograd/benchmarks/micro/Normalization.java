package dev.autograd.benchmarks.micro;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.normalization.BatchNorm;
import dev.autograd.ops.normalization.LayerNorm;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Softmax and the normalisations, forward and with backward: `[2048, 1024]`, and `[32, 64, 32,
/// 32]` for the batch's, in f32.
@State(Scope.Benchmark)
public class Normalization implements Measured {
  private static final int ELEMENTS = 2048 * 1024;
  private static final double EPS = 1e-5;

  /// What is measured, with its arithmetic for an element: of the statistics and of what is made of
  /// them.
  public enum Kind {
    /// Maximum, difference, exp, sum, quotient; `y (g - sum(g y))` has four.
    SOFTMAX(5, 4),
    /// Mean, variance, standardised, scaled; the backward has two sums and dw and db.
    LAYER_NORM(7, 11),
    /// As before, with statistics of the channels.
    BATCH_NORM(7, 11);

    private final int forward;
    private final int backward;

    Kind(int forward, int backward) {
      this.forward = forward;
      this.backward = backward;
    }
  }

  @Param({"SOFTMAX", "LAYER_NORM", "BATCH_NORM"})
  public Kind kind = Kind.SOFTMAX;

  private Tensor x = Tensor.zeros(0);
  private Tensor w = Tensor.zeros(0);
  private Tensor b = Tensor.zeros(0);
  private Tensor g = Tensor.zeros(0);

  @Override
  public Work work(String method) {
    double n = ELEMENTS;
    return method.equals("forward")
        ? Work.ofElements(DType.F32, kind.forward * n, n, n)
        : Work.ofElements(DType.F32, (kind.forward + kind.backward) * n, 3 * n, 2 * n);
  }

  /// Makes the operands.
  @Setup
  public void prepare() {
    Shape shape = kind == Kind.BATCH_NORM ? Shape.of(32, 64, 32, 32) : Shape.of(2048, 1024);
    int weights = kind == Kind.BATCH_NORM ? 64 : 1024;
    Generator random = new Generator(1);
    x = Tensor.randn(shape, DType.F32, random).requiresGrad(true);
    g = Tensor.randn(shape, DType.F32, random);
    w = Tensor.ones(weights).requiresGrad(true);
    b = Tensor.zeros(weights).requiresGrad(true);
  }

  private Tensor y() {
    return switch (kind) {
      case SOFTMAX -> x.softmax(-1);
      case LAYER_NORM -> LayerNorm.layerNorm(x, w, b, EPS);
      case BATCH_NORM -> BatchNorm.batchNorm(x, null, null, w, b, true, 0.1, EPS);
    };
  }

  /// Finds y.
  @Benchmark
  public Object forward() {
    try (var _ = GradMode.noGrad()) {
      return y().memory();
    }
  }

  /// Finds y and the gradients of all that it depends on.
  @Benchmark
  public Object forwardAndBackward() {
    x.zeroGrad();
    w.zeroGrad();
    b.zeroGrad();
    y().backward(g);
    return x.gradStatus();
  }
}
