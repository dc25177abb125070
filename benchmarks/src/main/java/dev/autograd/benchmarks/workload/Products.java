package dev.autograd.benchmarks.workload;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// W5: square matrix products, into a matrix that is there.
final class Products {
  private static final double MULTIPLICATIONS_TIMED_AT_LEAST = 1e8;

  private Products() {}

  static Stream<Workload> all() {
    return Stream.concat(
        IntStream.of(128, 256, 512, 1024, 2048).mapToObj(n -> product(n, DType.F32)),
        Stream.of(product(1024, DType.F64)));
  }

  private static Workload product(int n, DType dtype) {
    double flops = 2.0 * n * n * n;
    return new Workload(
        (dtype == DType.F32 ? "W5_sgemm_" : "W5_dgemm_") + n,
        List.of("GFLOP/s"),
        flops * 1e-9,
        true,
        () -> prepare(n, dtype, (int) Math.max(1, 2 * MULTIPLICATIONS_TIMED_AT_LEAST / flops)));
  }

  private static Workload.Step prepare(int n, DType dtype, int repeats) {
    Generator random = new Generator(1);
    Shape shape = Shape.of(n, n);
    Tensor a = Tensor.randn(shape, dtype, random);
    Tensor b = Tensor.randn(shape, dtype, random);
    Tensor c = Tensor.zeros(shape, dtype);
    return () -> {
      try (var _ = GradMode.noGrad()) {
        long start = System.nanoTime();
        for (int i = 0; i < repeats; i++) {
          Autograd.into(c, () -> a.matmul(b));
        }
        return new double[] {Workload.seconds(start, System.nanoTime()) / repeats};
      }
    };
  }
}
