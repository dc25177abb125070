package dev.autograd.benchmarks.micro;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.pointwise.Fusion;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// `gelu(x y + 3)` in f32, as one kernel and as three.
///
/// Both count the bytes of one pass, so their shares of the limit tell what the fusion is worth.
@State(Scope.Benchmark)
public class PointwiseChain implements Measured {
  /// `x y`, `+ 3`, and gelu: a scaling, erf, `+ 1`, `/ 2`, `x ·`.
  private static final int FLOPS = 7;

  @Param({"100000", "4000000"})
  public int n;

  private Tensor x = Tensor.zeros(0);
  private Tensor y = Tensor.zeros(0);

  @Override
  public Work work(String method) {
    double elements = n;
    return Work.ofElements(DType.F32, FLOPS * elements, 2 * elements, elements);
  }

  /// Makes the operands.
  @Setup
  public void prepare() {
    Generator random = new Generator(1);
    x = Tensor.randn(Shape.of(n), DType.F32, random);
    y = Tensor.randn(Shape.of(n), DType.F32, random);
  }

  /// One kernel.
  @Benchmark
  public Object fused() {
    try (var _ = GradMode.noGrad()) {
      return x.mul(y).add(3).gelu().memory().floats();
    }
  }

  /// Three kernels.
  @Benchmark
  public Object unfused() {
    try (var _ = GradMode.noGrad();
        var _ = Fusion.off()) {
      return x.mul(y).add(3).gelu().memory().floats();
    }
  }
}
