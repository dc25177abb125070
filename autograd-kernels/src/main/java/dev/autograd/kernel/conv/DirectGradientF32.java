// Twin: DirectGradientF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;

/// The gradient by the filters in f32 without unrolling: strips of the image and of the gradient,
/// both with channels side by side, are multiplied summing over positions.
///
/// Blocks of rows form fixed slices. Sums run in order within a block, then over the blocks of a
/// slice, then over slices.
final class DirectGradientF32 {
  private static final int LANES = TilePlan.LANES;
  private static final int ROWS = TilePlan.ROWS;
  private static final int WIDTH = TilePlan.WIDTH;
  private static final int POSITIONS = 256;
  private static final int SLICES = 8;
  private static final int BLOCKS = 4;
  private static final int MOST = 1 << 24;
  private static final int FEWEST_FILTERS = 8;

  private DirectGradientF32() {}

  /// Returns whether this form is faster than a product with the unrolled image.
  static boolean suits(ConvShape s) {
    return !s.pointwise()
        && s.filtersPerGroup() >= FEWEST_FILTERS
        && s.n() * s.outArea() > 0
        && (double) s.k() * s.depth() < MOST / 8;
  }

  /// The sums of a panel are rows for the elements of a run, run after run, each made up to whole
  /// products.
  private static int rows(StripPlan plan) {
    return (plan.inner() + ROWS - 1) / ROWS * ROWS;
  }

  static void weightGradient(
      ConvShape s, float[] g, int gOffset, float[] x, int xOffset, float[] dw, int dwOffset) {
    StripPlan plan = StripPlan.of(s, POSITIONS);
    int padded = TilePlan.groups(s.filtersPerGroup());
    int size = s.groups() * plan.offsets().length * rows(plan) * padded;
    int units = s.n() * plan.blocks();
    int slices = Math.min(Math.max(1, units / BLOCKS), Math.min(SLICES, Math.max(1, MOST / size)));
    float[][] sums = new float[slices][];
    Workers.forRange(
        slices,
        1,
        (from, to) -> {
          for (int q = from; q < to; q++) {
            sums[q] = Scratch.floats(size);
            int first = (int) ((long) units * q / slices);
            int end = (int) ((long) units * (q + 1) / slices);
            slice(plan, first, end, g, gOffset, x, xOffset, sums[q]);
          }
        });
    WinogradStepsF32 steps = WinogradFormsF32.now();
    for (int q = 1; q < slices; q++) {
      steps.add(sums[q], 0, sums[0], 0, size);
      Scratch.release(sums[q]);
    }
    spread(plan, sums[0], dw, dwOffset);
    Scratch.release(sums[0]);
  }

  private static void slice(
      StripPlan plan,
      int first,
      int end,
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      float[] sum) {
    ConvShape s = plan.s();
    WinogradStepsF32 steps = WinogradFormsF32.now();
    int filters = s.filtersPerGroup();
    int padded = TilePlan.groups(filters);
    int area = s.outArea();
    int size = plan.offsets().length * rows(plan) * padded;
    float[] strip = Scratch.floats(plan.size());
    float[] lines = Scratch.floats(plan.rows() * s.outW() * padded);
    for (int b = first; b < end; b++) {
      int n = b / plan.blocks();
      int oy = b % plan.blocks() * plan.rows();
      int rows = Math.min(plan.rows(), s.outH() - oy);
      for (int group = 0; group < s.groups(); group++) {
        int ng = n * s.groups() + group;
        int xi = xOffset + ng * s.channelsPerGroup() * s.h() * s.w();
        StripsF32.read(steps, plan, x, xi, oy, rows, strip);
        for (int k = 0; k < filters; k += LANES) {
          int lanes = Math.min(LANES, filters - k);
          int gi = gOffset + (ng * filters + k) * area + oy * s.outW();
          steps.gather(g, gi, area, lanes, LANES, rows * s.outW(), lines, k, padded);
        }
        products(steps, plan, rows, strip, lines, sum, group * size, b > first);
      }
    }
    Scratch.release(lines);
    Scratch.release(strip);
  }

  private static void products(
      WinogradStepsF32 steps,
      StripPlan plan,
      int outRows,
      float[] strip,
      float[] lines,
      float[] sum,
      int sumAt,
      boolean add) {
    ConvShape s = plan.s();
    int padded = TilePlan.groups(s.filtersPerGroup());
    int rows = rows(plan);
    int runs = plan.offsets().length;
    int[] down = new int[outRows];
    for (int r = 0; r < outRows; r++) {
      down[r] = r * s.strideH() * plan.line();
    }
    float[] part = new float[ROWS * WIDTH];
    for (int k = 0; k < padded; k += WIDTH) {
      int width = Math.min(WIDTH, padded - k);
      for (int o = 0; o < runs; o++) {
        for (int r = 0; r < rows; r += ROWS) {
          int at = plan.offsets()[o] + r;
          int to = sumAt + k * runs * rows + (o * rows + r) * width;
          float[] c = add ? part : sum;
          steps.product(
              outRows,
              down,
              s.outW(),
              strip,
              at,
              1,
              plan.step(),
              lines,
              k,
              padded,
              width,
              c,
              add ? 0 : to,
              width);
          if (add) {
            steps.add(part, 0, sum, to, ROWS * width);
          }
        }
      }
    }
  }

  /// Writes the sums in the order of the filters.
  private static void spread(StripPlan plan, float[] sum, float[] dw, int dwOffset) {
    ConvShape s = plan.s();
    int channels = s.channelsPerGroup();
    int filters = s.filtersPerGroup();
    int padded = TilePlan.groups(filters);
    int taps = s.kh() * s.kw();
    int rows = rows(plan);
    int runs = plan.offsets().length;
    int perRun = plan.inner() / channels;
    for (int f = 0; f < s.k(); f++) {
      int k = f % filters;
      int panel = k / WIDTH * WIDTH;
      int width = Math.min(WIDTH, padded - panel);
      int from = f / filters * padded * runs * rows + panel * runs * rows + k - panel;
      for (int t = 0; t < taps; t++) {
        int si = from + (t / perRun * rows + t % perRun * channels) * width;
        int di = dwOffset + f * channels * taps + t;
        for (int c = 0; c < channels; c++) {
          dw[di + c * taps] = sum[si + c * width];
        }
      }
    }
  }
}
