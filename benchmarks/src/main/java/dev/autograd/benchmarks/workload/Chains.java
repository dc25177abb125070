package dev.autograd.benchmarks.workload;

import dev.autograd.DType;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import java.util.stream.Stream;

/// W1: what an operation costs beside its arithmetic.
///
/// A thousand operations on one or 64 elements, `x = x * a + b`; nanoseconds an operation.
final class Chains {
  private static final int LINKS = 500;
  private static final double OPERATIONS = 2 * LINKS;

  private Chains() {}

  static Stream<Workload> all() {
    return Stream.of(1, 64).flatMap(n -> Stream.of(chain(n, false), chain(n, true)));
  }

  private static Workload chain(int n, boolean coefficientsToo) {
    List<String> metrics =
        coefficientsToo
            ? List.of("fwd_ns/op", "bwd_ns/op")
            : List.of("fwd_ns/op", "bwd_ns/op", "nograd_ns/op");
    return new Workload(
        (coefficientsToo ? "W1ab_n" : "W1_n") + n,
        metrics,
        1e9,
        false,
        () -> prepare(n, coefficientsToo));
  }

  private static Workload.Step prepare(int n, boolean coefficientsToo) {
    Tensor x0 = filled(1, n).requiresGrad(true);
    Tensor a = filled(0.999, n).requiresGrad(coefficientsToo);
    Tensor b = filled(0.001, n).requiresGrad(coefficientsToo);
    return () -> {
      x0.zeroGrad();
      a.zeroGrad();
      b.zeroGrad();
      long start = System.nanoTime();
      Tensor y = run(x0, a, b).sum();
      long middle = System.nanoTime();
      y.backward();
      long end = System.nanoTime();
      double forward = Workload.seconds(start, middle) / OPERATIONS;
      double backward = Workload.seconds(middle, end) / OPERATIONS;
      if (coefficientsToo) {
        return new double[] {forward, backward};
      }
      try (var _ = GradMode.noGrad()) {
        long plain = System.nanoTime();
        run(x0, a, b);
        double unrecorded = Workload.seconds(plain, System.nanoTime()) / OPERATIONS;
        return new double[] {forward, backward, unrecorded};
      }
    };
  }

  private static Tensor filled(double value, int n) {
    return Tensor.full(Shape.of(n), value, DType.F32);
  }

  private static Tensor run(Tensor x0, Tensor a, Tensor b) {
    Tensor x = x0;
    for (int i = 0; i < LINKS; i++) {
      x = x.mul(a).add(b);
    }
    return x;
  }
}
