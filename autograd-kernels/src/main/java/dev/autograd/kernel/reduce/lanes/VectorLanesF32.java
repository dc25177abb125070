// Twin: VectorLanesF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce.lanes;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

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
  private static final int HALF = LANES / 2;

  private VectorLanesF32() {}

  static void sum(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.fromArray(S, s, sOffset + l);
      FloatVector q = FloatVector.fromArray(S, s, sOffset + l + L);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = FloatVector.fromArray(S, x, i).add(p);
        q = FloatVector.fromArray(S, x, i + L).add(q);
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void blockSums(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int b = 0; b < n / RowsF32.BLOCK; b++) {
      int from = xOffset + b * RowsF32.BLOCK;
      for (int l = 0; l < HALF; l += L) {
        FloatVector p = FloatVector.zero(S);
        FloatVector q = FloatVector.zero(S);
        for (int i = from + l; i < from + RowsF32.BLOCK; i += LANES) {
          p = FloatVector.fromArray(S, x, i).add(p);
          q = FloatVector.fromArray(S, x, i + HALF).add(q);
        }
        p.add(q).intoArray(s, sOffset + b * HALF + l);
      }
    }
  }

  static void squares(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    FloatVector center = FloatVector.broadcast(S, c);
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.fromArray(S, s, sOffset + l);
      FloatVector q = FloatVector.fromArray(S, s, sOffset + l + L);
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
      FloatVector p = FloatVector.fromArray(S, s, sOffset + l);
      FloatVector q = FloatVector.fromArray(S, s, sOffset + l + L);
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
      FloatVector p = FloatVector.fromArray(S, s, sOffset + l);
      FloatVector q = FloatVector.fromArray(S, s, sOffset + l + L);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = FloatVector.fromArray(S, x, i).max(p);
        q = FloatVector.fromArray(S, x, i + L).max(q);
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void min(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.fromArray(S, s, sOffset + l);
      FloatVector q = FloatVector.fromArray(S, s, sOffset + l + L);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = FloatVector.fromArray(S, x, i).min(p);
        q = FloatVector.fromArray(S, x, i + L).min(q);
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
      FloatVector p = FloatVector.fromArray(S, s, sOffset + l);
      for (int i = l; i < n; i += LANES) {
        FloatVector e = FloatVectorExp.exp(FloatVector.fromArray(S, x, xOffset + i).sub(shift));
        e.intoArray(y, yOffset + i);
        p = e.add(p);
      }
      p.intoArray(s, sOffset + l);
    }
  }

  static void greatest(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int l = 0; l < LANES; l += 2 * L) {
      FloatVector p = FloatVector.fromArray(S, s, sOffset + l);
      FloatVector q = FloatVector.fromArray(S, s, sOffset + l + L);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        FloatVector d = FloatVector.fromArray(S, x, i);
        FloatVector e = FloatVector.fromArray(S, x, i + L);
        p = d.blend(p, d.compare(GT, p).not());
        q = e.blend(q, e.compare(GT, q).not());
      }
      p.intoArray(s, sOffset + l);
      q.intoArray(s, sOffset + l + L);
    }
  }

  static void bound(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    FloatVector sign = FloatVector.broadcast(S, c);
    FloatVector p = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    FloatVector q = p;
    // What is finite times 0 is 0: this stays 0 while all elements are.
    FloatVector unknown = FloatVector.zero(S);
    FloatVector unknown2 = unknown;
    for (int i = xOffset; i < xOffset + n; i += 2 * L) {
      FloatVector v = FloatVector.fromArray(S, x, i).mul(sign);
      FloatVector w = FloatVector.fromArray(S, x, i + L).mul(sign);
      p = v.blend(p, v.compare(GT, p).not());
      q = w.blend(q, w.compare(GT, q).not());
      unknown = v.fma(FloatVector.zero(S), unknown);
      unknown2 = w.fma(FloatVector.zero(S), unknown2);
    }
    s[sOffset] = p.add(unknown).max(q.add(unknown2)).reduceLanes(MAX);
  }

  static void find(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    int i = 0;
    int body = n & -L;
    while (i < body && !FloatVector.fromArray(S, x, xOffset + i).compare(EQ, c).anyTrue()) {
      i += L;
    }
    while (i < n && x[xOffset + i] != c) {
      i++;
    }
    s[sOffset] = i;
  }

  static void expSum(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    FloatVector shift = FloatVector.broadcast(S, c);
    for (int l = 0; l < LANES; l += L) {
      FloatVector p = FloatVector.fromArray(S, s, sOffset + l);
      for (int i = xOffset + l; i < xOffset + n; i += LANES) {
        p = FloatVectorExp.exp(FloatVector.fromArray(S, x, i).sub(shift)).add(p);
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

  static void sumColumns(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    int r = 0;
    int body = n & -L;
    // Four rows at a time: as many streams of reading, and a fourth of the traffic of s.
    for (; r + 4 <= rows; r += 4) {
      int x0 = xOffset + r * step;
      int x1 = x0 + step;
      int x2 = x1 + step;
      int x3 = x2 + step;
      for (int j = 0; j < body; j += L) {
        FloatVector.fromArray(S, s, sOffset + j)
            .add(FloatVector.fromArray(S, x, x0 + j))
            .add(FloatVector.fromArray(S, x, x1 + j))
            .add(FloatVector.fromArray(S, x, x2 + j))
            .add(FloatVector.fromArray(S, x, x3 + j))
            .intoArray(s, sOffset + j);
      }
      for (int j = body; j < n; j++) {
        s[sOffset + j] = s[sOffset + j] + x[x0 + j] + x[x1 + j] + x[x2 + j] + x[x3 + j];
      }
    }
    for (; r < rows; r++) {
      int x0 = xOffset + r * step;
      for (int j = 0; j < body; j += L) {
        FloatVector.fromArray(S, s, sOffset + j)
            .add(FloatVector.fromArray(S, x, x0 + j))
            .intoArray(s, sOffset + j);
      }
      for (int j = body; j < n; j++) {
        s[sOffset + j] += x[x0 + j];
      }
    }
  }

  static void squareColumns(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    int r = 0;
    int body = n & -L;
    for (; r + 2 <= rows; r += 2) {
      int x0 = xOffset + r * step;
      int x1 = x0 + step;
      for (int j = 0; j < body; j += L) {
        FloatVector center = FloatVector.fromArray(S, c, cOffset + j);
        FloatVector d = FloatVector.fromArray(S, x, x0 + j).sub(center);
        FloatVector e = FloatVector.fromArray(S, x, x1 + j).sub(center);
        e.fma(e, d.fma(d, FloatVector.fromArray(S, s, sOffset + j))).intoArray(s, sOffset + j);
      }
      for (int j = body; j < n; j++) {
        float d = x[x0 + j] - c[cOffset + j];
        float e = x[x1 + j] - c[cOffset + j];
        s[sOffset + j] = Math.fma(e, e, Math.fma(d, d, s[sOffset + j]));
      }
    }
    for (; r < rows; r++) {
      int x0 = xOffset + r * step;
      for (int j = 0; j < body; j += L) {
        FloatVector d =
            FloatVector.fromArray(S, x, x0 + j).sub(FloatVector.fromArray(S, c, cOffset + j));
        d.fma(d, FloatVector.fromArray(S, s, sOffset + j)).intoArray(s, sOffset + j);
      }
      for (int j = body; j < n; j++) {
        float d = x[x0 + j] - c[cOffset + j];
        s[sOffset + j] = Math.fma(d, d, s[sOffset + j]);
      }
    }
  }
}
