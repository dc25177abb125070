package dev.autograd.ops.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomFillTest {
  private static final long SEED = 42;

  @Test
  void one_seed_gives_one_sequence_whatever_the_cuts() {
    float[] whole = Tensor.randn(Shape.of(101), DType.F32, new Generator(SEED)).toFloatArray();
    Generator again = new Generator(SEED);
    float[] first = Tensor.randn(Shape.of(37), DType.F32, again).toFloatArray();
    float[] rest = Tensor.randn(Shape.of(64), DType.F32, again).toFloatArray();
    assertThat(first).isEqualTo(Arrays.copyOf(whole, 37));
    assertThat(rest).isEqualTo(Arrays.copyOfRange(whole, 37, 101));
    assertThat(again.position()).isEqualTo(101);
    assertThat(Tensor.randn(Shape.of(101), DType.F32, new Generator(SEED + 1)).toFloatArray())
        .isNotEqualTo(whole);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64"})
  void moments_are_those_of_the_distribution(DType type) {
    int n = 200_000;
    Tensor normal = Tensor.zeros(Shape.of(n), type);
    RandomFill.normal(normal, 3, 2, new Generator(SEED));
    assertThat(normal.mean().item()).isCloseTo(3, within(5 * 2 / Math.sqrt(n)));
    assertThat(normal.std().item()).isCloseTo(2, within(5 * 2 / Math.sqrt(2.0 * n)));
    Tensor uniform = Tensor.zeros(Shape.of(n), type);
    RandomFill.uniform(uniform, -1, 3, new Generator(SEED));
    assertThat(uniform.mean().item()).isCloseTo(1, within(5 * 4 / Math.sqrt(12.0 * n)));
    assertThat(uniform.min().item()).isGreaterThanOrEqualTo(-1);
    assertThat(uniform.max().item()).isLessThan(3);
  }

  @Test
  void the_upper_limit_is_never_reached_by_rounding() {
    Tensor x = Tensor.zeros(100_000);
    double low = 1;
    double high = Math.nextUp(1f); // the only float of the range is 1
    RandomFill.uniform(x, low, high, new Generator(SEED));
    assertThat(x.max().item()).isEqualTo(1);
    RandomFill.uniform(x, 5, 5, new Generator(SEED));
    assertThat(x.min().item()).isEqualTo(5);
  }

  @Test
  void kinds_of_numbers_that_follow_each_other_are_not_related() {
    int n = 50_000;
    Generator g = new Generator(SEED);
    Tensor a = Tensor.rand(Shape.of(n), DType.F64, g).sub(0.5);
    Tensor b = Tensor.rand(Shape.of(n), DType.F32, g).sub(0.5).to(DType.F64);
    Tensor c = Tensor.randn(Shape.of(n), DType.F32, g).to(DType.F64);
    for (int lag = 0; lag < 3; lag++) {
      Tensor left = a.slice(0, 0, n - lag, 1);
      assertThat(left.mul(b.slice(0, lag, n, 1)).mean().item())
          .isCloseTo(0, within(5 / 12. / Math.sqrt(n)));
      assertThat(left.mul(c.slice(0, lag, n, 1)).mean().item())
          .isCloseTo(0, within(5 / Math.sqrt(12.) / Math.sqrt(n)));
    }
  }

  @Test
  void a_view_is_filled_in_its_own_order_and_nothing_around_it() {
    Tensor x = Tensor.zeros(4, 3);
    RandomFill.uniform(x.transpose(0, 1).slice(0, 0, 2, 1), 1, 2, new Generator(SEED));
    float[] plain = Tensor.rand(Shape.of(8), DType.F32, new Generator(SEED)).add(1).toFloatArray();
    for (int i = 0; i < 4; i++) {
      assertThat(x.at(i, 0)).isEqualTo(plain[i]);
      assertThat(x.at(i, 1)).isEqualTo(plain[4 + i]);
      assertThat(x.at(i, 2)).isZero();
    }
  }

  @Test
  void a_permutation_holds_every_number_once_and_the_next_one_differs() {
    Generator g = new Generator(SEED);
    long[] p = RandomFill.permutation(1000, g).toLongArray();
    long[] q = RandomFill.permutation(1000, g).toLongArray();
    assertThat(q).isNotEqualTo(p);
    assertThat(Arrays.stream(p).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).asLongStream().toArray());
    assertThat(RandomFill.permutation(1000, new Generator(SEED)).toLongArray()).isEqualTo(p);
    assertThat(RandomFill.permutation(0, g).shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void every_first_number_of_a_permutation_is_as_likely() {
    int[] seen = new int[5];
    Generator g = new Generator(SEED);
    int rounds = 20_000;
    for (int i = 0; i < rounds; i++) {
      seen[(int) RandomFill.permutation(5, g).at(0)]++;
    }
    for (int count : seen) {
      assertThat(count).isBetween(rounds / 5 - 300, rounds / 5 + 300);
    }
  }

  @Test
  void wrong_limits_and_types_are_refused() {
    Generator g = new Generator(SEED);
    assertThatThrownBy(() -> RandomFill.uniform(Tensor.zeros(2), 1, 0, g))
        .hasMessageContaining("low must be at most high");
    assertThatThrownBy(() -> RandomFill.normal(Tensor.zeros(2), 0, -1, g))
        .hasMessageContaining("std must not be negative");
    assertThatThrownBy(() -> RandomFill.uniform(Tensor.arange(2), 0, 1, g))
        .hasMessageContaining("random numbers are f32 or f64, got i64");
    assertThat(g.position()).isZero();
  }
}
