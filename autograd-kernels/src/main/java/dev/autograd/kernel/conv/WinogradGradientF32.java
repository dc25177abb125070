// Twin: WinogradGradientF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;

/// The gradient by filters of three by three in f32, by Winograd's algorithm turned around: tiles
/// of inputs and of gradients are transformed, multiplied summing over tiles, and the sums
/// transformed back to nine taps.
///
/// Blocks of tiles form fixed slices. Sums run in order within a block, then over the blocks of a
/// slice, then over slices.
final class WinogradGradientF32 {
  private static final int COMPONENTS = WinogradF32.COMPONENTS;
  private static final int ROWS = TilePlan.ROWS;
  private static final int WIDTH = TilePlan.WIDTH;
  private static final int SLICES = 8;
  private static final int BLOCKS = 8;
  private static final int MOST = 1 << 24;
  private static final int CHUNK = 1 << 10;

  private WinogradGradientF32() {}

  /// Returns whether the transforms pay for this shape, whose sums must not take too much memory.
  static boolean suits(ConvShape s) {
    return WinogradF32.suits(s) && (long) COMPONENTS * component(s) <= MOST / 2;
  }

  /// Returns the distance of components of the sums: panels of filters, in a panel channel after
  /// channel, made up to whole products.
  private static int component(ConvShape s) {
    return rows(s) * TilePlan.groups(s.k());
  }

  private static int rows(ConvShape s) {
    return (s.c() + ROWS - 1) / ROWS * ROWS;
  }

  static void weightGradient(
      ConvShape s, float[] g, int gOffset, float[] x, int xOffset, float[] dw, int dwOffset) {
    var image = new TilePlan.Image(s.c(), s.h(), s.w(), s.padTop(), s.padLeft());
    TilePlan plan = TilePlan.of(s.n(), image, s.k(), s.outH(), s.outW());
    int size = COMPONENTS * component(s);
    int blocks = plan.blocks();
    int slices = Math.min(Math.max(1, blocks / BLOCKS), Math.min(SLICES, MOST / size));
    float[][] sums = new float[slices][];
    Workers.forRange(
        slices,
        1,
        (from, to) -> {
          for (int q = from; q < to; q++) {
            sums[q] = Scratch.floats(size);
            int first = (int) ((long) blocks * q / slices);
            int end = (int) ((long) blocks * (q + 1) / slices);
            slice(s, plan, first, end, g, gOffset, x, xOffset, sums[q]);
          }
        });
    int padded = TilePlan.groups(s.k());
    for (int k = 0; k < padded; k += WIDTH) {
      int panel = k;
      int width = Math.min(WIDTH, padded - k);
      Workers.forRange(
          s.c(),
          Math.max(1, CHUNK / width),
          (from, to) -> fold(s, sums, panel, width, from, to, dw, dwOffset));
    }
    for (float[] sum : sums) {
      Scratch.release(sum);
    }
  }

  private static void slice(
      ConvShape s,
      TilePlan plan,
      int firstBlock,
      int endBlock,
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      float[] sum) {
    WinogradStepsF32 steps = WinogradFormsF32.now();
    var gradient = new TilePlan.Image(s.k(), s.outH(), s.outW(), 0, 0);
    float[] v = Scratch.floats(COMPONENTS * plan.component(s.c()));
    float[] m = Scratch.floats(COMPONENTS * plan.component(s.k()));
    float[] strip = Scratch.floats(plan.strip() + 6 * plan.stripRow());
    for (int b = firstBlock; b < endBlock; b++) {
      int first = b * plan.rows();
      int end = Math.min(plan.total(), first + plan.rows());
      WinogradTilesF32.inputs(steps, plan, x, xOffset, first, end, strip, v);
      WinogradTilesF32.gradients(steps, plan, gradient, g, gOffset, first, end, strip, m);
      products(steps, s, plan, (end - first) * plan.across(), v, m, sum, b > firstBlock);
    }
    Scratch.release(strip);
    Scratch.release(m);
    Scratch.release(v);
  }

  private static void products(
      WinogradStepsF32 steps,
      ConvShape s,
      TilePlan plan,
      int tiles,
      float[] v,
      float[] m,
      float[] sum,
      boolean add) {
    int vTile = TilePlan.groups(s.c());
    int mTile = TilePlan.groups(s.k());
    int vComponent = plan.component(s.c());
    int mComponent = plan.component(s.k());
    int component = component(s);
    int rows = rows(s);
    int[] term = TilePlan.multiples(tiles, vTile);
    int[] row = TilePlan.multiples(ROWS, 1);
    float[] part = new float[ROWS * WIDTH];
    for (int i = 0; i < COMPONENTS; i++) {
      for (int k = 0; k < mTile; k += WIDTH) {
        int width = Math.min(WIDTH, mTile - k);
        int mi = i * mComponent + k;
        for (int c = 0; c < rows; c += ROWS) {
          int vi = i * vComponent + c;
          int si = i * component + k * rows + c * width;
          if (add) {
            steps.product(tiles, term, 0, v, vi, row, 0, m, mi, mTile, width, part, 0, width);
            steps.add(part, 0, sum, si, ROWS * width);
          } else {
            steps.product(tiles, term, 0, v, vi, row, 0, m, mi, mTile, width, sum, si, width);
          }
        }
      }
    }
  }

  /// Adds the slices of channels `[from, to)` of a panel and transforms them back.
  private static void fold(
      ConvShape s,
      float[][] sums,
      int panel,
      int width,
      int from,
      int to,
      float[] dw,
      int dwOffset) {
    WinogradStepsF32 steps = WinogradFormsF32.now();
    int component = component(s);
    int at = panel * rows(s) + from * width;
    int n = (to - from) * width;
    for (int i = 0; i < COMPONENTS; i++) {
      for (int q = 1; q < sums.length; q++) {
        steps.add(sums[q], at + i * component, sums[0], at + i * component, n);
      }
    }
    float[] taps = Scratch.floats(9 * n);
    steps.filterGradient(sums[0], at, component, n, taps, n);
    int used = Math.min(width, s.k() - panel);
    for (int k = 0; k < used; k++) {
      int di = dwOffset + ((panel + k) * s.c() + from) * 9;
      for (int c = 0; c < to - from; c++) {
        for (int t = 0; t < 9; t++) {
          dw[di + c * 9 + t] = taps[t * n + c * width + k];
        }
      }
    }
    Scratch.release(taps);
  }
}
