// Twin: VectorShortRowsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Short rows in vectors.
///
/// All lanes of a row are read, also those that belong to the next rows, and what is not of the row
/// is put out. So the last rows of an array are left to plain Java.
final class VectorShortRowsF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF32.LANES;
  private static final FloatVector INDEX = FloatVector.zero(S).addIndex(1);
  private static final FloatVector ZERO = FloatVector.zero(S);
  private static final float[] ONES = SweepsF32.filled(LANES, 1f);
  private static final FloatVector LEAST = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);

  /// Each brings lane `l + w` to lane l; as the order of two summands does not matter, all lanes
  /// then hold the sum.
  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(S, 8, 1, true);

  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(S, 4, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(S, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(S, 1, 1, true);

  private VectorShortRowsF32() {}

  static void sum(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    int r = 0;
    // body
    for (int at = xi; r < rows && at + LANES <= x.length; r++, at += n) {
      s[si + r] = fold(row(x, at, ONES, 0, n)).lane(0);
    }
    // tail
    ScalarShortRowsF32.sum(rows - r, n, x, xi + r * n, y, yi, s, si + r);
  }

  static void dot(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    int r = 0;
    // body
    for (int a = xi, b = yi;
        r < rows && a + LANES <= x.length && b + LANES <= y.length;
        r++, a += n, b += n) {
      s[si + r] = fold(row(x, a, y, b, n)).lane(0);
    }
    // tail
    ScalarShortRowsF32.dot(rows - r, n, x, xi + r * n, y, yi + r * n, s, si + r);
  }

  static void greatest(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    int r = 0;
    // body
    for (int at = xi; r < rows && at + LANES <= x.length; r++, at += n) {
      FloatVector m =
          L == LANES / 2
              ? greatestHalf(x, at, n, 0)
              : L == LANES / 4 ? greatestQuarter(x, at, n, 0) : greatestEighth(x, at, n);
      m = L < 16 ? m : greater(m, m.rearrange(BY_8));
      m = L < 8 ? m : greater(m, m.rearrange(BY_4));
      m = L < 4 ? m : greater(m, m.rearrange(BY_2));
      s[si + r] = greater(m, m.rearrange(BY_1)).lane(0) + 0f;
    }
    // tail
    ScalarShortRowsF32.greatest(rows - r, n, x, xi + r * n, y, yi, s, si + r);
  }

  static void spread(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    int r = 0;
    int end = yi + rows * n;
    // Each row is written on into the next ones, which are written after it.
    for (int at = yi; r < rows && at + LANES <= end; r++, at += n) {
      FloatVector v = FloatVector.broadcast(S, s[si + r]);
      for (int i = at; i < at + n; i += L) {
        v.intoArray(y, i);
      }
    }
    // tail
    ScalarShortRowsF32.spread(rows - r, n, x, xi, y, yi + r * n, s, si + r);
  }

  static void columnDots(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    int read = (n + L - 1) & -L;
    int room = Math.min(x.length - xi, y.length - yi) - read;
    int whole = room < 0 ? 0 : Math.min(rows, room / n + 1);
    for (int j = 0; j < n; j += L) {
      FloatVector sum = FloatVector.fromArray(S, s, si + j);
      for (int r = 0, at = j; r < whole; r++, at += n) {
        FloatVector d = FloatVector.fromArray(S, x, xi + at);
        sum = d.fma(FloatVector.fromArray(S, y, yi + at), sum);
      }
      sum.intoArray(s, si + j);
    }
    // tail
    int at = whole * n;
    ScalarShortRowsF32.columnDots(rows - whole, n, x, xi + at, y, yi + at, s, si);
  }

  private static FloatVector greatestEighth(float[] x, int at, int n) {
    return greater(greatestQuarter(x, at, n, 0), greatestQuarter(x, at, n, LANES / 8));
  }

  private static FloatVector greatestQuarter(float[] x, int at, int n, int l) {
    return greater(greatestHalf(x, at, n, l), greatestHalf(x, at, n, l + LANES / 4));
  }

  private static FloatVector greatestHalf(float[] x, int at, int n, int l) {
    return greater(numbers(x, at, n, l), numbers(x, at, n, l + LANES / 2));
  }

  /// Returns lanes of a row, -inf for NaN and for what is not of the row.
  private static FloatVector numbers(float[] x, int at, int n, int l) {
    FloatVector v = FloatVector.fromArray(S, x, at + l);
    return LEAST.blend(v, v.compare(GT, LEAST)).blend(LEAST, INDEX.compare(GE, (float) (n - l)));
  }

  private static FloatVector greater(FloatVector p, FloatVector q) {
    return p.blend(q, q.compare(GT, p));
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
