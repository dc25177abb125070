package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.math.DoubleExp;
import dev.autograd.kernel.math.vector.DoubleVectorExp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Lanes as two vectors at a time; a machine narrower than half the lanes makes several passes over
/// the row, which is short enough to stay in the first cache.
final class VectorLanesF64 {
  private static final VectorSpecies<Double> S =
      VectorSpecies.of(double.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF64.LANES;

  private VectorLanesF64() {}

  static void sum(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.zero(S);
      DoubleVector q = DoubleVector.zero(S);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = p.add(DoubleVector.fromArray(S, x, i));
        q = q.add(DoubleVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void squares(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    DoubleVector center = DoubleVector.broadcast(S, c);
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.zero(S);
      DoubleVector q = DoubleVector.zero(S);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        DoubleVector d = DoubleVector.fromArray(S, x, i).sub(center);
        DoubleVector e = DoubleVector.fromArray(S, x, i + L).sub(center);
        p = d.fma(d, p);
        q = e.fma(e, q);
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void dot(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.zero(S);
      DoubleVector q = DoubleVector.zero(S);
      for (int i = l; i < n; i += LANES) {
        DoubleVector d = DoubleVector.fromArray(S, x, xOffset + i);
        DoubleVector e = DoubleVector.fromArray(S, x, xOffset + i + L);
        p = d.fma(DoubleVector.fromArray(S, y, yOffset + i), p);
        q = e.fma(DoubleVector.fromArray(S, y, yOffset + i + L), q);
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void max(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.broadcast(S, Double.NEGATIVE_INFINITY);
      DoubleVector q = p;
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = p.max(DoubleVector.fromArray(S, x, i));
        q = q.max(DoubleVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void min(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.broadcast(S, Double.POSITIVE_INFINITY);
      DoubleVector q = p;
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = p.min(DoubleVector.fromArray(S, x, i));
        q = q.min(DoubleVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void exp(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    DoubleVector shift = DoubleVector.broadcast(S, c);
    // One exponential per step: two are more than C2 inlines into one method.
    for (int l = 0; l < LANES; l += L) {
      DoubleVector p = DoubleVector.zero(S);
      for (int i = l; i < n; i += LANES) {
        DoubleVector e = DoubleVectorExp.exp(DoubleVector.fromArray(S, x, xOffset + i).sub(shift));
        e.intoArray(y, yOffset + i);
        p = p.add(e);
      }
      p.intoArray(s, sOffset + l);
    }
  }

  static void expEach(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    int i = 0;
    // body
    for (; i + L <= n; i += L) {
      DoubleVector shift = DoubleVector.fromArray(S, s, sOffset + i);
      DoubleVectorExp.exp(DoubleVector.fromArray(S, x, xOffset + i).sub(shift))
          .intoArray(y, yOffset + i);
    }
    // tail
    for (; i < n; i++) {
      y[yOffset + i] = DoubleExp.exp(x[xOffset + i] - s[sOffset + i]);
    }
  }
}
