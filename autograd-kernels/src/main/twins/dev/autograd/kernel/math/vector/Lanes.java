package dev.autograd.kernel.math.vector;

import static jdk.incubator.vector.VectorOperators.FMA;

import jdk.incubator.vector.FloatVector;

/// Fused multiply-add in the shapes that polynomials need, and functions taken lane by lane.
final class Lanes {
  private Lanes() {}

  // Twins: f32 as f64.

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

  static FloatVector fma(FloatVector a, FloatVector b, float c) {
    return a.lanewise(FMA, b, c);
  }

  static FloatVector fma(FloatVector a, float b, FloatVector c) {
    return a.lanewise(FMA, b, c);
  }

  static FloatVector fma(FloatVector a, float b, float c) {
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

  // End of twins.
}
