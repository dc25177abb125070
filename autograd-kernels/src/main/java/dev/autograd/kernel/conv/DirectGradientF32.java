// Twin: DirectGradientF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;

/// The gradient by the filters in f32 without unrolling: strips of images and the gradient, both
/// with channels side by side, are multiplied summing over positions.
///
/// Blocks of outputs form fixed slices. Sums run in order within a block, then over the blocks of a
/// slice, then over slices.
final class DirectGradientF32 {
  private static final int LANES = TilePlan.LANES;
  private static final int ROWS = TilePlan.ROWS;
  private static final int WIDTH = TilePlan.WIDTH;
  private static final int POSITIONS = 256;
  private static final int STRIP = 200_000;
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
        && (double) s.k() * s.depth() < MOST / 4;
  }

  static void weightGradient(
      ConvShape s, float[] g, int gOffset, float[] x, int xOffset, float[] dw, int dwOffset) {
    StripPlan plan = StripPlan.of(s, POSITIONS, STRIP);
    int padded = TilePlan.groups(s.filtersPerGroup());
    int panels = (padded + WIDTH - 1) / WIDTH;
    int size = s.groups() * plan.taps().length * padded;
    int blocks = plan.blocks();
    int slices = Math.min(Math.max(1, blocks / BLOCKS), Math.min(SLICES, Math.max(1, MOST / size)));
    int parts = DirectF32.parts(slices, panels);
    float[][] sums = new float[slices][];
    for (int q = 0; q < slices; q++) {
      sums[q] = Scratch.floats(size);
    }
    Workers.forRange(
        slices * parts,
        1,
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int q = t / parts;
            int part = t % parts;
            int first = (int) ((long) blocks * q / slices);
            int end = (int) ((long) blocks * (q + 1) / slices);
            int k = panels * part / parts * WIDTH;
            int kEnd = Math.min(padded, panels * (part + 1) / parts * WIDTH);
            slice(plan, first, end, k, kEnd, g, gOffset, x, xOffset, sums[q]);
          }
        });
    Workers.forRange(
        s.groups() * panels, 1, (from, to) -> fold(plan, from, to, sums, dw, dwOffset));
    for (float[] sum : sums) {
      Scratch.release(sum);
    }
  }

  /// Sums blocks `[first, end)` for filters `[k, kEnd)` of every group.
  private static void slice(
      StripPlan plan,
      int first,
      int end,
      int k,
      int kEnd,
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      float[] sum) {
    ConvShape s = plan.s();
    WinogradStepsF32 steps = WinogradFormsF32.now();
    int size = plan.taps().length * TilePlan.groups(s.filtersPerGroup());
    float[] strip = Scratch.floats(plan.size());
    float[] lines = Scratch.floats(plan.positions().length * (kEnd - k));
    for (int b = first; b < end; b++) {
      StripPlan.Block block = plan.block(b);
      for (int group = 0; group < s.groups(); group++) {
        StripsF32.read(steps, plan, x, xOffset, group, block, strip);
        gradients(steps, s, block, group, k, kEnd, g, gOffset, lines);
        int outputs = plan.outputs(block);
        products(steps, plan, outputs, strip, lines, k, kEnd, sum, group * size, b > first);
      }
    }
    Scratch.release(lines);
    Scratch.release(strip);
  }

  /// Reads the gradients of a block with filters `[k, kEnd)` side by side.
  private static void gradients(
      WinogradStepsF32 steps,
      ConvShape s,
      StripPlan.Block block,
      int group,
      int k,
      int kEnd,
      float[] g,
      int gOffset,
      float[] lines) {
    int filters = s.filtersPerGroup();
    int area = s.outArea();
    int count = block.rows() * s.outW();
    int row = kEnd - k;
    for (int i = 0; i < block.images(); i++) {
      int image = ((block.image() + i) * s.groups() + group) * filters;
      for (int f = k; f < kEnd; f += LANES) {
        int lanes = Math.min(LANES, filters - f);
        int gi = gOffset + (image + f) * area + block.top() * s.outW();
        steps.gather(g, gi, area, lanes, LANES, count, lines, i * count * row + f - k, row);
      }
    }
  }

  /// Sums a block. The sums of a panel of filters are rows for the elements of a filter.
  private static void products(
      WinogradStepsF32 steps,
      StripPlan plan,
      int outputs,
      float[] strip,
      float[] lines,
      int k,
      int kEnd,
      float[] sum,
      int sumAt,
      boolean add) {
    int[] taps = plan.taps();
    int[] at = plan.positions();
    int row = kEnd - k;
    float[] part = new float[ROWS * WIDTH];
    for (int f = k; f < kEnd; f += WIDTH) {
      int width = Math.min(WIDTH, kEnd - f);
      for (int d = 0; d < taps.length; d += ROWS) {
        int to = sumAt + f * taps.length + d * width;
        if (add) {
          steps.product(
              outputs, at, 0, strip, 0, taps, d, lines, f - k, row, width, part, 0, width);
          steps.add(part, 0, sum, to, ROWS * width);
        } else {
          steps.product(
              outputs, at, 0, strip, 0, taps, d, lines, f - k, row, width, sum, to, width);
        }
      }
    }
  }

  /// Adds the slices of the panels `[from, to)` of all groups and writes them as filters.
  private static void fold(
      StripPlan plan, int from, int to, float[][] sums, float[] dw, int dwOffset) {
    ConvShape s = plan.s();
    WinogradStepsF32 steps = WinogradFormsF32.now();
    int filters = s.filtersPerGroup();
    int padded = TilePlan.groups(filters);
    int panels = (padded + WIDTH - 1) / WIDTH;
    int rows = plan.taps().length;
    int depth = s.depth();
    for (int t = from; t < to; t++) {
      int group = t / panels;
      int k = t % panels * WIDTH;
      int width = Math.min(WIDTH, padded - k);
      int at = (group * padded + k) * rows;
      for (int q = 1; q < sums.length; q++) {
        steps.add(sums[q], at, sums[0], at, rows * width);
      }
      for (int f = k; f < Math.min(k + width, filters); f += LANES) {
        int lanes = Math.min(LANES, filters - f);
        int di = dwOffset + (group * filters + f) * depth;
        steps.scatter(sums[0], at + f - k, width, depth, dw, di, depth, lanes);
      }
    }
  }
}
