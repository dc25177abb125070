package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.vector.FloatVectorExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Lanes as two vectors at a time; a machine narrower than half the lanes makes several passes over
/// the row, which is short enough to stay in the first cache.
final class VectorLanesF32 implements LanesF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF32.LANES;

  @Override
  public void sum(float[] x, int offset, int n, float[] s) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.zero(S);
      FloatVector q = FloatVector.zero(S);
      for (int i = offset + l; i < offset + n; i += LANES) {
        p = p.add(FloatVector.fromArray(S, x, i));
        q = q.add(FloatVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void squares(float[] x, int offset, int n, float center, float[] s) {
    FloatVector c = FloatVector.broadcast(S, center);
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.zero(S);
      FloatVector q = FloatVector.zero(S);
      for (int i = offset + l; i < offset + n; i += LANES) {
        FloatVector d = FloatVector.fromArray(S, x, i).sub(c);
        FloatVector e = FloatVector.fromArray(S, x, i + L).sub(c);
        p = d.fma(d, p);
        q = e.fma(e, q);
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void dot(float[] x, int xOffset, float[] y, int yOffset, int n, float[] s) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.zero(S);
      FloatVector q = FloatVector.zero(S);
      for (int i = l; i < n; i += LANES) {
        FloatVector d = FloatVector.fromArray(S, x, xOffset + i);
        FloatVector e = FloatVector.fromArray(S, x, xOffset + i + L);
        p = d.fma(FloatVector.fromArray(S, y, yOffset + i), p);
        q = e.fma(FloatVector.fromArray(S, y, yOffset + i + L), q);
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void max(float[] x, int offset, int n, float[] s) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
      FloatVector q = p;
      for (int i = offset + l; i < offset + n; i += LANES) {
        p = p.max(FloatVector.fromArray(S, x, i));
        q = q.max(FloatVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void min(float[] x, int offset, int n, float[] s) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
      FloatVector q = p;
      for (int i = offset + l; i < offset + n; i += LANES) {
        p = p.min(FloatVector.fromArray(S, x, i));
        q = q.min(FloatVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void exp(
      float[] x, int xOffset, int n, float shift, float[] y, int yOffset, float[] s) {
    FloatVector c = FloatVector.broadcast(S, shift);
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.zero(S);
      FloatVector q = FloatVector.zero(S);
      for (int i = l; i < n; i += LANES) {
        FloatVector d = FloatVectorExp.exp(FloatVector.fromArray(S, x, xOffset + i).sub(c));
        FloatVector e = FloatVectorExp.exp(FloatVector.fromArray(S, x, xOffset + i + L).sub(c));
        d.intoArray(y, yOffset + i);
        e.intoArray(y, yOffset + i + L);
        p = p.add(d);
        q = q.add(e);
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void exp(
      float[] x, int xOffset, int n, float[] shift, int shiftOffset, float[] y, int yOffset) {
    int i = 0;
    // body
    for (; i + L <= n; i += L) {
      FloatVector c = FloatVector.fromArray(S, shift, shiftOffset + i);
      FloatVectorExp.exp(FloatVector.fromArray(S, x, xOffset + i).sub(c)).intoArray(y, yOffset + i);
    }
    // tail
    for (; i < n; i++) {
      y[yOffset + i] = FloatExp.exp(x[xOffset + i] - shift[shiftOffset + i]);
    }
  }
}
