package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InitializerTest {
  // [40, 30, 3, 3]: fan-in 270, fan-out 360.
  private static final Shape SHAPE = Shape.of(40, 30, 3, 3);

  static Stream<Arguments> uniformOnes() {
    return Stream.of(
        Arguments.of("uniform", Initializer.uniform(-0.3, 0.3), 0.3),
        Arguments.of("xavier", Initializer.xavierUniform(), Math.sqrt(6.0 / (270 + 360))),
        Arguments.of("kaiming", Initializer.kaimingUniform(), Math.sqrt(6.0 / 270)),
        Arguments.of("fan-in", Initializer.fanInUniform(270), 1 / Math.sqrt(270)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("uniformOnes")
  void uniformValuesFillTheirInterval(String name, Initializer start, double bound) {
    Tensor t = start.make(SHAPE, DType.F32, new Generator(1));
    assertThat(t.shape()).isEqualTo(SHAPE);
    assertThat(t.amax().item()).isLessThanOrEqualTo(bound).isGreaterThan(0.99 * bound);
    assertThat(t.amin().item()).isGreaterThanOrEqualTo(-bound).isLessThan(-0.99 * bound);
    assertThat(t.std().item()).isCloseTo(bound / Math.sqrt(3), within(0.03 * bound));
  }

  static Stream<Arguments> normalOnes() {
    return Stream.of(
        Arguments.of("normal", Initializer.normal(2, 0.5), 2, 0.5),
        Arguments.of("xavier", Initializer.xavierNormal(), 0, Math.sqrt(2.0 / (270 + 360))),
        Arguments.of("kaiming", Initializer.kaimingNormal(), 0, Math.sqrt(2.0 / 270)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("normalOnes")
  void normalValuesHaveTheirMoments(String name, Initializer start, double mean, double std) {
    Tensor t = start.make(SHAPE, DType.F64, new Generator(1));
    assertThat(t.dtype()).isEqualTo(DType.F64);
    assertThat(t.mean().item()).isCloseTo(mean, within(5 * std / Math.sqrt(t.numel())));
    assertThat(t.std().item()).isCloseTo(std, within(0.03 * std));
    double beyondTwo = t.sub(mean).abs().gt(2 * std).to(DType.F64).mean().item();
    assertThat(beyondTwo).as("the share beyond two deviations").isCloseTo(0.0455, within(0.008));
  }

  @Test
  void constants() {
    assertThat(Initializer.zeros().make(2, 3).toFloatArray()).containsOnly(0);
    assertThat(Initializer.ones().make(2, 3).toFloatArray()).containsOnly(1);
    assertThat(Initializer.constant(0.5).make(4).toFloatArray()).containsOnly(0.5f);
  }

  @Test
  void theGeneratorDecides() {
    Initializer start = Initializer.kaimingNormal();
    float[] a = start.make(SHAPE, DType.F32, new Generator(3)).toFloatArray();
    float[] b = start.make(SHAPE, DType.F32, new Generator(3)).toFloatArray();
    float[] c = start.make(SHAPE, DType.F32, new Generator(4)).toFloatArray();
    assertThat(b).isEqualTo(a);
    assertThat(c).isNotEqualTo(a);
  }
}
