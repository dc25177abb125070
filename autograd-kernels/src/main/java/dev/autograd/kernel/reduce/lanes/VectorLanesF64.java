package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.math.DoubleExp;
import dev.autograd.kernel.math.vector.DoubleVectorExp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Lanes as two vectors at a time; a machine narrower than half the lanes makes several passes over
/// the row, which is short enough to stay in the first cache.
final class VectorLanesF64 implements LanesF64 {
  private static final VectorSpecies<Double> S =
      VectorSpecies.of(double.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF64.LANES;

  @Override
  public void sum(double[] x, int offset, int n, double[] s) {
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.zero(S);
      DoubleVector q = DoubleVector.zero(S);
      for (int i = offset + l; i < offset + n; i += LANES) {
        p = p.add(DoubleVector.fromArray(S, x, i));
        q = q.add(DoubleVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void squares(double[] x, int offset, int n, double center, double[] s) {
    DoubleVector c = DoubleVector.broadcast(S, center);
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.zero(S);
      DoubleVector q = DoubleVector.zero(S);
      for (int i = offset + l; i < offset + n; i += LANES) {
        DoubleVector d = DoubleVector.fromArray(S, x, i).sub(c);
        DoubleVector e = DoubleVector.fromArray(S, x, i + L).sub(c);
        p = d.fma(d, p);
        q = e.fma(e, q);
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void dot(double[] x, int xOffset, double[] y, int yOffset, int n, double[] s) {
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.zero(S);
      DoubleVector q = DoubleVector.zero(S);
      for (int i = l; i < n; i += LANES) {
        DoubleVector d = DoubleVector.fromArray(S, x, xOffset + i);
        DoubleVector e = DoubleVector.fromArray(S, x, xOffset + i + L);
        p = d.fma(DoubleVector.fromArray(S, y, yOffset + i), p);
        q = e.fma(DoubleVector.fromArray(S, y, yOffset + i + L), q);
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void max(double[] x, int offset, int n, double[] s) {
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.broadcast(S, Double.NEGATIVE_INFINITY);
      DoubleVector q = p;
      for (int i = offset + l; i < offset + n; i += LANES) {
        p = p.max(DoubleVector.fromArray(S, x, i));
        q = q.max(DoubleVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void min(double[] x, int offset, int n, double[] s) {
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.broadcast(S, Double.POSITIVE_INFINITY);
      DoubleVector q = p;
      for (int i = offset + l; i < offset + n; i += LANES) {
        p = p.min(DoubleVector.fromArray(S, x, i));
        q = q.min(DoubleVector.fromArray(S, x, i + L));
      }
      p.intoArray(s, l);
      q.intoArray(s, l + L);
    }
  }

  @Override
  public void exp(
      double[] x, int xOffset, int n, double shift, double[] y, int yOffset, double[] s) {
    DoubleVector c = DoubleVector.broadcast(S, shift);
    for (int l = 0; l < LANES; l += 2 * L) {
      DoubleVector p = DoubleVector.zero(S);
      DoubleVector q = DoubleVector.zero(S);
      for (int i = l; i < n; i += LANES) {
        DoubleVector d = DoubleVectorExp.exp(DoubleVector.fromArray(S, x, xOffset + i).sub(c));
        DoubleVector e = DoubleVectorExp.exp(DoubleVector.fromArray(S, x, xOffset + i + L).sub(c));
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
      double[] x, int xOffset, int n, double[] shift, int shiftOffset, double[] y, int yOffset) {
    int i = 0;
    // body
    for (; i + L <= n; i += L) {
      DoubleVector c = DoubleVector.fromArray(S, shift, shiftOffset + i);
      DoubleVectorExp.exp(DoubleVector.fromArray(S, x, xOffset + i).sub(c)).intoArray(y, yOffset + i);
    }
    // tail
    for (; i < n; i++) {
      y[yOffset + i] = DoubleExp.exp(x[xOffset + i] - shift[shiftOffset + i]);
    }
  }
}
