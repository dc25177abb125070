package dev.autograd.benchmarks.micro;

import dev.autograd.DType;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What an operation on one element costs, in time and in memory: all of it is overhead.
@State(Scope.Benchmark)
public class Dispatch implements Measured {
  private static final int LINKS = 1000;

  private Tensor x = Tensor.zeros(0);
  private Tensor a = Tensor.zeros(0);
  private Tensor y = Tensor.zeros(0);

  @Override
  public Work work(String method) {
    return Work.UNCOUNTED;
  }

  /// Makes the operands and a chain that stays.
  @Setup
  public void prepare() {
    x = Tensor.full(Shape.of(1), 1, DType.F32).requiresGrad(true);
    a = Tensor.full(Shape.of(1), 0.999, DType.F32);
    y = chain();
  }

  private Tensor chain() {
    Tensor z = x;
    for (int i = 0; i < LINKS; i++) {
      z = z.mul(a);
    }
    return z;
  }

  /// Records one operation.
  @Benchmark
  public Tensor recorded() {
    return x.mul(a);
  }

  /// Computes one operation without recording.
  @Benchmark
  public Tensor unrecorded() {
    try (var _ = GradMode.noGrad()) {
      return x.mul(a);
    }
  }

  /// Records a chain; an operation of it counts.
  @Benchmark
  @OperationsPerInvocation(LINKS)
  public Tensor recordedChain() {
    return chain();
  }

  /// Walks back over a chain that is kept; an operation of it counts.
  @Benchmark
  @OperationsPerInvocation(LINKS)
  public Object backwardOfChain() {
    x.zeroGrad();
    y.backward(GradOptions.retainGraph());
    return x.gradStatus();
  }
}
