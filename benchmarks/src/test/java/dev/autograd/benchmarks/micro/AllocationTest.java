package dev.autograd.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.autograd.DType;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.lang.management.ManagementFactory;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/// What an operation on small tensors allocates: nearly all that a model of such tensors costs.
///
/// The bounds hold for objects with the longest headers there are, and for code that no compiler
/// has taken anything out of.
@DisabledIfSystemProperty(
    named = "autograd.fusion.elements",
    matches = ".*",
    disabledReason = "an application that is put off has to be remembered")
class AllocationTest {
  private static final int OPERATIONS = 1000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Tensor leaf = Tensor.ones(1).requiresGrad(true);
  private final Tensor a = Tensor.full(Shape.of(1), 0.999, DType.F32);
  private final Tensor b = Tensor.full(Shape.of(1), 0.001, DType.F32);

  private long forward;
  private long backward;

  @BeforeAll
  static void warmUp() {
    // Classes are loaded and formulas compiled on the way.
    AllocationTest once = new AllocationTest();
    for (int i = 0; i < 5; i++) {
      once.run(x -> x.mul(once.a).add(once.b));
      once.run(x -> x.mul(0.999).tanh());
      once.run(x -> x.mul(x));
    }
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /// Runs chains of steps forward and backward, and counts the bytes of each operation where they
  /// are fewest: now and then a run pays for what is made once.
  private void run(UnaryOperator<Tensor> step) {
    forward = Long.MAX_VALUE;
    backward = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      count(step);
    }
  }

  private void count(UnaryOperator<Tensor> step) {
    long start = allocated();
    Tensor x = leaf;
    for (int i = 0; i < OPERATIONS / 2; i++) {
      x = step.apply(x);
    }
    long recorded = allocated();
    if (x.requiresGrad()) {
      x.backward();
    }
    long walked = allocated();
    forward = Math.min(forward, (recorded - start) / OPERATIONS);
    backward = Math.min(backward, (walked - recorded) / OPERATIONS);
    leaf.zeroGrad();
  }

  @Test
  void aRecordedOperationAllocatesItsTensorItsArrayAndOneNode() {
    run(x -> x.mul(a).add(b));
    assertThat(forward).as("bytes of an operation, forward").isPositive().isLessThan(300);
    assertThat(backward).as("bytes of an operation, backward").isPositive().isLessThan(220);
  }

  @Test
  void soDoesOneWhoseResultIsSaved() {
    run(x -> x.mul(0.999).tanh());
    assertThat(forward).as("bytes of an operation, forward").isPositive().isLessThan(330);
    assertThat(backward).as("bytes of an operation, backward").isPositive().isLessThan(330);
  }

  @Test
  void anUnrecordedOperationAllocatesLittleButItsResult() {
    try (var _ = GradMode.noGrad()) {
      run(x -> x.mul(a).add(b));
    }
    assertThat(forward).as("bytes of an operation").isPositive().isLessThan(220);
  }
}
