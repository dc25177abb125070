// Twin: VectorShortRowsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Short rows in vectors.
///
/// The last vector of a row also reads, and writes, what is of the next rows. So last vectors are
/// written first, and the last rows are left to plain Java.
///
/// Rows are the inner loops: of short ones there are more than of vectors in them.
final class VectorShortRowsF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF32.LANES;
  private static final FloatVector INDEX = FloatVector.zero(S).addIndex(1);
  private static final FloatVector ZERO = FloatVector.zero(S);
  private static final float[] ONES = SweepsF32.filled(LANES, 1f);

  /// Each brings lane `l + w` to lane l; as the order of two does not matter, all lanes then hold
  /// the sum, or the greatest.
  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(S, 8, 1, true);

  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(S, 4, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(S, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(S, 1, 1, true);

  private VectorShortRowsF32() {}

  /// Returns how many of the rows begin so far before `room` elements do that all lanes can be
  /// read.
  private static int wide(int rows, int n, int room) {
    return room < LANES ? 0 : Math.min(rows, (room - LANES) / n + 1);
  }

  /// Returns how many of the rows end so far before `room` elements do that whole vectors fit.
  private static int whole(int rows, int n, int room) {
    int read = (n + L - 1) & -L;
    return room < read ? 0 : Math.min(rows, (room - read) / n + 1);
  }

  static void greatest(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    int whole = whole(rows, n, a.length - ai);
    int body = (n - 1) & -L;
    VectorMask<Float> none = S.indexInRange(body, n).not();
    for (int r = 0, at = ai; r < whole; r++, at += n) {
      FloatVector m = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
      for (int i = at; i < at + body; i += L) {
        m = greater(FloatVector.fromArray(S, a, i), m);
      }
      m = greater(FloatVector.fromArray(S, a, at + body).blend(Float.NEGATIVE_INFINITY, none), m);
      m = L < 16 ? m : greater(m.rearrange(BY_8), m);
      m = L < 8 ? m : greater(m.rearrange(BY_4), m);
      m = L < 4 ? m : greater(m.rearrange(BY_2), m);
      s[si + r] = greater(m.rearrange(BY_1), m).lane(0) + 0f;
    }
    // tail
    ScalarShortRowsF32.greatest(whole, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  static void spread(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    int whole = whole(rows, n, rows * n);
    for (int i = (n - 1) & -L; i >= 0; i -= L) {
      for (int r = 0; r < whole; r++) {
        FloatVector.broadcast(S, s[si + r]).intoArray(y, yi + r * n + i);
      }
    }
    // tail
    ScalarShortRowsF32.spread(whole, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  static void scale(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    int whole = whole(rows, n, rows * n);
    for (int i = (n - 1) & -L; i >= 0; i -= L) {
      for (int r = 0; r < whole; r++) {
        FloatVector.fromArray(S, a, ai + r * n + i)
            .sub(s[si + r])
            .mul(s[si + rows + r])
            .intoArray(y, yi + r * n + i);
      }
    }
    // tail
    ScalarShortRowsF32.scale(whole, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  static void gradient(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    int whole = whole(rows, n, rows * n);
    for (int i = (n - 1) & -L; i >= 0; i -= L) {
      for (int r = 0; r < whole; r++) {
        FloatVector bb = FloatVector.fromArray(S, b, bi + r * n + i);
        FloatVector.fromArray(S, a, ai + r * n + i)
            .sub(s[si + r])
            .sub(bb.mul(s[si + rows + r]))
            .mul(s[si + 2 * rows + r])
            .intoArray(y, yi + r * n + i);
      }
    }
    // tail
    ScalarShortRowsF32.gradient(whole, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  static void sum(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    int whole = wide(rows, n, a.length - ai);
    for (int r = 0, at = ai; r < whole; r++, at += n) {
      s[si + r] = fold(row(a, at, ONES, 0, n)).lane(0);
    }
    // tail
    ScalarShortRowsF32.sum(whole, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  static void dot(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    int whole = wide(rows, n, Math.min(a.length - ai, b.length - bi));
    for (int r = 0, at = 0; r < whole; r++, at += n) {
      s[si + r] = fold(row(a, ai + at, b, bi + at, n)).lane(0);
    }
    // tail
    ScalarShortRowsF32.dot(whole, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  static void laneDots(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    int whole = whole(rows, n, Math.min(a.length - ai, b.length - bi));
    Arrays.fill(y, yi, yi + whole * LANES, 0f);
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> none = S.indexInRange(i, n).not();
      int l = yi + i % LANES;
      for (int r = 0; r < whole; r++) {
        FloatVector sum = FloatVector.fromArray(S, y, l + r * LANES);
        FloatVector d = FloatVector.fromArray(S, a, ai + r * n + i);
        FloatVector more = d.fma(FloatVector.fromArray(S, b, bi + r * n + i), sum);
        more.blend(sum, none).intoArray(y, l + r * LANES);
      }
    }
    // tail
    ScalarShortRowsF32.laneDots(whole, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  static void columnDots(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    int whole = whole(rows, n, Math.min(a.length - ai, b.length - bi));
    for (int j = 0; j < n; j += L) {
      FloatVector sum = FloatVector.fromArray(S, y, yi + j);
      for (int r = 0, at = j; r < whole; r++, at += n) {
        FloatVector d = FloatVector.fromArray(S, a, ai + at);
        sum = d.fma(FloatVector.fromArray(S, b, bi + at), sum);
      }
      sum.intoArray(y, yi + j);
    }
    // tail
    ScalarShortRowsF32.columnDots(whole, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Returns x where it is greater than m, which no NaN is.
  private static FloatVector greater(FloatVector x, FloatVector m) {
    return x.blend(m, x.compare(GT, m).not());
  }

  private static FloatVector fold(FloatVector row) {
    FloatVector v = row;
    v = L < 16 ? v : v.add(v.rearrange(BY_8));
    v = L < 8 ? v : v.add(v.rearrange(BY_4));
    v = L < 4 ? v : v.add(v.rearrange(BY_2));
    return v.add(v.rearrange(BY_1));
  }

  /// Returns the products of x and y in the lanes of a row, folded to the width of a vector.
  private static FloatVector row(float[] x, int xi, float[] y, int yi, int n) {
    return L == LANES / 2
        ? half(x, xi, y, yi, n, 0)
        : L == LANES / 4 ? quarter(x, xi, y, yi, n, 0) : eighth(x, xi, y, yi, n);
  }

  private static FloatVector eighth(float[] x, int xi, float[] y, int yi, int n) {
    return quarter(x, xi, y, yi, n, 0).add(quarter(x, xi, y, yi, n, LANES / 8));
  }

  private static FloatVector quarter(float[] x, int xi, float[] y, int yi, int n, int l) {
    return half(x, xi, y, yi, n, l).add(half(x, xi, y, yi, n, l + LANES / 4));
  }

  private static FloatVector half(float[] x, int xi, float[] y, int yi, int n, int l) {
    return lanes(x, xi, y, yi, n, l).add(lanes(x, xi, y, yi, n, l + LANES / 2));
  }

  private static FloatVector lanes(float[] x, int xi, float[] y, int yi, int n, int l) {
    FloatVector d = FloatVector.fromArray(S, x, xi + l);
    FloatVector e = FloatVector.fromArray(S, y, yi + l);
    return d.fma(e, ZERO).blend(ZERO, INDEX.compare(GE, (float) (n - l)));
  }
}
