package dev.autograd.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Measures the error of every elementary function in units in the last place.
///
/// The oracle of floats is the double function of StrictMath (below 1 ulp of a double); that of
/// doubles is StrictMath, whose own error is taken off the bound, or a BigDecimal series.
class AccuracyTest {

  private static final double FLOAT_BOUND = 2.0;
  private static final double DOUBLE_BOUND = 4.0;

  interface FloatFunction {
    float apply(float x);
  }

  record FloatCase(String name, FloatFunction f, DoubleUnaryOperator oracle) {
    @Override
    public String toString() {
      return name;
    }
  }

  record DoubleCase(
      String name, DoubleUnaryOperator f, DoubleUnaryOperator oracle, double low, double high) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<FloatCase> floatCases() {
    return List.of(
        new FloatCase("exp", FloatExp::exp, StrictMath::exp),
        new FloatCase("exp2", FloatExp::exp2, x -> StrictMath.pow(2, x)),
        new FloatCase("expm1", FloatExp::expm1, StrictMath::expm1),
        new FloatCase("sigmoid", FloatExp::sigmoid, AccuracyTest::sigmoid),
        new FloatCase("log", FloatLog::log, StrictMath::log),
        new FloatCase("log1p", FloatLog::log1p, StrictMath::log1p),
        new FloatCase("log2", FloatLog::log2, x -> StrictMath.log(x) / StrictMath.log(2)),
        new FloatCase("log10", FloatLog::log10, StrictMath::log10),
        new FloatCase("sin", FloatTrig::sin, StrictMath::sin),
        new FloatCase("cos", FloatTrig::cos, StrictMath::cos),
        new FloatCase("tan", FloatTrig::tan, StrictMath::tan),
        new FloatCase("asin", FloatInverseTrig::asin, StrictMath::asin),
        new FloatCase("acos", FloatInverseTrig::acos, StrictMath::acos),
        new FloatCase("atan", FloatInverseTrig::atan, StrictMath::atan),
        new FloatCase("sinh", FloatHyperbolic::sinh, StrictMath::sinh),
        new FloatCase("cosh", FloatHyperbolic::cosh, StrictMath::cosh),
        new FloatCase("tanh", FloatHyperbolic::tanh, StrictMath::tanh),
        new FloatCase("asinh", FloatHyperbolic::asinh, AccuracyTest::asinh),
        new FloatCase("acosh", FloatHyperbolic::acosh, AccuracyTest::acosh),
        new FloatCase("atanh", FloatHyperbolic::atanh, AccuracyTest::atanh),
        new FloatCase("erf", FloatErf::erf, DoubleErf::erf),
        new FloatCase("erfc", FloatErf::erfc, DoubleErf::erfc));
  }

  static List<DoubleCase> doubleCases() {
    return List.of(
        new DoubleCase("exp", DoubleExp::exp, StrictMath::exp, -750, 712),
        new DoubleCase("exp2", DoubleExp::exp2, x -> StrictMath.pow(2, x), -1080, 1030),
        new DoubleCase("expm1", DoubleExp::expm1, StrictMath::expm1, -40, 710),
        new DoubleCase("log", DoubleLog::log, StrictMath::log, 0, 10),
        new DoubleCase("log1p", DoubleLog::log1p, StrictMath::log1p, -1, 10),
        new DoubleCase("log10", DoubleLog::log10, StrictMath::log10, 0, 10),
        new DoubleCase("sin", DoubleTrig::sin, StrictMath::sin, -2e6, 2e6),
        new DoubleCase("cos", DoubleTrig::cos, StrictMath::cos, -2e6, 2e6),
        new DoubleCase("tan", DoubleTrig::tan, StrictMath::tan, -2e6, 2e6),
        new DoubleCase("asin", DoubleInverseTrig::asin, StrictMath::asin, -1, 1),
        new DoubleCase("acos", DoubleInverseTrig::acos, StrictMath::acos, -1, 1),
        new DoubleCase("atan", DoubleInverseTrig::atan, StrictMath::atan, -10, 10),
        new DoubleCase("sinh", DoubleHyperbolic::sinh, StrictMath::sinh, -712, 712),
        new DoubleCase("cosh", DoubleHyperbolic::cosh, StrictMath::cosh, -712, 712),
        new DoubleCase("tanh", DoubleHyperbolic::tanh, StrictMath::tanh, -22, 22));
  }

  @ParameterizedTest
  @MethodSource("floatCases")
  void floatsAreWithinTwoUlpOverTheWholeRange(FloatCase c) {
    double worst = 0;
    float at = 0;
    // A prime step over all bit patterns, both signs, all exponents, NaNs and infinities.
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += 65_537 / 3) {
      float x = Float.intBitsToFloat((int) bits);
      double error = floatError(c.f.apply(x), c.oracle.applyAsDouble(x));
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    for (float x : specials()) {
      double error = floatError(c.f.apply(x), c.oracle.applyAsDouble(x));
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    assertThat(worst).as("ulp of %s at %s", c.name, at).isLessThanOrEqualTo(FLOAT_BOUND);
  }

  @ParameterizedTest
  @MethodSource("doubleCases")
  void doublesAreWithinFourUlpOverTheWholeRange(DoubleCase c) {
    SplittableRandom random = new SplittableRandom(7);
    double worst = 0;
    double at = 0;
    for (int i = 0; i < 60_000; i++) {
      double x =
          switch (i % 3) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> c.low + (c.high - c.low) * random.nextDouble();
            default -> (random.nextDouble() * 2 - 1) * StrictMath.exp(random.nextDouble() * 8 - 6);
          };
      double error = doubleError(c.f.applyAsDouble(x), c.oracle.applyAsDouble(x));
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    for (float x : specials()) {
      double error = doubleError(c.f.applyAsDouble(x), c.oracle.applyAsDouble(x));
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    // StrictMath is itself up to 1 ulp off.
    assertThat(worst).as("ulp of %s at %s", c.name, at).isLessThanOrEqualTo(DOUBLE_BOUND - 1);
  }

  @Test
  void erfAndErfcAreWithinFourUlpOfTheirSeries() {
    MathContext digits = new MathContext(60);
    for (double x = -5.9; x < 5.9; x += 0.0973) {
      BigDecimal exact = erfSeries(x, digits);
      assertThat(bigError(DoubleErf.erf(x), exact)).as("erf(%s)", x).isLessThan(DOUBLE_BOUND);
      assertThat(bigError(DoubleErf.erfc(x), BigDecimal.ONE.subtract(exact)))
          .as("erfc(%s)", x)
          .isLessThan(DOUBLE_BOUND);
    }
  }

  @Test
  void erfcOfLargeArgumentsIsWithinFourUlpOfItsContinuedFraction() {
    for (double x = 6; x < 26.5; x += 0.371) {
      MathContext digits = new MathContext(50);
      BigDecimal z = new BigDecimal(x);
      BigDecimal fraction = z;
      for (int k = 400; k > 0; k--) {
        fraction = z.add(new BigDecimal(k).divide(new BigDecimal(2)).divide(fraction, digits));
      }
      // erfc(x) = e^-x² / (√π · (x + (1/2)/(x + (2/2)/(x + …)))), DLMF 7.9.4
      BigDecimal rootOfPi =
          new BigDecimal("1.7724538509055160272981674833411451827975494561223871");
      BigDecimal exact =
          exp(z.multiply(z).negate(), new MathContext(60))
              .divide(rootOfPi.multiply(fraction), digits);
      assertThat(bigError(DoubleErf.erfc(x), exact)).as("erfc(%s)", x).isLessThan(DOUBLE_BOUND);
    }
  }

  @Test
  void powersAreWithinFourUlp() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 100_000; i++) {
      double x =
          i % 2 == 0
              ? StrictMath.exp(random.nextDouble() * 1400 - 700)
              : random.nextDouble() * 3 + 1e-3;
      double y = (random.nextDouble() * 2 - 1) * 760 / Math.max(1e-3, Math.abs(StrictMath.log(x)));
      double exact = StrictMath.pow(x, y);
      assertThat(doubleError(DoublePow.pow(x, y), exact))
          .as("pow(%s, %s)", x, y)
          .isLessThanOrEqualTo(DOUBLE_BOUND - 1);
      float p = (float) x;
      float q = (float) (y / 8);
      assertThat(floatError(FloatPow.pow(p, q), StrictMath.pow(p, q)))
          .as("pow(%s, %s)", p, q)
          .isLessThanOrEqualTo(FLOAT_BOUND);
    }
  }

  @Test
  void powersAndAnglesOfSpecialValuesAreThoseOfC99() {
    for (float x : specials()) {
      for (float y : specials()) {
        double power = StrictMath.pow(x, y);
        // Java departs from C99 here.
        if (x == 1f || (Math.abs(x) == 1f && Float.isInfinite(y))) {
          power = 1;
        }
        assertThat(doubleError(DoublePow.pow(x, y), power)).as("pow(%s, %s)", x, y).isLessThan(3);
        double angle = StrictMath.atan2(x, y);
        double got = DoubleInverseTrig.atan2(x, y);
        assertThat(doubleError(got, angle)).as("atan2(%s, %s)", x, y).isLessThan(3);
        assertThat(Double.isNaN(angle) || Math.copySign(1, got) == Math.copySign(1, angle))
            .as("sign of atan2(%s, %s)", x, y)
            .isTrue();
      }
    }
  }

  @Test
  void sineOfHugeAnglesIsRight() {
    // 6381956970095103 · 2^797 is the double nearest to a multiple of π/2 (Muller et al., "Handbook
    // of Floating-Point Arithmetic", table 11.1): its cosine is 4.68716592425462761112e-19.
    double x = 6381956970095103.0 * 0x1p797;
    assertThat(Math.abs(DoubleTrig.cos(x))).isEqualTo(4.687165924254628e-19);
    assertThat(Math.abs(DoubleTrig.sin(x))).isEqualTo(1.0);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 20_000; i++) {
      double a = StrictMath.exp(random.nextDouble() * 709);
      assertThat(doubleError(DoubleTrig.sin(a), StrictMath.sin(a))).as("sin(%s)", a).isLessThan(3);
      assertThat(doubleError(DoubleTrig.cos(a), StrictMath.cos(a))).as("cos(%s)", a).isLessThan(3);
    }
  }

  @Test
  void inverseHyperbolicFunctionsUndoTheHyperbolicOnes() {
    for (double x = 1e-9; x < 300; x *= 1.37) {
      assertThat(DoubleHyperbolic.asinh(StrictMath.sinh(x))).isCloseTo(x, within(x));
      assertThat(DoubleHyperbolic.asinh(-StrictMath.sinh(x))).isCloseTo(-x, within(x));
      if (x > 0.1) {
        assertThat(DoubleHyperbolic.acosh(StrictMath.cosh(x))).isCloseTo(x, within(10 * x));
      }
      if (x < 1) {
        assertThat(DoubleHyperbolic.atanh(StrictMath.tanh(x))).isCloseTo(x, within(2 * x));
      }
    }
    assertThat(DoubleHyperbolic.atanh(1)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(DoubleHyperbolic.atanh(-1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(DoubleHyperbolic.atanh(1.5)).isNaN();
    assertThat(DoubleHyperbolic.acosh(0.5)).isNaN();
    assertThat(DoubleHyperbolic.acosh(1)).isEqualTo(0);
    assertThat(DoubleHyperbolic.asinh(-0.0)).isEqualTo(-0.0);
  }

  private static Offset<Double> within(double x) {
    return Offset.offset(8 * Math.ulp(x));
  }

  private static float[] specials() {
    List<Float> all = new ArrayList<>();
    for (float x :
        new float[] {
          0f,
          1f,
          2f,
          3f,
          0.5f,
          0.25f,
          1.5f,
          10f,
          88.7f,
          104f,
          1e5f,
          1.2e5f,
          16777216f,
          16777215f,
          Float.MIN_VALUE,
          Float.MIN_NORMAL,
          Float.MAX_VALUE,
          Float.POSITIVE_INFINITY
        }) {
      all.add(x);
      all.add(-x);
    }
    all.add(Float.NaN);
    float[] array = new float[all.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = all.get(i);
    }
    return array;
  }

  /// Returns 0 for the right special value, infinity for a wrong one, else the error in ulp.
  private static double floatError(float got, double exact) {
    float rounded = (float) exact;
    if (Float.compare(got, rounded) == 0) {
      return 0;
    }
    if (Float.isNaN(rounded) || Float.isNaN(got) || (rounded == 0 && got == 0)) {
      return Double.POSITIVE_INFINITY;
    }
    if (Float.isInfinite(rounded)) {
      return Math.abs(got) == Float.MAX_VALUE ? 1 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(got - exact) / Math.ulp(rounded);
  }

  private static double doubleError(double got, double exact) {
    if (Double.compare(got, exact) == 0) {
      return 0;
    }
    if (Double.isNaN(exact) || Double.isNaN(got) || (exact == 0 && got == 0)) {
      return Double.POSITIVE_INFINITY;
    }
    if (Double.isInfinite(exact)) {
      return Math.abs(got) == Double.MAX_VALUE ? 1 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(got - exact) / Math.ulp(exact);
  }

  private static double bigError(double got, BigDecimal exact) {
    return new BigDecimal(got)
        .subtract(exact)
        .abs()
        .divide(new BigDecimal(Math.ulp(exact.doubleValue())), new MathContext(20))
        .doubleValue();
  }

  /// erf(x) = 2/√π Σ (-1)^n x^(2n+1) / (n! (2n+1)), DLMF 7.6.1.
  private static BigDecimal erfSeries(double x, MathContext digits) {
    BigDecimal z = new BigDecimal(x);
    BigDecimal square = z.multiply(z);
    BigDecimal term = z;
    BigDecimal sum = z;
    MathContext work = new MathContext(digits.getPrecision() + 40);
    for (int n = 1; n < 400; n++) {
      term = term.multiply(square).negate().divide(new BigDecimal(n), work);
      sum = sum.add(term.divide(new BigDecimal(2 * n + 1), work), work);
    }
    return sum.multiply(
        new BigDecimal("1.1283791670955125738961589031215451716881012586580"), digits);
  }

  private static BigDecimal exp(BigDecimal x, MathContext digits) {
    MathContext work = new MathContext(digits.getPrecision() + 20);
    BigDecimal small = x.divide(new BigDecimal(1L << 20), work);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int n = 1; n < 60; n++) {
      term = term.multiply(small, work).divide(new BigDecimal(n), work);
      sum = sum.add(term, work);
    }
    for (int i = 0; i < 20; i++) {
      sum = sum.multiply(sum, work);
    }
    return sum;
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  private static double asinh(double x) {
    double a = Math.abs(x);
    double y =
        a > 1e8
            ? StrictMath.log(a) + StrictMath.log(2)
            : StrictMath.log1p(a + a * a / (1 + Math.sqrt(1 + a * a)));
    return Math.copySign(y, x);
  }

  private static double acosh(double x) {
    if (x < 1) {
      return Double.NaN;
    }
    double t = x - 1;
    return x > 1e8
        ? StrictMath.log(x) + StrictMath.log(2)
        : StrictMath.log1p(t + Math.sqrt(2 * t + t * t));
  }

  private static double atanh(double x) {
    double a = Math.abs(x);
    return Math.copySign(0.5 * StrictMath.log1p(2 * a / (1 - a)), x);
  }
}
