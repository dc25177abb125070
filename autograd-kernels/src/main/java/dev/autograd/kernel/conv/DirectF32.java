// Twin: DirectF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Convolution in f32 without unrolling: a strip of the image with its channels side by side is
/// multiplied in place, as the inputs under a row of a filter follow each other there.
///
/// The terms of an output run over the filter's rows, columns and channels, in blocks that are then
/// added in order.
final class DirectF32 {
  private static final int LANES = TilePlan.LANES;
  private static final int ROWS = TilePlan.ROWS;
  private static final int WIDTH = TilePlan.WIDTH;
  private static final int BLOCK_TERMS = 512;
  private static final int FEWEST_FILTERS = 8;
  private static final int FEWEST_TERMS = 48;
  private static final int POSITIONS = 48_000;

  private DirectF32() {}

  /// Returns whether this form of the convolution is faster than a product with the unrolled image.
  static boolean suits(ConvShape s) {
    return !s.pointwise()
        && s.filtersPerGroup() >= FEWEST_FILTERS
        && s.depth() >= FEWEST_TERMS
        && s.outArea() > 0;
  }

  /// Returns whether the gradient by x is such a convolution too, of g with turned filters.
  static boolean suitsInputGradient(ConvShape s) {
    return !s.pointwise()
        && s.strideH() == 1
        && s.strideW() == 1
        && s.channelsPerGroup() >= FEWEST_FILTERS
        && s.filtersPerGroup() * s.kh() * s.kw() >= FEWEST_TERMS
        && s.padTop() <= s.dilationH() * (s.kh() - 1)
        && s.padBottom() <= s.dilationH() * (s.kh() - 1)
        && s.padLeft() <= s.dilationW() * (s.kw() - 1)
        && s.padRight() <= s.dilationW() * (s.kw() - 1)
        && s.outArea() > 0;
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
    int padded = TilePlan.groups(s.filtersPerGroup());
    float[] add = new float[s.groups() * padded];
    if (bias != null) {
      for (int g = 0; g < s.groups(); g++) {
        int from = biasOffset + g * s.filtersPerGroup();
        System.arraycopy(bias, from, add, g * padded, s.filtersPerGroup());
      }
    }
    float[] u = filters(s, weight, weightOffset, false);
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
    float[] add = new float[s.groups() * TilePlan.groups(s.channelsPerGroup())];
    float[] u = filters(turned, weight, weightOffset, true);
    convolve(turned, g, gOffset, u, add, dx, dxOffset);
    Scratch.release(u);
  }

  /// Returns the convolution of g with the filters turned by half a turn.
  private static ConvShape turned(ConvShape s) {
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
  /// element after element, channels of an element together. Of turned filters, `weight` holds
  /// inputs where others hold outputs.
  private static float[] filters(ConvShape s, float[] weight, int weightOffset, boolean turned) {
    int in = s.channelsPerGroup();
    int out = s.filtersPerGroup();
    int padded = TilePlan.groups(out);
    int taps = s.kh() * s.kw();
    int outStep = turned ? taps : in * taps;
    int inStep = turned ? out * taps : taps;
    float[] u = Scratch.floats(s.groups() * padded * s.depth());
    Workers.forRange(
        s.groups() * taps,
        Math.max(1, (1 << 14) / (in * padded)),
        (from, to) -> {
          for (int gt = from; gt < to; gt++) {
            int g = gt / taps;
            int t = gt % taps;
            int wi = weightOffset + g * in * out * taps + (turned ? taps - 1 - t : t);
            for (int k = 0; k < padded; k += WIDTH) {
              int width = Math.min(WIDTH, padded - k);
              int used = Math.min(width, out - k);
              int ui = (g * padded + k) * s.depth() + t * in * width;
              for (int c = 0; c < in; c++) {
                int at = wi + c * inStep + k * outStep;
                for (int f = 0; f < used; f++) {
                  u[ui + c * width + f] = weight[at + f * outStep];
                }
                Arrays.fill(u, ui + c * width + used, ui + (c + 1) * width, 0f);
              }
            }
          }
        });
    return u;
  }

  private static void convolve(
      ConvShape s, float[] x, int xOffset, float[] u, float[] bias, float[] y, int yOffset) {
    int padded = TilePlan.groups(s.filtersPerGroup());
    StripPlan plan = StripPlan.of(s, Math.max(ROWS, POSITIONS / padded));
    int blocks = plan.blocks();
    int outW = s.outW();
    int area = s.outArea();
    Workers.forRange(
        s.n() * s.groups() * blocks,
        1,
        (from, to) -> {
          WinogradStepsF32 steps = WinogradFormsF32.now();
          float[] strip = Scratch.floats(plan.size());
          float[] out = Scratch.floats((plan.rows() * outW + ROWS) * padded);
          for (int t = from; t < to; t++) {
            int ng = t / blocks;
            int g = ng % s.groups();
            int oy = t % blocks * plan.rows();
            int rows = Math.min(plan.rows(), s.outH() - oy);
            int xi = xOffset + ng * s.channelsPerGroup() * s.h() * s.w();
            StripsF32.read(steps, plan, x, xi, oy, rows, strip);
            for (int k = 0; k < padded; k += WIDTH) {
              int ui = (g * padded + k) * s.depth();
              products(steps, plan, strip, rows, u, ui, Math.min(WIDTH, padded - k), out, k);
            }
            for (int p = 0; p < rows * outW; p++) {
              steps.add(bias, g * padded, out, p * padded, padded);
            }
            for (int k = 0; k < s.filtersPerGroup(); k += LANES) {
              int lanes = Math.min(LANES, s.filtersPerGroup() - k);
              int yi = yOffset + (ng * s.filtersPerGroup() + k) * area + oy * outW;
              steps.scatter(out, k, padded, rows * outW, y, yi, area, lanes);
            }
          }
          Scratch.release(out);
          Scratch.release(strip);
        });
  }

  /// Computes rows of outputs of one panel. What a product yields beyond the end of a row, the next
  /// one overwrites.
  private static void products(
      WinogradStepsF32 steps,
      StripPlan plan,
      float[] strip,
      int rows,
      float[] u,
      int uAt,
      int width,
      float[] out,
      int outAt) {
    ConvShape s = plan.s();
    int step = plan.step();
    int padded = TilePlan.groups(s.filtersPerGroup());
    int runs = Math.max(1, BLOCK_TERMS / plan.inner());
    int[] offsets = plan.offsets();
    float[] part = new float[ROWS * width];
    for (int r = 0; r < rows; r++) {
      for (int ox = 0; ox < s.outW(); ox += ROWS) {
        int at = r * s.strideH() * plan.line() + ox * step;
        int to = outAt + (r * s.outW() + ox) * padded;
        for (int o = 0; o < offsets.length; o += runs) {
          int count = Math.min(runs, offsets.length - o);
          int ui = uAt + o * plan.inner() * width;
          int[] some = o == 0 ? offsets : Arrays.copyOfRange(offsets, o, o + count);
          if (o == 0) {
            steps.product(
                count,
                some,
                plan.inner(),
                strip,
                at,
                step,
                1,
                u,
                ui,
                width,
                width,
                out,
                to,
                padded);
          } else {
            steps.product(
                count, some, plan.inner(), strip, at, step, 1, u, ui, width, width, part, 0, width);
            for (int i = 0; i < ROWS; i++) {
              steps.add(part, i * width, out, to + i * padded, width);
            }
          }
        }
      }
    }
  }
}
