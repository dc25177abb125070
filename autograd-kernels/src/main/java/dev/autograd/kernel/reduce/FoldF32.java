// Twin: FoldF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Folds in f32 over any axes, in the order of Note [Order of a sum] whatever the layout.
///
/// Rows: a sequence that is contiguous, or is gathered block by block, goes through the lanes.
/// Columns: outputs that are neighbours in memory go together, one buffer row per lane.
final class FoldF32 {
  private static final int BLOCK = RowsF32.BLOCK;
  private static final int LANES = RowsF32.LANES;
  private static final int COLUMNS = 256;
  private static final int FEW_COLUMNS = 4;
  private static final int STREAMS = 4;
  private static final int CHUNK = 1 << 16;

  /// What is folded.
  enum Kind {
    SUM,
    SQUARES,
    EXP,
    PROD,
    MAX,
    MIN;

    float identity() {
      return switch (this) {
        case SUM, SQUARES, EXP -> 0f;
        case PROD -> 1f;
        case MAX -> Float.NEGATIVE_INFINITY;
        case MIN -> Float.POSITIVE_INFINITY;
      };
    }
  }

  private final RowsF32 rows;
  private final Kind kind;
  private final float[] x;
  private final int xOffset;
  private final Axes axes;
  private final float @Nullable [] shift;
  private final int shiftOffset;

  private FoldF32(
      RowsF32 rows,
      Kind kind,
      float[] x,
      int xOffset,
      Axes axes,
      float @Nullable [] shift,
      int shiftOffset) {
    this.rows = rows;
    this.kind = kind;
    this.x = x;
    this.xOffset = xOffset;
    this.axes = axes;
    this.shift = shift;
    this.shiftOffset = shiftOffset;
  }

  /// Writes one result per output; SQUARES and EXP subtract `shift` of the output first.
  static void run(
      RowsF32 rows,
      Kind kind,
      float[] x,
      int xOffset,
      Axes axes,
      float @Nullable [] shift,
      int shiftOffset,
      float[] y,
      int yOffset) {
    int outputs = axes.outputs();
    if (axes.length() == 0) {
      Arrays.fill(y, yOffset, yOffset + outputs, kind.identity());
      return;
    }
    var fold = new FoldF32(rows, kind, x, xOffset, axes, shift, shiftOffset);
    if (axes.columns() >= FEW_COLUMNS) {
      fold.byColumns(y, yOffset);
    } else {
      fold.byRows(y, yOffset);
    }
  }

  // Rows

  private void byRows(float[] y, int yOffset) {
    int outputs = axes.outputs();
    int n = axes.length();
    int blocks = RowsF32.blocks(n);
    if (blocks == 1) {
      Workers.forRange(
          outputs,
          Math.max(1, CHUNK / n),
          (from, to) -> {
            float[] buffer = gathers() ? new float[n] : x;
            for (int o = from; o < to; o++) {
              y[yOffset + o] = block(o, axes.keptOffset(o), 0, n, buffer);
            }
          });
      return;
    }
    int together = Math.max(1, Math.min(outputs, (1 << 20) / blocks));
    float[] parts = new float[together * blocks];
    for (int o0 = 0; o0 < outputs; o0 += together) {
      int first = o0;
      int count = Math.min(together, outputs - o0);
      Workers.forRange(
          count * blocks,
          CHUNK / BLOCK,
          (from, to) -> {
            float[] buffer = gathers() ? new float[BLOCK] : x;
            for (int p = from; p < to; p++) {
              int o = first + p / blocks;
              int i = p % blocks * BLOCK;
              parts[p] = block(o, axes.keptOffset(o), i, Math.min(BLOCK, n - i), buffer);
            }
          });
      for (int o = 0; o < count; o++) {
        y[yOffset + first + o] = joined(parts, o * blocks, blocks, 1, 0);
      }
    }
  }

  private boolean gathers() {
    return axes.runStride() != 1 || axes.run() != axes.length();
  }

  private float block(int output, int base, int i, int n, float[] buffer) {
    float s = shift == null ? 0f : shift[shiftOffset + output];
    if (!gathers()) {
      return fold(x, xOffset + base + i, n, s);
    }
    if (axes.runStride() == 1
        && axes.run() % LANES == 0
        && (kind == Kind.SUM || kind == Kind.SQUARES)) {
      return segments(base, i, n, s);
    }
    gather(base, i, n, buffer);
    return fold(buffer, 0, n, s);
  }

  /// Folds a block of runs that are whole numbers of lanes long where it lies.
  private float segments(int base, int i, int n, float s) {
    float[] lanes = new float[LANES];
    int run = axes.run();
    int done = 0;
    while (done < n) {
      int at = i + done;
      int from = xOffset + base + axes.reducedOffset(at);
      int take = Math.min(n - done, run - at % run);
      if (kind == Kind.SUM) {
        rows.sum(x, from, take, lanes, 0);
      } else {
        rows.squares(x, from, take, s, lanes, 0);
      }
      done += take;
    }
    return RowsF32.fold(lanes, 0);
  }

  private void gather(int base, int i, int n, float[] to) {
    int run = axes.run();
    int stride = axes.runStride();
    int done = 0;
    while (done < n) {
      int at = i + done;
      int from = xOffset + base + axes.reducedOffset(at);
      int take = Math.min(n - done, run - at % run);
      if (stride == 1) {
        System.arraycopy(x, from, to, done, take);
      } else {
        for (int j = 0; j < take; j++) {
          to[done + j] = x[from + j * stride];
        }
      }
      done += take;
    }
  }

  private float fold(float[] a, int at, int n, float s) {
    return switch (kind) {
      case SUM -> rows.sum(a, at, n);
      case SQUARES -> rows.squares(a, at, n, s);
      case EXP -> rows.expSum(a, at, n, s);
      case PROD -> rows.prod(a, at, n);
      case MAX -> rows.max(a, at, n);
      case MIN -> rows.min(a, at, n);
    };
  }

  // Columns

  private void byColumns(float[] y, int yOffset) {
    int columns = axes.columns();
    int strips = (columns + COLUMNS - 1) / COLUMNS;
    int pitch = Math.min(columns, COLUMNS);
    int n = axes.length();
    int blocks = RowsF32.blocks(n);
    int items = axes.outputs() / columns * strips;
    int together = Math.max(1, Math.min(items, (1 << 20) / pitch / blocks));
    float[] parts = new float[together * blocks * pitch];
    for (int i0 = 0; i0 < items; i0 += together) {
      int first = i0;
      int count = Math.min(together, items - i0);
      Workers.forRange(
          count * blocks,
          Math.max(1, CHUNK / (Math.min(n, BLOCK) * Math.min(columns, COLUMNS))),
          (from, to) -> {
            float[] lanes = new float[LANES * pitch];
            float[] line = new float[pitch];
            for (int p = from; p < to; p++) {
              int item = first + p / blocks;
              int o = item / strips * columns + item % strips * COLUMNS;
              int width = Math.min(COLUMNS, columns - item % strips * COLUMNS);
              int i = p % blocks * BLOCK;
              strip(o, width, i, Math.min(BLOCK, n - i), lanes, line, parts, p * pitch);
            }
          });
      for (int q = 0; q < count; q++) {
        int item = first + q;
        int o = item / strips * columns + item % strips * COLUMNS;
        int width = Math.min(COLUMNS, columns - item % strips * COLUMNS);
        for (int j = 0; j < width; j++) {
          y[yOffset + o + j] = joined(parts, q * blocks * pitch, blocks, pitch, j);
        }
      }
    }
  }

  /// Folds one block of `width` neighbouring outputs into `parts`.
  private void strip(
      int o, int width, int i, int n, float[] lanes, float[] line, float[] parts, int partsAt) {
    Arrays.fill(lanes, kind.identity());
    int base = xOffset + axes.keptOffset(o);
    int run = axes.run();
    int stride = axes.runStride();
    int done = 0;
    while (done < n) {
      int at = i + done;
      int from = base + axes.reducedOffset(at);
      int take = Math.min(n - done, run - at % run);
      stretch(from, stride, take, done, o, width, lanes, line);
      done += take;
    }
    for (int w = LANES / 2; w > 0; w >>= 1) {
      join(lanes, w * width);
    }
    System.arraycopy(lanes, 0, parts, partsAt, width);
  }

  /// Folds rows `first` and on of a block, which lie `stride` apart, into their lanes.
  private void stretch(
      int from, int stride, int count, int first, int o, int width, float[] lanes, float[] line) {
    if (kind != Kind.SUM && kind != Kind.SQUARES) {
      for (int r = 0; r < count; r++) {
        row(from + r * stride, o, width, lanes, (first + r) % LANES * width, line);
      }
      return;
    }
    // Few rows of one lane go together, row by row as far as memory goes: some streams to read.
    for (int r0 = 0; r0 < count; r0 += STREAMS * LANES) {
      int group = Math.min(count - r0, STREAMS * LANES);
      for (int r = 0; r < Math.min(group, LANES); r++) {
        int at = from + (r0 + r) * stride;
        int lane = (first + r0 + r) % LANES * width;
        int same = (group - r + LANES - 1) / LANES;
        if (kind == Kind.SUM) {
          rows.sumColumns(x, at, LANES * stride, same, width, lanes, lane);
        } else {
          float[] s = Objects.requireNonNull(shift);
          rows.squareColumns(x, at, LANES * stride, same, width, s, shiftOffset + o, lanes, lane);
        }
      }
    }
  }

  private void row(int from, int o, int width, float[] lanes, int lane, float[] line) {
    switch (kind) {
      case SUM, SQUARES -> throw new AssertionError(kind);
      case EXP -> {
        float[] s = Objects.requireNonNull(shift);
        rows.exp(x, from, width, s, shiftOffset + o, line, 0);
        rows.sumColumns(line, 0, 0, 1, width, lanes, lane);
      }
      case PROD -> {
        for (int j = 0; j < width; j++) {
          lanes[lane + j] *= x[from + j];
        }
      }
      case MAX -> {
        for (int j = 0; j < width; j++) {
          lanes[lane + j] = Math.max(lanes[lane + j], x[from + j]);
        }
      }
      case MIN -> {
        for (int j = 0; j < width; j++) {
          lanes[lane + j] = Math.min(lanes[lane + j], x[from + j]);
        }
      }
    }
  }

  /// Joins the second `w` values into the first.
  private void join(float[] lanes, int w) {
    switch (kind) {
      case SUM, SQUARES, EXP -> rows.sumColumns(lanes, w, 0, 1, w, lanes, 0);
      case PROD -> {
        for (int j = 0; j < w; j++) {
          lanes[j] *= lanes[w + j];
        }
      }
      case MAX -> {
        for (int j = 0; j < w; j++) {
          lanes[j] = Math.max(lanes[j], lanes[w + j]);
        }
      }
      case MIN -> {
        for (int j = 0; j < w; j++) {
          lanes[j] = Math.min(lanes[j], lanes[w + j]);
        }
      }
    }
  }

  /// Joins the blocks of an output pairwise, overwriting them.
  private float joined(float[] parts, int at, int count, int step, int column) {
    int left = count;
    while (left > 1) {
      int half = left >> 1;
      for (int i = 0; i < half; i++) {
        float a = parts[at + 2 * i * step + column];
        float b = parts[at + (2 * i + 1) * step + column];
        parts[at + i * step + column] =
            switch (kind) {
              case SUM, SQUARES, EXP -> a + b;
              case PROD -> a * b;
              case MAX -> Math.max(a, b);
              case MIN -> Math.min(a, b);
            };
      }
      if ((left & 1) != 0) {
        parts[at + half * step + column] = parts[at + (left - 1) * step + column];
      }
      left = (left + 1) >> 1;
    }
    return parts[at + column];
  }
}
