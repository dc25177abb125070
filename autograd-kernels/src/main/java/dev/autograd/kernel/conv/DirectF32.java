// Twin: DirectF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import org.jspecify.annotations.Nullable;

/// Convolution in f32 without unrolling: strips of images with their channels side by side are
/// multiplied in place, as tables say where the inputs of an output are.
///
/// The terms of an output run over the elements of the filter in their order, in blocks that are
/// then added in order.
final class DirectF32 {
  private static final int LANES = TilePlan.LANES;
  private static final int ROWS = TilePlan.ROWS;
  private static final int WIDTH = TilePlan.WIDTH;
  private static final int BLOCK_TERMS = 512;
  private static final int FEWEST_FILTERS = 8;
  private static final int FEWEST_TERMS = 48;
  private static final int OUTPUTS = 64_000;
  private static final int STRIP = 100_000;

  /// Elements of filters that are laid out at a time.
  private static final int CHUNK = 1 << 14;

  private DirectF32() {}

  /// Returns whether this form of the convolution is faster than a product with the unrolled image.
  static boolean suits(ConvShape s) {
    return !s.pointwise()
        && s.filtersPerGroup() >= FEWEST_FILTERS
        && s.depth() >= FEWEST_TERMS
        && s.n() * s.outArea() > 0;
  }

  /// Returns whether the gradient by x is such a convolution too, of g with turned filters.
  static boolean suitsInputGradient(ConvShape s) {
    return !s.pointwise()
        && turns(s)
        && s.channelsPerGroup() >= FEWEST_FILTERS
        && s.filtersPerGroup() * s.kh() * s.kw() >= FEWEST_TERMS
        && s.n() * s.outArea() > 0;
  }

  /// Returns whether the gradient by x is a convolution of g.
  static boolean turns(ConvShape s) {
    return s.strideH() == 1
        && s.strideW() == 1
        && s.padTop() <= s.dilationH() * (s.kh() - 1)
        && s.padBottom() <= s.dilationH() * (s.kh() - 1)
        && s.padLeft() <= s.dilationW() * (s.kw() - 1)
        && s.padRight() <= s.dilationW() * (s.kw() - 1);
  }

  static void forward(
      ConvShape s,
      float[] x,
      int xOffset,
      float[] weight,
      int weightOffset,
      float @Nullable [] bias,
      int biasOffset,
      float[] y,
      int yOffset) {
    int filters = s.filtersPerGroup();
    int padded = TilePlan.groups(filters);
    float[] add = null;
    if (bias != null) {
      add = new float[s.groups() * padded];
      for (int g = 0; g < s.groups(); g++) {
        System.arraycopy(bias, biasOffset + g * filters, add, g * padded, filters);
      }
    }
    // All elements of a filter follow each other.
    float[] u = filters(s, weight, weightOffset, 1, s.depth(), s.depth(), s.depth());
    convolve(s, x, xOffset, u, add, y, yOffset);
    Scratch.release(u);
  }

  static void inputGradient(
      ConvShape s,
      float[] g,
      int gOffset,
      float[] weight,
      int weightOffset,
      float[] dx,
      int dxOffset) {
    ConvShape turned = turned(s);
    int taps = s.kh() * s.kw();
    // Turned, a filter's elements of a channel are in reverse.
    float[] u = filters(turned, weight, weightOffset, -1, taps, s.depth(), taps);
    convolve(turned, g, gOffset, u, null, dx, dxOffset);
    Scratch.release(u);
  }

  /// Returns the convolution of g with the filters turned by half a turn.
  static ConvShape turned(ConvShape s) {
    int down = s.dilationH() * (s.kh() - 1);
    int across = s.dilationW() * (s.kw() - 1);
    return new ConvShape(
        s.n(),
        s.k(),
        s.outH(),
        s.outW(),
        s.c(),
        s.kh(),
        s.kw(),
        1,
        1,
        down - s.padTop(),
        across - s.padLeft(),
        down - s.padBottom(),
        across - s.padRight(),
        s.dilationH(),
        s.dilationW(),
        s.groups());
  }

  /// Returns the filters side by side: per group panels of [TilePlan#WIDTH] filters, in a panel
  /// element after element.
  ///
  /// @param order 1, or -1 if the elements of a run are to be in reverse
  /// @param run elements of a filter that follow each other in `weight`
  /// @param runStep distance of the runs of a filter
  /// @param step distance of the filters of a group
  private static float[] filters(
      ConvShape s, float[] weight, int weightOffset, int order, int run, int runStep, int step) {
    int depth = s.depth();
    int filters = s.filtersPerGroup();
    int padded = TilePlan.groups(filters);
    int panels = (padded + WIDTH - 1) / WIDTH;
    int group = depth * filters;
    float[] u = Scratch.floats(s.groups() * padded * depth);
    // Pieces of a run, or several runs.
    int piece = Math.min(run, CHUNK / WIDTH);
    int pieces = (run + piece - 1) / piece;
    int runs = depth / run;
    Workers.forRange(
        s.groups() * panels * runs * pieces,
        Math.max(1, CHUNK / (piece * Math.min(WIDTH, padded))),
        (from, to) -> {
          WinogradStepsF32 steps = WinogradFormsF32.now();
          for (int t = from; t < to; t++) {
            int first = t % pieces * piece;
            int r = t / pieces % runs;
            int gp = t / pieces / runs;
            int k = gp % panels * WIDTH;
            int g = gp / panels;
            int width = Math.min(WIDTH, padded - k);
            int count = Math.min(piece, run - first);
            int place = r * run + (order > 0 ? first : run - 1 - first);
            int ui = (g * padded + k) * depth + place * width;
            int wi = weightOffset + g * group + k * step + r * runStep + first;
            for (int l = 0; l < width; l += LANES) {
              int lanes = Math.min(LANES, filters - k - l);
              steps.gather(
                  weight, wi + l * step, step, lanes, LANES, count, u, ui + l, order * width);
            }
          }
        });
    return u;
  }

  private static void convolve(
      ConvShape s,
      float[] x,
      int xOffset,
      float[] u,
      float @Nullable [] bias,
      float[] y,
      int yOffset) {
    int padded = TilePlan.groups(s.filtersPerGroup());
    StripPlan plan = StripPlan.of(s, Math.max(ROWS, OUTPUTS / padded), STRIP);
    int blocks = plan.blocks() * s.groups();
    int panels = (padded + WIDTH - 1) / WIDTH;
    int parts = parts(blocks, panels);
    Workers.forRange(
        blocks * parts,
        1,
        (from, to) -> {
          WinogradStepsF32 steps = WinogradFormsF32.now();
          float[] strip = Scratch.floats(plan.size());
          float[] out = Scratch.floats(plan.positions().length * padded);
          int read = -1;
          for (int t = from; t < to; t++) {
            int b = t / parts;
            int g = b % s.groups();
            StripPlan.Block block = plan.block(b / s.groups());
            if (read != b) {
              StripsF32.read(steps, plan, x, xOffset, g, block, strip);
              read = b;
            }
            int first = panels * (t % parts) / parts * WIDTH;
            int end = Math.min(padded, panels * (t % parts + 1) / parts * WIDTH);
            int outputs = plan.outputs(block);
            products(steps, plan, strip, outputs, u, g, first, end, out);
            if (bias != null) {
              for (int p = 0; p < outputs; p++) {
                steps.add(bias, g * padded + first, out, p * (end - first), end - first);
              }
            }
            write(steps, s, block, g, out, first, end, y, yOffset);
          }
          Scratch.release(out);
          Scratch.release(strip);
        });
  }

  /// Returns into how many parts the panels go, so that all threads have a block of something.
  static int parts(int blocks, int panels) {
    int threads = Workers.threads();
    return blocks >= 2 * threads || threads == 1
        ? 1
        : Math.min(panels, (2 * threads + blocks - 1) / blocks);
  }

  /// Computes the outputs of a block for filters `[first, end)` of a group. The last product yields
  /// more than there are, which is not used.
  private static void products(
      WinogradStepsF32 steps,
      StripPlan plan,
      float[] strip,
      int outputs,
      float[] u,
      int group,
      int first,
      int end,
      float[] out) {
    ConvShape s = plan.s();
    int depth = s.depth();
    int padded = TilePlan.groups(s.filtersPerGroup());
    int row = end - first;
    int cuts = (depth + BLOCK_TERMS - 1) / BLOCK_TERMS;
    int most = (depth + cuts - 1) / cuts;
    int[] taps = plan.taps();
    int[] at = plan.positions();
    float[] part = new float[ROWS * WIDTH];
    for (int k = first; k < end; k += WIDTH) {
      int width = Math.min(WIDTH, end - k);
      int panel = (group * padded + k) * depth;
      for (int d = 0; d < depth; d += most) {
        int terms = Math.min(most, depth - d);
        int ui = panel + d * width;
        for (int p = 0; p < outputs; p += ROWS) {
          int to = p * row + k - first;
          if (d == 0) {
            steps.product(terms, taps, d, strip, 0, at, p, u, ui, width, width, out, to, row);
          } else {
            steps.product(terms, taps, d, strip, 0, at, p, u, ui, width, width, part, 0, width);
            for (int i = 0; i < ROWS; i++) {
              steps.add(part, i * width, out, to + i * row, width);
            }
          }
        }
      }
    }
  }

  /// Writes filters `[first, end)` of a group to the planes of y.
  private static void write(
      WinogradStepsF32 steps,
      ConvShape s,
      StripPlan.Block block,
      int group,
      float[] out,
      int first,
      int end,
      float[] y,
      int yOffset) {
    int filters = s.filtersPerGroup();
    int area = s.outArea();
    int count = block.rows() * s.outW();
    int row = end - first;
    for (int i = 0; i < block.images(); i++) {
      int image = ((block.image() + i) * s.groups() + group) * filters;
      for (int k = first; k < Math.min(end, filters); k += LANES) {
        int lanes = Math.min(LANES, filters - k);
        int yi = yOffset + (image + k) * area + block.top() * s.outW();
        steps.scatter(out, i * count * row + k - first, row, count, y, yi, area, lanes);
      }
    }
  }
}
