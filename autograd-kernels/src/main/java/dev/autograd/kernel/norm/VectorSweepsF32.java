// Twin: VectorSweepsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.vector.FloatVectorExp;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The passes in vectors.
final class VectorSweepsF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));

  private static final int L = S.length();
  private static final int SUMS = SweepsF32.SUMS;
  private static final int LANES = RowsF32.LANES;

  private VectorSweepsF32() {}

  static void scale(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      aa.sub(m).mul(r).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = (a[ai + i] - m) * r;
    }
  }

  static void affine(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      FloatVector cc = FloatVector.fromArray(S, c, ci + i);
      aa.sub(m).mul(r).mul(bb).add(cc).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = (a[ai + i] - m) * r * b[bi + i] + c[ci + i];
    }
  }

  static void shifted(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    float t = s[2];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      aa.sub(m).mul(r).add(t).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = (a[ai + i] - m) * r + t;
    }
  }

  static void times(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float r = s[0];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      aa.mul(r).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = a[ai + i] * r;
    }
  }

  static void minus(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float t = s[1];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      aa.sub(m).sub(t).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = a[ai + i] - m - t;
    }
  }

  static void product(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      aa.mul(bb).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = a[ai + i] * b[bi + i];
    }
  }

  static void add(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector yy = FloatVector.fromArray(S, y, o + i);
      yy.add(aa).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = y[o + i] + a[ai + i];
    }
  }

  static void addCentred(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      FloatVector cc = FloatVector.fromArray(S, c, ci + i);
      aa.fma(bb.sub(cc), FloatVector.fromArray(S, y, o + i)).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = Math.fma(a[ai + i], b[bi + i] - c[ci + i], y[o + i]);
    }
  }

  static void affineGradient(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    float p = s[2];
    float q = s[3];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      FloatVector cc = FloatVector.fromArray(S, c, ci + i);
      aa.mul(cc).sub(p).sub(bb.sub(m).mul(r).mul(q)).mul(r).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = (a[ai + i] * c[ci + i] - p - (b[bi + i] - m) * r * q) * r;
    }
  }

  static void centredGradient(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    float p = s[2];
    float q = s[3];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      aa.sub(p).sub(bb.sub(m).mul(q)).mul(r).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = (a[ai + i] - p - (b[bi + i] - m) * q) * r;
    }
  }

  static void shiftedEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector r = FloatVector.fromArray(S, c, ci + i);
      FloatVector t = FloatVector.fromArray(S, c, 2 * ci + i);
      FloatVector d = FloatVector.fromArray(S, a, ai + i).sub(FloatVector.fromArray(S, c, i));
      d.mul(r).add(t).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = (a[ai + i] - c[i]) * c[ci + i] + c[2 * ci + i];
    }
  }

  static void centredGradientEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector r = FloatVector.fromArray(S, c, ci + i);
      FloatVector p = FloatVector.fromArray(S, c, 2 * ci + i);
      FloatVector q = FloatVector.fromArray(S, c, 3 * ci + i);
      FloatVector d = FloatVector.fromArray(S, b, bi + i).sub(FloatVector.fromArray(S, c, i));
      FloatVector.fromArray(S, a, ai + i).sub(p).sub(d.mul(q)).mul(r).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      float d = (b[bi + i] - c[i]) * c[3 * ci + i];
      y[o + i] = (a[ai + i] - c[2 * ci + i] - d) * c[ci + i];
    }
  }

  static void weighted(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float t = s[0];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      bb.mul(aa.sub(t)).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = b[bi + i] * (a[ai + i] - t);
    }
  }

  static void rest(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float t = s[0];
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      aa.sub(FloatVectorExp.exp(bb).mul(t)).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = a[ai + i] - FloatExp.exp(b[bi + i]) * t;
    }
  }

  static void minusEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      FloatVector cc = FloatVector.fromArray(S, c, ci + i);
      aa.sub(bb).sub(cc).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = a[ai + i] - b[bi + i] - c[ci + i];
    }
  }

  static void weightedEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      FloatVector cc = FloatVector.fromArray(S, c, ci + i);
      bb.mul(aa.sub(cc)).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = b[bi + i] * (a[ai + i] - c[ci + i]);
    }
  }

  static void restEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    int body = n & -L;
    // body
    for (int i = 0; i < body; i += L) {
      FloatVector aa = FloatVector.fromArray(S, a, ai + i);
      FloatVector bb = FloatVector.fromArray(S, b, bi + i);
      FloatVector cc = FloatVector.fromArray(S, c, ci + i);
      aa.sub(FloatVectorExp.exp(bb).mul(cc)).intoArray(y, o + i);
    }
    // tail
    for (int i = body; i < n; i++) {
      y[o + i] = a[ai + i] - FloatExp.exp(b[bi + i]) * c[ci + i];
    }
  }

  static void affineSums(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    int body = n & -LANES;
    for (int l = 0; l < LANES; l += 2 * L) {
      int at = o + l;
      FloatVector p = FloatVector.fromArray(S, y, at);
      FloatVector q = FloatVector.fromArray(S, y, at + L);
      FloatVector u = FloatVector.fromArray(S, y, at + LANES);
      FloatVector v = FloatVector.fromArray(S, y, at + LANES + L);
      for (int i = l; i < body; i += LANES) {
        int j = i + L;
        FloatVector d =
            FloatVector.fromArray(S, a, ai + i).mul(FloatVector.fromArray(S, c, ci + i));
        FloatVector e =
            FloatVector.fromArray(S, a, ai + j).mul(FloatVector.fromArray(S, c, ci + j));
        p = d.add(p);
        q = e.add(q);
        u = d.fma(FloatVector.fromArray(S, b, bi + i).sub(m).mul(r), u);
        v = e.fma(FloatVector.fromArray(S, b, bi + j).sub(m).mul(r), v);
      }
      p.intoArray(y, at);
      q.intoArray(y, at + L);
      u.intoArray(y, at + LANES);
      v.intoArray(y, at + LANES + L);
    }
    ScalarSweepsF32.affineSums(body, n, a, ai, b, bi, c, ci, y, o, s);
  }

  static void centredSums(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    int body = n & -LANES;
    for (int l = 0; l < LANES; l += 2 * L) {
      int at = o + l;
      FloatVector p = FloatVector.fromArray(S, y, at);
      FloatVector q = FloatVector.fromArray(S, y, at + L);
      FloatVector u = FloatVector.fromArray(S, y, at + LANES);
      FloatVector v = FloatVector.fromArray(S, y, at + LANES + L);
      for (int i = l; i < body; i += LANES) {
        FloatVector d = FloatVector.fromArray(S, a, ai + i);
        FloatVector e = FloatVector.fromArray(S, a, ai + i + L);
        p = d.add(p);
        q = e.add(q);
        u = d.fma(FloatVector.fromArray(S, b, bi + i).sub(m), u);
        v = e.fma(FloatVector.fromArray(S, b, bi + i + L).sub(m), v);
      }
      p.intoArray(y, at);
      q.intoArray(y, at + L);
      u.intoArray(y, at + LANES);
      v.intoArray(y, at + LANES + L);
    }
    ScalarSweepsF32.centredSums(body, n, a, ai, b, bi, y, o, s);
  }

  static void parameterSums(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    int body = n & -L;
    int second = SweepsF32.second(n);
    for (int i = 0; i < body; i += L) {
      FloatVector g = FloatVector.fromArray(S, a, ai + i);
      FloatVector hat = FloatVector.fromArray(S, b, bi + i).sub(m).mul(r);
      g.fma(hat, FloatVector.fromArray(S, s, SUMS + i)).intoArray(s, SUMS + i);
      FloatVector.fromArray(S, s, second + i).add(g).intoArray(s, second + i);
    }
    ScalarSweepsF32.parameterSums(body, n, a, ai, b, bi, s);
  }
}
