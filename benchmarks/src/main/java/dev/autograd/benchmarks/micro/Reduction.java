package dev.autograd.benchmarks.micro;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Sums of `[200, 200, 200]` along one axis.
@State(Scope.Benchmark)
public class Reduction implements Measured {
  private static final int SIZE = 200;
  private static final int ELEMENTS = SIZE * SIZE * SIZE;

  @Param({"0", "1", "2"})
  public int axis;

  @Param({"F32", "F64"})
  public DType dtype = DType.F32;

  private Tensor x = Tensor.zeros(0);

  @Override
  public Work work(String method) {
    return Work.ofElements(dtype, ELEMENTS, ELEMENTS, ELEMENTS / (double) SIZE);
  }

  /// Makes the operand.
  @Setup
  public void prepare() {
    x = Tensor.randn(Shape.of(SIZE, SIZE, SIZE), dtype, new Generator(1));
  }

  /// Sums.
  @Benchmark
  public Object sum() {
    try (var _ = GradMode.noGrad()) {
      return x.sum(axis).memory();
    }
  }
}
