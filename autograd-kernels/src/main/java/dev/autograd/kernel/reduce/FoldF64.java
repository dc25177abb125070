package dev.autograd.kernel.reduce;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.RowsF64;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Folds in f64 over any axes, in the order of Note [Order of a sum] whatever the layout.
///
/// Rows: a sequence that is contiguous, or is gathered block by block, goes through the lanes.
/// Columns: outputs that are neighbours in memory go together, one buffer row per lane.
final class FoldF64 {
  private static final int BLOCK = RowsF64.BLOCK;
  private static final int LANES = RowsF64.LANES;
  private static final int COLUMNS = 64;
  private static final int FEW_COLUMNS = 4;
  private static final int CHUNK = 1 << 16;

  /// What is folded.
  enum Kind {
    SUM,
    SQUARES,
    EXP,
    PROD,
    MAX,
    MIN;

    double identity() {
      return switch (this) {
        case SUM, SQUARES, EXP -> 0.0;
        case PROD -> 1.0;
        case MAX -> Double.NEGATIVE_INFINITY;
        case MIN -> Double.POSITIVE_INFINITY;
      };
    }
  }

  private final RowsF64 rows;
  private final Kind kind;
  private final double[] x;
  private final int xOffset;
  private final Axes axes;
  private final double @Nullable [] shift;
  private final int shiftOffset;

  private FoldF64(
      RowsF64 rows, Kind kind, double[] x, int xOffset, Axes axes, double @Nullable [] shift,
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
      RowsF64 rows,
      Kind kind,
      double[] x,
      int xOffset,
      Axes axes,
      double @Nullable [] shift,
      int shiftOffset,
      double[] y,
      int yOffset) {
    int outputs = axes.outputs();
    if (axes.length() == 0) {
      Arrays.fill(y, yOffset, yOffset + outputs, kind.identity());
      return;
    }
    var fold = new FoldF64(rows, kind, x, xOffset, axes, shift, shiftOffset);
    if (axes.columns() >= FEW_COLUMNS) {
      fold.byColumns(y, yOffset);
    } else {
      fold.byRows(y, yOffset);
    }
  }

  // Rows

  private void byRows(double[] y, int yOffset) {
    int outputs = axes.outputs();
    int n = axes.length();
    int blocks = RowsF64.blocks(n);
    if (blocks == 1) {
      Workers.forRange(
          outputs,
          Math.max(1, CHUNK / n),
          (from, to) -> {
            double[] buffer = gathers() ? new double[n] : x;
            for (int o = from; o < to; o++) {
              y[yOffset + o] = block(o, axes.keptOffset(o), 0, n, buffer);
            }
          });
      return;
    }
    int together = Math.max(1, Math.min(outputs, (1 << 20) / blocks));
    double[] parts = new double[together * blocks];
    for (int o0 = 0; o0 < outputs; o0 += together) {
      int first = o0;
      int count = Math.min(together, outputs - o0);
      Workers.forRange(
          count * blocks,
          CHUNK / BLOCK,
          (from, to) -> {
            double[] buffer = gathers() ? new double[BLOCK] : x;
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

  private double block(int output, int base, int i, int n, double[] buffer) {
    double s = shift == null ? 0.0 : shift[shiftOffset + output];
    if (!gathers()) {
      return fold(x, xOffset + base + i, n, s);
    }
    gather(base, i, n, buffer);
    return fold(buffer, 0, n, s);
  }

  private void gather(int base, int i, int n, double[] to) {
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

  private double fold(double[] a, int at, int n, double s) {
    return switch (kind) {
      case SUM -> rows.sum(a, at, n);
      case SQUARES -> rows.squares(a, at, n, s);
      case EXP -> rows.exp(a, at, n, s, new double[n], 0);
      case PROD -> rows.prod(a, at, n);
      case MAX -> rows.max(a, at, n);
      case MIN -> rows.min(a, at, n);
    };
  }

  // Columns

  private void byColumns(double[] y, int yOffset) {
    int columns = axes.columns();
    int strips = (columns + COLUMNS - 1) / COLUMNS;
    int n = axes.length();
    int blocks = RowsF64.blocks(n);
    int items = axes.outputs() / columns * strips;
    int together = Math.max(1, Math.min(items, (1 << 20) / COLUMNS / blocks));
    double[] parts = new double[together * blocks * COLUMNS];
    for (int i0 = 0; i0 < items; i0 += together) {
      int first = i0;
      int count = Math.min(together, items - i0);
      Workers.forRange(
          count * blocks,
          Math.max(1, CHUNK / (Math.min(n, BLOCK) * Math.min(columns, COLUMNS))),
          (from, to) -> {
            double[] lanes = new double[LANES * COLUMNS];
            double[] line = new double[COLUMNS];
            for (int p = from; p < to; p++) {
              int item = first + p / blocks;
              int o = item / strips * columns + item % strips * COLUMNS;
              int width = Math.min(COLUMNS, columns - item % strips * COLUMNS);
              int i = p % blocks * BLOCK;
              strip(o, width, i, Math.min(BLOCK, n - i), lanes, line, parts, p * COLUMNS);
            }
          });
      for (int q = 0; q < count; q++) {
        int item = first + q;
        int o = item / strips * columns + item % strips * COLUMNS;
        int width = Math.min(COLUMNS, columns - item % strips * COLUMNS);
        for (int j = 0; j < width; j++) {
          y[yOffset + o + j] = joined(parts, q * blocks * COLUMNS, blocks, COLUMNS, j);
        }
      }
    }
  }

  /// Folds one block of `width` neighbouring outputs into `parts`.
  private void strip(
      int o, int width, int i, int n, double[] lanes, double[] line, double[] parts, int partsAt) {
    Arrays.fill(lanes, kind.identity());
    int base = xOffset + axes.keptOffset(o);
    int run = axes.run();
    int stride = axes.runStride();
    int done = 0;
    while (done < n) {
      int at = i + done;
      int from = base + axes.reducedOffset(at);
      int take = Math.min(n - done, run - at % run);
      for (int r = 0; r < take; r++) {
        int lane = (done + r) % LANES * COLUMNS;
        row(from + r * stride, o, width, lanes, lane, line);
      }
      done += take;
    }
    for (int w = LANES / 2; w > 0; w >>= 1) {
      join(lanes, w * COLUMNS);
    }
    System.arraycopy(lanes, 0, parts, partsAt, width);
  }

  private void row(int from, int o, int width, double[] lanes, int lane, double[] line) {
    switch (kind) {
      case SUM -> {
        for (int j = 0; j < width; j++) {
          lanes[lane + j] += x[from + j];
        }
      }
      case SQUARES -> {
        double[] s = java.util.Objects.requireNonNull(shift);
        for (int j = 0; j < width; j++) {
          double d = x[from + j] - s[shiftOffset + o + j];
          lanes[lane + j] = Math.fma(d, d, lanes[lane + j]);
        }
      }
      case EXP -> {
        double[] s = java.util.Objects.requireNonNull(shift);
        rows.exp(x, from, width, s, shiftOffset + o, line, 0);
        for (int j = 0; j < width; j++) {
          lanes[lane + j] += line[j];
        }
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
  private void join(double[] lanes, int w) {
    switch (kind) {
      case SUM, SQUARES, EXP -> {
        for (int j = 0; j < w; j++) {
          lanes[j] += lanes[w + j];
        }
      }
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
  private double joined(double[] parts, int at, int count, int step, int column) {
    int left = count;
    while (left > 1) {
      int half = left >> 1;
      for (int i = 0; i < half; i++) {
        double a = parts[at + 2 * i * step + column];
        double b = parts[at + (2 * i + 1) * step + column];
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
