// Twin: WinogradF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Convolution with filters of three by three in f32 by Winograd's `F(4x4, 3x3)`: a quarter of the
/// multiplications.
///
/// Tiles of six by six inputs and the filters are transformed to 36 components; for each component
/// the sum over channels is a matrix product; its result is transformed back to four by four
/// outputs. Channels lie side by side in groups, so no step mixes lanes. See Note [Winograd's
/// points] for the error. A. Lavin, S. Gray, Fast Algorithms for Convolutional Neural Networks,
/// https://arxiv.org/abs/1509.09308
final class WinogradF32 {
  static final int COMPONENTS = 36;
  private static final int LANES = TilePlan.LANES;
  private static final int FEWEST_CHANNELS = 8;

  /// Tiles whose products cost as much as the transform of the filters.
  private static final int FILTERS_IN_TILES = 40;

  /// What a product costs more than one without transforms.
  private static final double TRANSFORMS = 1.2;

  private WinogradF32() {}

  /// Returns whether the transforms pay for this shape.
  static boolean suits(ConvShape s) {
    int tiles = (s.outH() + 3) / 4 * ((s.outW() + 3) / 4);
    return s.kh() == 3
        && s.kw() == 3
        && s.strideH() == 1
        && s.strideW() == 1
        && s.dilationH() == 1
        && s.dilationW() == 1
        && s.groups() == 1
        && Math.max(Math.max(s.padTop(), s.padBottom()), Math.max(s.padLeft(), s.padRight())) <= 2
        && s.c() >= FEWEST_CHANNELS
        && s.k() >= FEWEST_CHANNELS
        && 9.0 * s.n() * s.outArea()
            > TRANSFORMS * COMPONENTS * ((double) s.n() * tiles + FILTERS_IN_TILES);
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
    var image = new TilePlan.Image(s.c(), s.h(), s.w(), s.padTop(), s.padLeft());
    TilePlan plan = TilePlan.of(s.n(), image, s.k(), s.outH(), s.outW());
    float[] u = filters(s, weight, weightOffset, false);
    float[] add = new float[TilePlan.groups(s.k())];
    if (bias != null) {
      System.arraycopy(bias, biasOffset, add, 0, s.k());
    }
    convolve(plan, x, xOffset, u, add, y, yOffset, s.outH(), s.outW());
    Scratch.release(u);
  }

  /// The gradient by x is the convolution of g with the filters turned by half a turn.
  static void inputGradient(
      ConvShape s,
      float[] g,
      int gOffset,
      float[] weight,
      int weightOffset,
      float[] dx,
      int dxOffset) {
    var image = new TilePlan.Image(s.k(), s.outH(), s.outW(), 2 - s.padTop(), 2 - s.padLeft());
    TilePlan plan = TilePlan.of(s.n(), image, s.c(), s.h(), s.w());
    float[] u = filters(s, weight, weightOffset, true);
    float[] add = new float[TilePlan.groups(s.c())];
    convolve(plan, g, gOffset, u, add, dx, dxOffset, s.h(), s.w());
    Scratch.release(u);
  }

  /// Returns the distance of the components of filters.
  private static int filterComponent(int in, int out) {
    return in * TilePlan.groups(out) + LANES;
  }

  /// Returns the transformed filters: per component panels of [TilePlan#WIDTH] filters, in a panel
  /// channel after channel.
  private static float[] filters(ConvShape s, float[] weight, int weightOffset, boolean turned) {
    int in = turned ? s.k() : s.c();
    int out = turned ? s.c() : s.k();
    int padded = TilePlan.groups(out);
    int component = filterComponent(in, out);
    int inStep = 9 * (turned ? s.c() : 1);
    int outStep = 9 * (turned ? 1 : s.c());
    float[] u = Scratch.floats(COMPONENTS * component);
    int grain = Math.max(1, (1 << 12) / padded);
    for (int from = 0; from < padded; from += TilePlan.WIDTH) {
      int panel = from;
      int width = Math.min(TilePlan.WIDTH, padded - panel);
      int used = Math.min(width, out - panel);
      Workers.forRange(
          in,
          grain,
          (c0, c1) -> {
            int tap = (c1 - c0) * width;
            float[] taps = Scratch.floats(9 * tap);
            if (used < width) {
              Arrays.fill(taps, 0, 9 * tap, 0f);
            }
            for (int c = c0; c < c1; c++) {
              int at = weightOffset + c * inStep + panel * outStep;
              for (int t = 0; t < 9; t++) {
                int wi = at + (turned ? 8 - t : t);
                int ti = t * tap + (c - c0) * width;
                for (int k = 0; k < used; k++) {
                  taps[ti + k] = weight[wi + k * outStep];
                }
              }
            }
            WinogradFormsF32.now().filter(taps, tap, tap, u, panel * in + c0 * width, component);
            Scratch.release(taps);
          });
    }
    return u;
  }

  private static void convolve(
      TilePlan plan,
      float[] x,
      int xOffset,
      float[] u,
      float[] bias,
      float[] y,
      int yOffset,
      int outH,
      int outW) {
    int in = plan.x().channels();
    int out = plan.outChannels();
    int vComponent = plan.component(in);
    int mComponent = plan.component(out);
    Workers.forRange(
        plan.blocks(),
        1,
        (from, to) -> {
          WinogradStepsF32 steps = WinogradFormsF32.now();
          float[] v = Scratch.floats(COMPONENTS * vComponent);
          float[] m = Scratch.floats(COMPONENTS * mComponent);
          float[] strip = Scratch.floats(plan.strip() + 6 * plan.stripRow());
          for (int b = from; b < to; b++) {
            int first = b * plan.rows();
            int end = Math.min(plan.total(), first + plan.rows());
            WinogradTilesF32.inputs(steps, plan, x, xOffset, first, end, strip, v);
            int tiles = (end - first) * plan.across();
            products(steps, tiles, in, out, v, vComponent, u, m, mComponent);
            outputs(steps, plan, first, end, m, bias, strip, y, yOffset, outH, outW);
          }
          Scratch.release(strip);
          Scratch.release(m);
          Scratch.release(v);
        });
  }

  private static void products(
      WinogradStepsF32 steps,
      int tiles,
      int in,
      int out,
      float[] v,
      int vComponent,
      float[] u,
      float[] m,
      int mComponent) {
    int vTile = TilePlan.groups(in);
    int mTile = TilePlan.groups(out);
    int uComponent = filterComponent(in, out);
    int[] term = TilePlan.multiples(in, 1);
    int[] row = TilePlan.multiples(TilePlan.ROWS, vTile);
    for (int i = 0; i < COMPONENTS; i++) {
      for (int k = 0; k < mTile; k += TilePlan.WIDTH) {
        int width = Math.min(TilePlan.WIDTH, mTile - k);
        int ui = i * uComponent + k * in;
        for (int t = 0; t < tiles; t += TilePlan.ROWS) {
          int vi = i * vComponent + t * vTile;
          int mi = i * mComponent + t * mTile + k;
          steps.product(in, term, 0, v, vi, row, 0, u, ui, width, width, m, mi, mTile);
        }
      }
    }
  }

  private static void outputs(
      WinogradStepsF32 steps,
      TilePlan plan,
      int first,
      int end,
      float[] m,
      float[] bias,
      float[] strip,
      float[] y,
      int yOffset,
      int outH,
      int outW) {
    int out = plan.outChannels();
    int tile = TilePlan.groups(out);
    int component = plan.component(out);
    int row = plan.outRow();
    int area = outH * outW;
    float[] work = new float[24 * LANES];
    for (int r = first; r < end; r++) {
      int oy = r % plan.down() * 4;
      int image = yOffset + r / plan.down() * out * area + oy * outW;
      int mi = (r - first) * plan.across() * tile;
      for (int k = 0; k < out; k += LANES) {
        steps.output(m, mi + k, tile, component, plan.across(), bias, k, work, strip, row);
        int lanes = Math.min(LANES, out - k);
        int rows = Math.min(4, outH - oy);
        boolean whole = outW * LANES == row;
        for (int i = 0; i < rows; i += whole ? rows : 1) {
          int yi = image + k * area + i * outW;
          steps.scatter(strip, i * row, LANES, whole ? rows * outW : outW, y, yi, area, lanes);
        }
      }
    }
  }
}
