// Twin: VectorRowsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.Simd;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Sums of rows that are too short for the folding of their lanes to cost nothing.
///
/// Each row leaves half of its lanes, the upper added to the lower, in a line of its own; then the
/// lines are folded side by side. A step of the fold adds lanes l and `l + w` of two lines at a
/// time, and keeps what comes of both in one vector: where bit w of the lane is set the second
/// line's. So L lines end as the one vector of their L sums, in order.
final class VectorRowsF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF32.LANES;
  private static final int HALF = LANES / 2;

  /// By exponent of w, the lanes with bit w turned over.
  private static final List<VectorShuffle<Float>> OTHER =
      IntStream.range(0, Integer.numberOfTrailingZeros(L))
          .mapToObj(e -> VectorShuffle.fromOp(S, l -> l ^ (1 << e)))
          .toList();

  /// By exponent of w, the lanes that have bit w set.
  private static final long[] SECOND = {
    0xAAAAAAAAAAAAAAAAL, 0xCCCCCCCCCCCCCCCCL, 0xF0F0F0F0F0F0F0F0L, 0xFF00FF00FF00FF00L
  };

  private VectorRowsF32() {}

  static void sums(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    // The last lanes of a row are read whole, and there may be no more elements than the row's.
    int most = (x.length - xOffset - ((n - 1) & -LANES) - LANES) / Math.max(1, step) + 1;
    int whole = Math.min(rows, Math.max(0, most)) & -L;
    for (int r = 0; r < whole; r += RowsF32.TOGETHER) {
      int count = Math.min(RowsF32.TOGETHER, whole - r);
      lines(x, xOffset + r * step, step, count, n, c, cOffset);
      for (int w = HALF / 2; w >= L; w >>= 1) {
        narrow(c, cOffset, count, w);
      }
      for (int w = L / 2; w > 0; w >>= 1) {
        join(c, cOffset, count, w);
      }
      for (int i = 0; i < count; i += L) {
        System.arraycopy(c, cOffset + i * HALF, s, sOffset + r + i, L);
      }
    }
    ScalarLanesF32.rowSums(
        x, xOffset + whole * step, step, rows - whole, n, c, cOffset, s, sOffset + whole);
  }

  /// Sums the rows into half their lanes each.
  private static void lines(
      float[] x, int xOffset, int step, int rows, int n, float[] c, int cOffset) {
    int body = (n - 1) & -LANES;
    for (int l = 0; l < HALF; l += L) {
      VectorMask<Float> none = S.indexInRange(l, n - body).not();
      VectorMask<Float> noneAbove = S.indexInRange(l + HALF, n - body).not();
      for (int r = 0; r < rows; r++) {
        int from = xOffset + r * step + l;
        FloatVector p = FloatVector.zero(S);
        FloatVector q = FloatVector.zero(S);
        for (int i = from; i < from + body; i += LANES) {
          p = FloatVector.fromArray(S, x, i).add(p);
          q = FloatVector.fromArray(S, x, i + HALF).add(q);
        }
        p = FloatVector.fromArray(S, x, from + body).blend(0f, none).add(p);
        q = FloatVector.fromArray(S, x, from + body + HALF).blend(0f, noneAbove).add(q);
        p.add(q).intoArray(c, cOffset + r * HALF + l);
      }
    }
  }

  /// Adds lanes `w` and on of each line to the first w.
  private static void narrow(float[] c, int cOffset, int rows, int w) {
    for (int r = cOffset; r < cOffset + rows * HALF; r += HALF) {
      for (int l = r; l < r + w; l += L) {
        FloatVector.fromArray(S, c, l).add(FloatVector.fromArray(S, c, l + w)).intoArray(c, l);
      }
    }
  }

  /// Folds each of the first `w` of the first 2 w lines of every L with that w lines on.
  private static void join(float[] c, int cOffset, int rows, int w) {
    VectorShuffle<Float> other = OTHER.get(Integer.numberOfTrailingZeros(w));
    VectorMask<Float> second = VectorMask.fromLong(S, SECOND[Integer.numberOfTrailingZeros(w)]);
    for (int g = cOffset; g < cOffset + rows * HALF; g += L * HALF) {
      for (int i = g; i < g + w * HALF; i += HALF) {
        FloatVector a = FloatVector.fromArray(S, c, i);
        FloatVector b = FloatVector.fromArray(S, c, i + w * HALF);
        a.add(a.rearrange(other)).blend(b.add(b.rearrange(other)), second).intoArray(c, i);
      }
    }
  }
}
