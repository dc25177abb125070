package dev.autograd.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

class MicroBenchmarksTest {
  private static final Limits LIMITS = new Limits(100, 50, 10, 8);

  /// The first parameters of every method.
  static Stream<Named<Case>> one_of_each_method() {
    Set<String> seen = new HashSet<>();
    return Case.all().stream()
        .filter(c -> seen.add(c.name()))
        .map(c -> Named.of(c.name() + " " + c.label(), c));
  }

  @Test
  void every_family_is_found() {
    assertThat(Case.all().stream().map(c -> c.name().replaceAll("[.].*", "")).distinct())
        .containsExactlyInAnyOrder(
            "Convolution",
            "Dispatch",
            "Gemm",
            "Indexing",
            "Normalization",
            "PointwiseChain",
            "Reduction");
  }

  @ParameterizedTest
  @MethodSource("one_of_each_method")
  void every_method_runs(Case c) throws ReflectiveOperationException {
    Measured family = c.open();
    for (var method : family.getClass().getMethods()) {
      if (method.isAnnotationPresent(Setup.class)) {
        method.invoke(family);
      }
    }
    var method = family.getClass().getMethod(c.method());
    assertThat(method.isAnnotationPresent(Benchmark.class)).isTrue();
    assertThat(method.invoke(family)).isNotNull();
  }

  @Test
  void all_but_the_dispatch_is_counted() {
    assertThat(Case.all())
        .allSatisfy(
            c ->
                assertThat(c.open().work(c.method()).counted())
                    .isEqualTo(!c.name().startsWith("Dispatch")));
  }

  @Test
  void a_product_counts_two_operations_for_each_multiplication() {
    Gemm gemm = new Gemm();
    gemm.product = "f64-NT-2x3x5";
    assertThat(gemm.work("matmul")).isEqualTo(new Work(DType.F64, 60, 8 * (6 + 15), 8 * 10));
  }

  @Test
  void the_limit_that_binds_is_the_slower_one() {
    assertThat(new Work(DType.F32, 1000, 10, 10).secondsAt(LIMITS)).isEqualTo(10);
    assertThat(new Work(DType.F64, 1000, 10, 10).secondsAt(LIMITS)).isEqualTo(20);
    // Of 60 bytes read, 20 are copied and the others only read.
    assertThat(new Work(DType.F32, 1, 60, 20).secondsAt(LIMITS)).isCloseTo(9, within(1e-12));
  }

  @Test
  void the_limits_of_this_machine_are_positive() {
    Limits measured = Limits.measure(1);
    assertThat(measured.flopsF32()).isFinite().isPositive();
    assertThat(measured.flopsF64()).isFinite().isPositive();
    assertThat(measured.read()).isFinite().isPositive();
    assertThat(measured.copy()).isFinite().isPositive();
  }
}
