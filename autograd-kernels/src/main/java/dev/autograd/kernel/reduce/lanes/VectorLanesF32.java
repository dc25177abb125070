// Twin: VectorLanesF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.vector.FloatVectorExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Lanes as two vectors at a time; a machine narrower than half the lanes makes several passes over
/// the row, which is short enough to stay in the first cache.
final class VectorLanesF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF32.LANES;

  private VectorLanesF32() {}

  static void sum(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.zero(S);
      FloatVector q = FloatVector.zero(S);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = p.add(FloatVector.fromArray(S, x, i));
        q = q.add(FloatVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void squares(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    FloatVector center = FloatVector.broadcast(S, c);
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.zero(S);
      FloatVector q = FloatVector.zero(S);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        FloatVector d = FloatVector.fromArray(S, x, i).sub(center);
        FloatVector e = FloatVector.fromArray(S, x, i + L).sub(center);
        p = d.fma(d, p);
        q = e.fma(e, q);
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void dot(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.zero(S);
      FloatVector q = FloatVector.zero(S);
      for (int i = l; i < n; i += LANES) {
        FloatVector d = FloatVector.fromArray(S, x, xOffset + i);
        FloatVector e = FloatVector.fromArray(S, x, xOffset + i + L);
        p = d.fma(FloatVector.fromArray(S, y, yOffset + i), p);
        q = e.fma(FloatVector.fromArray(S, y, yOffset + i + L), q);
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void max(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
      FloatVector q = p;
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = p.max(FloatVector.fromArray(S, x, i));
        q = q.max(FloatVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void min(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
      FloatVector q = p;
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = p.min(FloatVector.fromArray(S, x, i));
        q = q.min(FloatVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void exp(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    FloatVector shift = FloatVector.broadcast(S, c);
    // One exponential per step: two are more than C2 inlines into one method.
    for (int l = 0; l < LANES; l += L) {
      FloatVector p = FloatVector.zero(S);
      for (int i = l; i < n; i += LANES) {
        FloatVector e = FloatVectorExp.exp(FloatVector.fromArray(S, x, xOffset + i).sub(shift));
        e.intoArray(y, yOffset + i);
        p = p.add(e);
      }
      p.intoArray(s, sOffset + l);
    }
  }

  static void expEach(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    int i = 0;
    // body
    for (; i + L <= n; i += L) {
      FloatVector shift = FloatVector.fromArray(S, s, sOffset + i);
      FloatVectorExp.exp(FloatVector.fromArray(S, x, xOffset + i).sub(shift))
          .intoArray(y, yOffset + i);
    }
    // tail
    for (; i < n; i++) {
      y[yOffset + i] = FloatExp.exp(x[xOffset + i] - s[sOffset + i]);
    }
  }
}
