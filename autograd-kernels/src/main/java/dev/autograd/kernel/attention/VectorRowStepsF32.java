// Twin: VectorRowStepsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.attention;

import static jdk.incubator.vector.VectorOperators.GT;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.math.vector.FloatVectorExp;
import dev.autograd.kernel.math.vector.FloatVectorLog;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The steps in vectors. A row is made up to whole blocks of lanes by keys of no weight.
final class VectorRowStepsF32 implements RowStepsF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF32.LANES;
  private static final VectorShuffle<Float> BY8 = shuffle(8);
  private static final VectorShuffle<Float> BY4 = shuffle(4);
  private static final VectorShuffle<Float> BY2 = shuffle(2);
  private static final VectorShuffle<Float> BY1 = shuffle(1);

  private static final ScalarRowStepsF32 PLAIN = new ScalarRowStepsF32();

  private static VectorShuffle<Float> shuffle(int by) {
    return VectorShuffle.fromOp(S, i -> (i + by) % L);
  }

  @Override
  public void weights(
      int rows,
      int n,
      int seen,
      int more,
      float[] x,
      int row,
      float slope,
      float[] m,
      float[] l,
      float[] a) {
    // A loop over all rows for each step: so rows need not wait for each other.
    greatest(rows, n, seen, more, x, row, a);
    for (int r = 0; r < rows; r++) {
      float greatest = (a[r] + 0f) * slope;
      greatest = greatest > m[r] ? greatest : m[r];
      float shift = ScalarRowStepsF32.shift(greatest);
      a[r] = m[r] - shift;
      m[r] = greatest;
      l[rows + r * LANES] = -shift;
    }
    exponentials(rows, n, seen, more, x, row, slope, l);
    int r = 0;
    for (; r + L <= rows; r += L) {
      FloatVectorExp.exp(FloatVector.fromArray(S, a, r)).intoArray(a, r);
    }
    for (; r < rows; r++) {
      a[r] = FloatExp.exp(a[r]);
    }
    totals(rows, l, a);
  }

  /// Finds the greatest element of each row, and makes the rows up to whole blocks.
  private static void greatest(int rows, int n, int seen, int more, float[] x, int row, float[] a) {
    for (int r = 0; r < rows; r++) {
      int at = r * row;
      int end = at + Math.clamp(seen + r * more, 0, n);
      int whole = whole(at, end);
      for (int i = end; i < whole; i++) {
        x[i] = Float.NEGATIVE_INFINITY;
      }
      FloatVector p = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
      FloatVector q = p;
      for (int i = at; i < whole; i += 2 * L) {
        FloatVector b = FloatVector.fromArray(S, x, i);
        FloatVector c = FloatVector.fromArray(S, x, i + L);
        p = b.blend(p, b.compare(GT, p).not());
        q = c.blend(q, c.compare(GT, q).not());
      }
      a[r] = greatest(p.blend(q, q.compare(GT, p)));
    }
  }

  /// Replaces x by `exp(slope x + l)`, l being the first of the lanes of a row that its sums then
  /// take the place of. C2 inlines only so much into one method: hence one exponential in it.
  private static void exponentials(
      int rows, int n, int seen, int more, float[] x, int row, float slope, float[] l) {
    for (int r = 0; r < rows; r++) {
      int at = r * row;
      int whole = whole(at, at + Math.clamp(seen + r * more, 0, n));
      int li = rows + r * LANES;
      FloatVector minus = FloatVector.broadcast(S, l[li]);
      for (int lane = 0; lane < LANES; lane += L) {
        FloatVector p = FloatVector.zero(S);
        for (int i = at + lane; i < whole; i += LANES) {
          FloatVector b = exp(FloatVector.fromArray(S, x, i), slope, minus);
          b.intoArray(x, i);
          p = b.add(p);
        }
        p.intoArray(l, li + lane);
      }
      if (whole < at + n) {
        Arrays.fill(x, whole, at + n, 0f);
      }
    }
  }

  /// Sets `l = l a + sum` with the sums of the lanes of each row.
  private static void totals(int rows, float[] l, float[] a) {
    for (int r = 0; r < rows; r++) {
      l[r] = Math.fma(l[r], a[r], fold(l, rows + r * LANES));
    }
  }

  private static int whole(int at, int end) {
    return at + ((end - at + LANES - 1) & -LANES);
  }

  private static FloatVector exp(FloatVector x, float slope, FloatVector minus) {
    return FloatVectorExp.exp(x.fma(FloatVector.broadcast(S, slope), minus));
  }

  private static float greatest(FloatVector v) {
    if (L > 8) {
      v = greater(v, v.rearrange(BY8));
    }
    if (L > 4) {
      v = greater(v, v.rearrange(BY4));
    }
    if (L > 2) {
      v = greater(v, v.rearrange(BY2));
    }
    return greater(v, v.rearrange(BY1)).lane(0);
  }

  private static FloatVector greater(FloatVector v, FloatVector w) {
    return v.blend(w, w.compare(GT, v));
  }

  /// Returns the sum of lanes in the order of [RowsF32#fold].
  private static float total(FloatVector v) {
    if (L > 8) {
      v = v.add(v.rearrange(BY8));
    }
    if (L > 4) {
      v = v.add(v.rearrange(BY4));
    }
    if (L > 2) {
      v = v.add(v.rearrange(BY2));
    }
    return v.add(v.rearrange(BY1)).lane(0);
  }

  /// Returns the sum of all lanes of a block, overwriting them.
  private static float fold(float[] s, int at) {
    for (int w = LANES / 2; w > L; w >>= 1) {
      for (int i = at; i < at + w; i += L) {
        FloatVector.fromArray(S, s, i).add(FloatVector.fromArray(S, s, i + w)).intoArray(s, i);
      }
    }
    return total(FloatVector.fromArray(S, s, at).add(FloatVector.fromArray(S, s, at + L)));
  }

  @Override
  public void finish(int rows, float[] m, float[] l, float[] lse, int at, float[] a) {
    int r = 0;
    for (; r + L <= rows; r += L) {
      FloatVector sum = FloatVector.fromArray(S, l, r);
      FloatVector.fromArray(S, m, r).add(FloatVectorLog.log(sum)).intoArray(lse, at + r);
      FloatVector one = FloatVector.broadcast(S, 1f);
      one.div(sum).blend(0f, sum.eq(0f)).intoArray(a, r);
    }
    for (; r < rows; r++) {
      lse[at + r] = m[r] + FloatLog.log(l[r]);
      a[r] = l[r] == 0f ? 0f : 1f / l[r];
    }
  }

  @Override
  public void scale(int rows, int n, float[] y, int yOffset, int row, float[] a) {
    int body = n & -L;
    for (int r = 0; r < rows; r++) {
      int at = yOffset + r * row;
      FloatVector f = FloatVector.broadcast(S, a[r]);
      for (int i = at; i < at + body; i += L) {
        FloatVector.fromArray(S, y, i).mul(f).intoArray(y, i);
      }
      for (int i = at + body; i < at + n; i++) {
        y[i] *= a[r];
      }
    }
  }

  @Override
  public void bias(
      int rows,
      int n,
      float[] x,
      int row,
      float scale,
      float[] bias,
      int biasOffset,
      int biasRow,
      int biasColumn) {
    if (biasColumn != 1) {
      PLAIN.bias(rows, n, x, row, scale, bias, biasOffset, biasRow, biasColumn);
      return;
    }
    int body = n & -L;
    FloatVector f = FloatVector.broadcast(S, scale);
    for (int r = 0; r < rows; r++) {
      int at = r * row;
      int bi = biasOffset + r * biasRow;
      for (int i = 0; i < body; i += L) {
        FloatVector b = FloatVector.fromArray(S, bias, bi + i);
        FloatVector.fromArray(S, x, at + i).fma(f, b).intoArray(x, at + i);
      }
      for (int i = body; i < n; i++) {
        x[at + i] = Math.fma(x[at + i], scale, bias[bi + i]);
      }
    }
  }

  @Override
  public void gradients(
      int rows,
      int n,
      int seen,
      int more,
      float[] x,
      float[] t,
      int row,
      float slope,
      float[] lse,
      int lseOffset,
      float[] d,
      float scale) {
    for (int r = 0; r < rows; r++) {
      int at = r * row;
      int end = at + Math.clamp(seen + r * more, 0, n);
      int whole = at + ((end - at + L - 1) & -L);
      Arrays.fill(x, end, whole, Float.NEGATIVE_INFINITY);
      Arrays.fill(t, end, whole, 0f);
      FloatVector minus =
          FloatVector.broadcast(S, -ScalarRowStepsF32.gradientShift(lse[lseOffset + r]));
      FloatVector mean = FloatVector.broadcast(S, d[r]);
      for (int i = at; i < whole; i += L) {
        FloatVector p = exp(FloatVector.fromArray(S, x, i), slope, minus);
        p.intoArray(x, i);
        p.mul(FloatVector.fromArray(S, t, i).sub(mean)).mul(scale).intoArray(t, i);
      }
      if (end < at + n) {
        Arrays.fill(x, end, at + n, 0f);
        Arrays.fill(t, end, at + n, 0f);
      }
    }
  }

  @Override
  public void dots(
      int rows,
      int n,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      int bColumn,
      float[] d) {
    if (aColumn != 1 || bColumn != 1) {
      PLAIN.dots(rows, n, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, d);
      return;
    }
    float[] s = new float[LANES];
    int body = n & -LANES;
    for (int r = 0; r < rows; r++) {
      int ai = aOffset + r * aRow;
      int bi = bOffset + r * bRow;
      for (int lane = 0; lane < LANES; lane += L) {
        FloatVector p = FloatVector.zero(S);
        for (int i = lane; i < body; i += LANES) {
          p = FloatVector.fromArray(S, a, ai + i).fma(FloatVector.fromArray(S, b, bi + i), p);
        }
        p.intoArray(s, lane);
      }
      for (int i = body; i < n; i++) {
        s[i - body] = Math.fma(a[ai + i], b[bi + i], s[i - body]);
      }
      d[r] = fold(s, 0);
    }
  }
}
