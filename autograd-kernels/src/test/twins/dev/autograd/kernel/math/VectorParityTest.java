package dev.autograd.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.math.vector.FloatVectorErf;
import dev.autograd.kernel.math.vector.FloatVectorExp;
import dev.autograd.kernel.math.vector.FloatVectorHyperbolic;
import dev.autograd.kernel.math.vector.FloatVectorInverseTrig;
import dev.autograd.kernel.math.vector.FloatVectorLog;
import dev.autograd.kernel.math.vector.FloatVectorPow;
import dev.autograd.kernel.math.vector.FloatVectorTrig;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The vector form of every function gives the bits of the scalar form, on every vector width.
class VectorParityTest {

  // Twins: f32 as f64.

  interface FloatFunction {
    float apply(float x);
  }

  record FloatPair(String name, FloatFunction scalar, UnaryOperator<FloatVector> vector) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<FloatPair> pairsF32() {
    return List.of(
        new FloatPair("exp", FloatExp::exp, FloatVectorExp::exp),
        new FloatPair("exp2", FloatExp::exp2, FloatVectorExp::exp2),
        new FloatPair("expm1", FloatExp::expm1, FloatVectorExp::expm1),
        new FloatPair("sigmoid", FloatExp::sigmoid, FloatVectorExp::sigmoid),
        new FloatPair("log", FloatLog::log, FloatVectorLog::log),
        new FloatPair("log1p", FloatLog::log1p, FloatVectorLog::log1p),
        new FloatPair("log2", FloatLog::log2, FloatVectorLog::log2),
        new FloatPair("log10", FloatLog::log10, FloatVectorLog::log10),
        new FloatPair("sin", FloatTrig::sin, FloatVectorTrig::sin),
        new FloatPair("cos", FloatTrig::cos, FloatVectorTrig::cos),
        new FloatPair("tan", FloatTrig::tan, FloatVectorTrig::tan),
        new FloatPair("asin", FloatInverseTrig::asin, FloatVectorInverseTrig::asin),
        new FloatPair("acos", FloatInverseTrig::acos, FloatVectorInverseTrig::acos),
        new FloatPair("atan", FloatInverseTrig::atan, FloatVectorInverseTrig::atan),
        new FloatPair("sinh", FloatHyperbolic::sinh, FloatVectorHyperbolic::sinh),
        new FloatPair("cosh", FloatHyperbolic::cosh, FloatVectorHyperbolic::cosh),
        new FloatPair("tanh", FloatHyperbolic::tanh, FloatVectorHyperbolic::tanh),
        new FloatPair("asinh", FloatHyperbolic::asinh, FloatVectorHyperbolic::asinh),
        new FloatPair("acosh", FloatHyperbolic::acosh, FloatVectorHyperbolic::acosh),
        new FloatPair("atanh", FloatHyperbolic::atanh, FloatVectorHyperbolic::atanh),
        new FloatPair("erf", FloatErf::erf, FloatVectorErf::erf),
        new FloatPair("erfc", FloatErf::erfc, FloatVectorErf::erfc));
  }

  private static List<VectorSpecies<Float>> speciesF32() {
    return List.of(FloatVector.SPECIES_128, FloatVector.SPECIES_256, FloatVector.SPECIES_512);
  }

  @ParameterizedTest
  @MethodSource("pairsF32")
  void theVectorFormsGiveTheBitsOfFloats(FloatPair pair) {
    float[] x = floats(3072);
    for (VectorSpecies<Float> species : speciesF32()) {
      float[] y = new float[x.length];
      for (int i = 0; i < x.length; i += species.length()) {
        pair.vector.apply(FloatVector.fromArray(species, x, i)).intoArray(y, i);
      }
      for (int i = 0; i < x.length; i++) {
        assertThat(bits(y[i]))
            .as("%s(%s) on %s", pair.name, x[i], species)
            .isEqualTo(bits(pair.scalar.apply(x[i])));
      }
    }
  }

  // End of twins.

  @Test
  void powersAndAnglesOfVectorsGiveTheBitsOfScalars() {
    float[] x = floats(1024);
    float[] y = floats(2048);
    for (int i = 0; i < x.length; i += 16) {
      FloatVector a = FloatVector.fromArray(FloatVector.SPECIES_512, x, i);
      FloatVector b = FloatVector.fromArray(FloatVector.SPECIES_512, y, i + 1024);
      for (int j = 0; j < 16; j++) {
        float p = x[i + j];
        float q = y[i + j + 1024];
        assertThat(FloatVectorPow.pow(a, b).lane(j)).isEqualTo((Float) FloatPow.pow(p, q));
        assertThat(FloatVectorInverseTrig.atan2(a, b).lane(j))
            .isEqualTo((Float) FloatInverseTrig.atan2(p, q));
      }
    }
    double[] u = doubles(512);
    double[] v = doubles(1024);
    for (int i = 0; i < u.length; i += 4) {
      DoubleVector a = DoubleVector.fromArray(DoubleVector.SPECIES_256, u, i);
      DoubleVector b = DoubleVector.fromArray(DoubleVector.SPECIES_256, v, i + 512);
      for (int j = 0; j < 4; j++) {
        assertThat(DoubleVectorPow.pow(a, b).lane(j))
            .isEqualTo((Double) DoublePow.pow(u[i + j], v[i + j + 512]));
        assertThat(DoubleVectorInverseTrig.atan2(a, b).lane(j))
            .isEqualTo((Double) DoubleInverseTrig.atan2(u[i + j], v[i + j + 512]));
      }
    }
  }

  private static int bits(float x) {
    return Float.floatToIntBits(x);
  }

  private static long bits(double x) {
    return Double.doubleToLongBits(x);
  }

  private static float[] floats(int n) {
    SplittableRandom random = new SplittableRandom(n);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      // Blocks of ordinary values between blocks of any bits, so that whole vectors of either
      // occur.
      x[i] =
          i / 64 % 2 == 0
              ? (float) ((random.nextDouble() * 2 - 1) * Math.scalb(1.0, random.nextInt(-8, 8)))
              : Float.intBitsToFloat(random.nextInt());
    }
    float[] special = {
      0f,
      -0f,
      1f,
      -1f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MIN_NORMAL,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      89f,
      -104f,
      1e5f,
      1.1e5f
    };
    System.arraycopy(special, 0, x, 0, special.length);
    return x;
  }

  private static double[] doubles(int n) {
    SplittableRandom random = new SplittableRandom(n);
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] =
          i / 64 % 2 == 0
              ? (random.nextDouble() * 2 - 1) * Math.scalb(1.0, random.nextInt(-8, 11))
              : Double.longBitsToDouble(random.nextLong());
    }
    double[] special = {
      0.0,
      -0.0,
      1,
      -1,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MIN_NORMAL,
      Double.MAX_VALUE,
      -Double.MAX_VALUE,
      710,
      -746,
      1e6,
      1.1e6
    };
    System.arraycopy(special, 0, x, 0, special.length);
    return x;
  }
}
