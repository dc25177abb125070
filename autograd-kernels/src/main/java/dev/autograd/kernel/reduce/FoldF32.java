// Twin: FoldF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce;

import dev.autograd.kernel.Inflow;
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
  static final int FEW_COLUMNS = 4;
  private static final int FEW_ROWS_COLUMNS = 1024;
  private static final int STREAMS = 4;

  /// Columns and rows that go together where they are computed as they are read: what a window
  /// holds stays in the second cache, and what is computed at a time is worth the call.
  private static final int ENTERED_COLUMNS = 512;

  /// Elements that are asked for at a time.
  private static final int ENTERED = 4096;

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
  private final Inflow x;
  private final Axes axes;
  private final float @Nullable [] shift;
  private final int shiftOffset;

  private FoldF32(
      RowsF32 rows, Kind kind, Inflow x, Axes axes, float @Nullable [] shift, int shiftOffset) {
    this.rows = rows;
    this.kind = kind;
    this.x = x;
    this.axes = axes;
    this.shift = shift;
    this.shiftOffset = shiftOffset;
  }

  /// Writes one result per output; SQUARES and EXP subtract `shift` of the output first.
  static void run(
      RowsF32 rows,
      Kind kind,
      Inflow x,
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
    var fold = new FoldF32(rows, kind, x, axes, shift, shiftOffset);
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
      int grain = Workers.grain(CHUNK, n);
      // Short rows that follow each other are entered together.
      int entered = x.isReady() ? grain : Math.max(1, ENTERED / n);
      int group = !axes.liesApart() && axes.isDense() ? entered : 1;
      Workers.forRange(
          outputs,
          grain,
          (from, to) -> {
            Inflow.Window window = x.window(Math.min(group, to - from) * n);
            float[] buffer = new float[axes.liesApart() ? n : 0];
            boolean together = kind == Kind.SUM && group >= RowsF32.SIDE_BY_SIDE;
            float[] lanes = new float[together ? RowsF32.ROOM : LANES];
            for (int o0 = from; o0 < to; o0 += group) {
              int count = Math.min(group, to - o0);
              int at = axes.liesApart() ? 0 : window.at(axes.keptOffset(o0), count * n, 0);
              if (together) {
                rows.sums((float[]) window.array(), at, n, count, n, lanes, y, yOffset + o0);
                continue;
              }
              for (int o = o0; o < o0 + count; o++) {
                y[yOffset + o] =
                    axes.liesApart()
                        ? gathered(o, window, 0, n, buffer, lanes)
                        : fold((float[]) window.array(), at + (o - o0) * n, n, shift(o));
              }
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
            Inflow.Window window = x.window(ENTERED);
            float[] buffer = new float[axes.liesApart() ? BLOCK : 0];
            float[] lanes = new float[LANES];
            for (int p = from; p < to; ) {
              int o = first + p / blocks;
              int b = p % blocks;
              if (axes.liesApart()) {
                int i = b * BLOCK;
                parts[p++] = gathered(o, window, i, Math.min(BLOCK, n - i), buffer, lanes);
              } else {
                int most = (x.isReady() ? CHUNK : ENTERED) / BLOCK;
                int end = Math.min(p + Math.min(blocks - b, most), to);
                blocks(o, window, b, parts, p, end);
                p = end;
              }
            }
          });
      for (int o = 0; o < count; o++) {
        y[yOffset + first + o] = joined(parts, o * blocks, blocks, 1, 0);
      }
    }
  }

  /// Folds the blocks of a contiguous sequence from block `b` on into `parts`.
  private void blocks(int o, Inflow.Window window, int b, float[] parts, int from, int to) {
    int n = axes.length();
    int i = b * BLOCK;
    int at = window.at(axes.keptOffset(o) + i, Math.min((to - from) * BLOCK, n - i), 0);
    float[] a = (float[]) window.array();
    int next = from;
    if (kind == Kind.SUM) {
      int whole = Math.min(to - from, (n - i) / BLOCK);
      rows.sums(a, at, whole, parts, from);
      next += whole;
      at += whole * BLOCK;
      i += whole * BLOCK;
    } else if (kind == Kind.MAX || kind == Kind.MIN) {
      // In any order and any number of times: all together are as good as one by one.
      Arrays.fill(parts, from, to, fold(a, at, Math.min((to - from) * BLOCK, n - i), 0f));
      return;
    }
    for (int p = next; p < to; p++) {
      parts[p] = fold(a, at, Math.min(BLOCK, n - i), shift(o));
      at += BLOCK;
      i += BLOCK;
    }
  }

  private float shift(int output) {
    return shift == null ? 0f : shift[shiftOffset + output];
  }

  /// Folds a block that does not lie in one piece.
  private float gathered(
      int output, Inflow.Window window, int i, int n, float[] buffer, float[] lanes) {
    float s = shift(output);
    int base = axes.keptOffset(output);
    if (axes.runStride() == 1
        && axes.run() % LANES == 0
        && (kind == Kind.SUM || kind == Kind.SQUARES)) {
      return segments(window, base, i, n, s, lanes);
    }
    gather(window, base, i, n, buffer);
    return fold(buffer, 0, n, s);
  }

  /// Folds a block of runs that are whole numbers of lanes long where it lies.
  private float segments(Inflow.Window window, int base, int i, int n, float s, float[] lanes) {
    Arrays.fill(lanes, 0f);
    float[] x = (float[]) window.array();
    int run = axes.run();
    int done = 0;
    while (done < n) {
      int index = i + done;
      int take = Math.min(n - done, run - index % run);
      int from = window.at(base + axes.reducedOffset(index), take, 0);
      if (kind == Kind.SUM) {
        rows.sum(x, from, take, lanes, 0);
      } else {
        rows.squares(x, from, take, s, lanes, 0);
      }
      done += take;
    }
    return RowsF32.fold(lanes, 0);
  }

  private void gather(Inflow.Window window, int base, int i, int n, float[] to) {
    float[] x = (float[]) window.array();
    int run = axes.run();
    int stride = axes.runStride();
    int done = 0;
    while (done < n) {
      int index = i + done;
      int take = Math.min(n - done, run - index % run);
      int at = base + axes.reducedOffset(index);
      if (stride == 1) {
        System.arraycopy(x, window.at(at, take, 0), to, done, take);
      } else {
        for (int j = 0; j < take; j++) {
          to[done + j] = x[window.at(at + j * stride, 1, 0)];
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
    if (kind == Kind.SUM && axes.length() <= LANES && axes.run() == axes.length()) {
      byFewRows(y, yOffset);
      return;
    }
    int most = x.isReady() ? COLUMNS : ENTERED_COLUMNS;
    int strips = (columns + most - 1) / most;
    int pitch = Math.min(columns, most);
    int n = axes.length();
    int blocks = RowsF32.blocks(n);
    int items = axes.outputs() / columns * strips;
    boolean direct = blocks == 1;
    int together = direct ? items : Math.max(1, Math.min(items, (1 << 20) / pitch / blocks));
    float[] parts = direct ? y : new float[together * blocks * pitch];
    for (int i0 = 0; i0 < items; i0 += together) {
      int first = i0;
      int count = Math.min(together, items - i0);
      Workers.forRange(
          count * blocks,
          Workers.grain(CHUNK, (long) Math.min(n, BLOCK) * pitch),
          (from, end) -> {
            Inflow.Window window = x.window(group(pitch) * pitch);
            float[] lanes = new float[LANES * pitch];
            float[] line = new float[pitch];
            for (int p = from; p < end; p++) {
              int item = first + p / blocks;
              int o = item / strips * columns + item % strips * most;
              int width = Math.min(most, columns - item % strips * most);
              int i = p % blocks * BLOCK;
              int length = Math.min(BLOCK, n - i);
              int to = direct ? yOffset + o : p * pitch;
              strip(window, o, width, i, length, lanes, line, parts, to);
            }
          });
      for (int q = 0; q < count && !direct; q++) {
        int item = first + q;
        int o = item / strips * columns + item % strips * most;
        int width = Math.min(most, columns - item % strips * most);
        for (int j = 0; j < width; j++) {
          y[yOffset + o + j] = joined(parts, q * blocks * pitch, blocks, pitch, j);
        }
      }
    }
  }

  /// Sums rows of which there are no more than lanes.
  private void byFewRows(float[] y, int yOffset) {
    int columns = axes.columns();
    int n = axes.length();
    int pitch = Math.min(columns, x.isReady() ? FEW_ROWS_COLUMNS : ENTERED_COLUMNS);
    int strips = (columns + pitch - 1) / pitch;
    Workers.forRange(
        axes.outputs() / columns * strips,
        Workers.grain(CHUNK, (long) n * pitch),
        (from, to) -> {
          Inflow.Window window = x.window(n * pitch);
          float[] room = new float[RowsF32.COLUMN_ROOM * pitch];
          for (int i = from; i < to; i++) {
            int j = i % strips * pitch;
            int o = i / strips * columns + j;
            int width = Math.min(pitch, columns - j);
            Lines rows = entered(window, axes.keptOffset(o), n, width);
            float[] a = (float[]) window.array();
            this.rows.columnSums(a, rows.at, rows.step, n, width, room, y, yOffset + o);
          }
        });
  }

  /// Returns how many rows of at most `pitch` columns go together.
  private static int group(int pitch) {
    return pitch > COLUMNS ? LANES : STREAMS * LANES;
  }

  /// Folds one block of `width` neighbouring outputs into `parts`.
  private void strip(
      Inflow.Window window,
      int o,
      int width,
      int i,
      int n,
      float[] lanes,
      float[] line,
      float[] parts,
      int partsAt) {
    int base = axes.keptOffset(o);
    int run = axes.run();
    Arrays.fill(lanes, kind.identity());
    int done = 0;
    while (done < n) {
      int index = i + done;
      int from = base + axes.reducedOffset(index);
      int take = Math.min(n - done, run - index % run);
      stretch(window, from, take, done, o, width, lanes, line);
      done += take;
    }
    for (int w = LANES / 2; w > 0; w >>= 1) {
      join(lanes, w * width);
    }
    System.arraycopy(lanes, 0, parts, partsAt, width);
  }

  /// Folds rows `first` and on of a block, which lie one run stride apart, into their lanes.
  private void stretch(
      Inflow.Window window,
      int from,
      int count,
      int first,
      int o,
      int width,
      float[] lanes,
      float[] line) {
    int stride = axes.runStride();
    float[] x = (float[]) window.array();
    // Few rows of one lane go together, row by row as far as memory goes: some streams to read.
    int most = group(lanes.length / LANES);
    for (int r0 = 0; r0 < count; r0 += most) {
      int group = Math.min(count - r0, most);
      Lines lines = entered(window, from + r0 * stride, group, width);
      int at = lines.at;
      int step = lines.step;
      if (kind != Kind.SUM && kind != Kind.SQUARES) {
        for (int r = 0; r < group; r++) {
          row(x, at + r * step, o, width, lanes, (first + r0 + r) % LANES * width, line);
        }
        continue;
      }
      if (kind == Kind.SUM && step == width && (first + r0) % LANES == 0) {
        // As far apart as the lanes: all of them go together.
        int whole = group / LANES;
        int rest = group % LANES * width;
        rows.sumColumns(x, at, LANES * width, whole, LANES * width, lanes, 0);
        rows.sumColumns(x, at + whole * LANES * width, 0, 1, rest, lanes, 0);
        continue;
      }
      for (int r = 0; r < Math.min(group, LANES); r++) {
        int lane = (first + r0 + r) % LANES * width;
        int same = (group - r + LANES - 1) / LANES;
        int top = at + r * step;
        if (kind == Kind.SUM) {
          rows.sumColumns(x, top, LANES * step, same, width, lanes, lane);
        } else {
          float[] s = Objects.requireNonNull(shift);
          rows.squareColumns(x, top, LANES * step, same, width, s, shiftOffset + o, lanes, lane);
        }
      }
    }
  }

  /// Enters `count` rows of `width` elements, of which the first begins at `from`.
  private Lines entered(Inflow.Window window, int from, int count, int width) {
    int stride = axes.runStride();
    if (stride == width) {
      return new Lines(window.at(from, count * width, 0), stride);
    }
    int at = window.at(from, width, 0);
    int step = stride;
    for (int r = 1; r < count; r++) {
      int next = window.at(from + r * stride, width, r * width);
      step = r == 1 ? next - at : step;
    }
    return new Lines(at, step);
  }

  /// Rows in a window: where the first begins, and from there on each next.
  private record Lines(int at, int step) {}

  private void row(float[] x, int from, int o, int width, float[] lanes, int lane, float[] line) {
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
