// Twin: PlanarF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.PlainSumsF32;
import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Warmup;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Convolution in f32 with neighbouring outputs side by side, for few filters, whose channels would
/// not fill a vector: groups of few channels, down to one.
///
/// The terms of an output run over the elements of the filter in their order.
final class PlanarF32 {
  private static final int WIDTH = PlanarPlan.WIDTH;
  private static final int MOST_FILTERS = 16;
  private static final int MOST_TERMS = 512;
  private static final double CHUNK_PRODUCTS = 1 << 18;
  private static final Warmup CHOICE = choice();

  private PlanarF32() {}

  /// Returns whether this form of the convolution is faster than products; where a group has one
  /// channel, than taking its filters one by one.
  static boolean suits(ConvShape s) {
    return !s.pointwise()
        && s.filtersPerGroup() <= MOST_FILTERS
        && s.depth() <= MOST_TERMS
        && (s.strideW() == 1 || s.channelsPerGroup() > 1 || s.filtersPerGroup() > 1)
        && s.n() > 0
        && s.k() > 0
        && s.depth() > 0
        && PlanarPlan.fills(s);
  }

  /// Returns whether the gradient by x is such a convolution too, of g with turned filters.
  static boolean suitsInputGradient(ConvShape s) {
    return DirectF32.turns(s) && s.outArea() > 0 && suits(DirectF32.turned(s));
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
    PlanarPlan plan = PlanarPlan.of(s);
    int filters = s.filtersPerGroup();
    int blocks = plan.blocks();
    double each = (double) filters * s.depth() * plan.outputs();
    Workers.forRange(
        s.n() * s.groups() * blocks,
        (int) Math.max(1, CHUNK_PRODUCTS / each),
        (from, to) -> {
          boolean hot = CHOICE.hot();
          float[] copy = Scratch.floats(plan.size());
          float[] out = Scratch.floats(filters * plan.outputs());
          for (int t = from; t < to; t++) {
            int ng = t / blocks;
            int top = t % blocks * plan.rows();
            int rows = Math.min(plan.rows(), s.outH() - top);
            int k = ng % s.groups() * filters;
            read(plan, x, xOffset + ng * s.channelsPerGroup() * s.h() * s.w(), top, copy);
            int wi = weightOffset + k * s.depth();
            for (int p = 0; p < rows * plan.pitch(); p += WIDTH) {
              sums(hot, plan.term(), copy, p, weight, wi, filters, out, plan.outputs());
            }
            int yi = yOffset + ng * filters * s.outArea() + top * s.outW();
            write(plan, rows, out, bias, biasOffset + k, y, yi);
          }
          Scratch.release(out);
          Scratch.release(copy);
        });
  }

  static void inputGradient(
      ConvShape s,
      float[] g,
      int gOffset,
      float[] weight,
      int weightOffset,
      float[] dx,
      int dxOffset) {
    int in = s.channelsPerGroup();
    int out = s.filtersPerGroup();
    int taps = s.kh() * s.kw();
    float[] turned = Scratch.floats(s.groups() * in * out * taps);
    for (int k = 0; k < s.k(); k++) {
      for (int c = 0; c < in; c++) {
        int from = weightOffset + (k * in + c) * taps;
        int to = ((k / out * in + c) * out + k % out) * taps;
        for (int t = 0; t < taps; t++) {
          turned[to + taps - 1 - t] = weight[from + t];
        }
      }
    }
    forward(DirectF32.turned(s), g, gOffset, turned, 0, null, 0, dx, dxOffset);
    Scratch.release(turned);
  }

  /// Copies what output rows from `top` on need of the planes of a group, which begin at `at`.
  private static void read(PlanarPlan plan, float[] x, int at, int top, float[] copy) {
    ConvShape s = plan.s();
    int part = plan.lines() * plan.pitch();
    int phases = plan.phasesDown() * plan.phasesAcross();
    for (int i = 0; i < s.channelsPerGroup() * phases; i++) {
      int c = i / phases;
      int down = i % phases / plan.phasesAcross();
      int shift = i % plan.phasesAcross() - s.padLeft();
      int low = Math.min(plan.pitch(), Spans.low(shift, s.strideW()));
      int high = Math.min(plan.pitch(), Spans.high(shift, s.strideW(), s.w()));
      int from = at + c * s.h() * s.w() + shift;
      int to = c * plan.plane() + i % phases * part;
      for (int l = 0; l < plan.lines(); l++) {
        int line = to + l * plan.pitch();
        int y = (top + l) * s.strideH() + down - s.padTop();
        if (y < 0 || y >= s.h() || low >= high) {
          Arrays.fill(copy, line, line + plan.pitch(), 0f);
          continue;
        }
        Arrays.fill(copy, line, line + low, 0f);
        int xi = from + y * s.w();
        if (s.strideW() == 1) {
          System.arraycopy(x, xi + low, copy, line + low, high - low);
        } else {
          for (int j = low; j < high; j++) {
            copy[line + j] = x[xi + j * s.strideW()];
          }
        }
        Arrays.fill(copy, line + high, line + plan.pitch(), 0f);
      }
    }
  }

  /// Sums [PlanarPlan#WIDTH] neighbouring outputs of all filters of a group.
  private static void sums(
      boolean hot,
      int[] term,
      float[] x,
      int at,
      float[] weight,
      int weightAt,
      int filters,
      float[] out,
      int outRow) {
    if (hot) {
      VectorPlanarF32.sums(term, x, at, weight, weightAt, filters, out, at, outRow);
    } else {
      plain(term, x, at, weight, weightAt, filters, out, at, outRow);
    }
  }

  static void plain(
      int[] term,
      float[] x,
      int at,
      float[] weight,
      int weightAt,
      int filters,
      float[] out,
      int outAt,
      int outRow) {
    float[] rows = new float[term.length * WIDTH];
    for (int i = 0; i < term.length; i++) {
      System.arraycopy(x, at + term[i], rows, i * WIDTH, WIDTH);
    }
    var sums = new PlainSumsF32(filters, WIDTH);
    sums.add(term.length, weight, weightAt, term.length, 1, rows, 0, WIDTH);
    sums.into(out, outAt, outRow);
  }

  private static void write(
      PlanarPlan plan,
      int rows,
      float[] out,
      float @Nullable [] bias,
      int biasAt,
      float[] y,
      int yAt) {
    ConvShape s = plan.s();
    for (int f = 0; f < s.filtersPerGroup(); f++) {
      for (int r = 0; r < rows; r++) {
        int from = f * plan.outputs() + r * plan.pitch();
        int to = yAt + f * s.outArea() + r * s.outW();
        System.arraycopy(out, from, y, to, s.outW());
        if (bias != null) {
          float b = bias[biasAt + f];
          for (int j = to; j < to + s.outW(); j++) {
            y[j] += b;
          }
        }
      }
    }
  }

  private static Warmup choice() {
    int terms = 48;
    int filters = 13;
    int[] term = TilePlan.multiples(terms, 1);
    float[] x = new float[terms + WIDTH];
    float[] weight = new float[filters * terms];
    float[] out = new float[filters * WIDTH];
    return new Warmup(
        "planar convolutions f32",
        () -> VectorPlanarF32.sums(term, x, 0, weight, 0, filters, out, 0, WIDTH),
        () -> plain(term, x, 0, weight, 0, filters, out, 0, WIDTH));
  }
}
