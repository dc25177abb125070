package dev.autograd.kernel.math.vector;

import static jdk.incubator.vector.VectorOperators.FMA;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/// Fused multiply-add in the shapes that polynomials need, and functions taken lane by lane.
final class Lanes {

  /// A function of a float.
  @FunctionalInterface
  interface FloatUnary {
    float apply(float x);
  }

  /// A function of two floats.
  @FunctionalInterface
  interface FloatBinary {
    float apply(float x, float y);
  }

  private Lanes() {}

  static FloatVector fma(FloatVector a, FloatVector b, float c) {
    return a.lanewise(FMA, b, c);
  }

  static FloatVector fma(FloatVector a, float b, FloatVector c) {
    return a.lanewise(FMA, b, c);
  }

  static FloatVector fma(FloatVector a, float b, float c) {
    return a.lanewise(FMA, b, c);
  }

  static DoubleVector fma(DoubleVector a, DoubleVector b, double c) {
    return a.lanewise(FMA, b, c);
  }

  static DoubleVector fma(DoubleVector a, double b, DoubleVector c) {
    return a.lanewise(FMA, b, c);
  }

  static DoubleVector fma(DoubleVector a, double b, double c) {
    return a.lanewise(FMA, b, c);
  }

  static FloatVector each(FloatVector x, FloatUnary f) {
    float[] v = x.toArray();
    for (int i = 0; i < v.length; i++) {
      v[i] = f.apply(v[i]);
    }
    return FloatVector.fromArray(x.species(), v, 0);
  }

  static FloatVector each(FloatVector x, FloatVector y, FloatBinary f) {
    float[] v = x.toArray();
    float[] w = y.toArray();
    for (int i = 0; i < v.length; i++) {
      v[i] = f.apply(v[i], w[i]);
    }
    return FloatVector.fromArray(x.species(), v, 0);
  }

  static DoubleVector each(DoubleVector x, DoubleUnaryOperator f) {
    double[] v = x.toArray();
    for (int i = 0; i < v.length; i++) {
      v[i] = f.applyAsDouble(v[i]);
    }
    return DoubleVector.fromArray(x.species(), v, 0);
  }

  static DoubleVector each(DoubleVector x, DoubleVector y, DoubleBinaryOperator f) {
    double[] v = x.toArray();
    double[] w = y.toArray();
    for (int i = 0; i < v.length; i++) {
      v[i] = f.applyAsDouble(v[i], w[i]);
    }
    return DoubleVector.fromArray(x.species(), v, 0);
  }
}
