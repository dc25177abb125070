// Twin: SideBySideF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Depthwise convolution in f32 with [TilePlan#LANES] channels side by side, each for itself.
///
/// The terms of an output run over the elements of the filter in order, those of a gradient over
/// the outputs of a block and then over the blocks.
final class SideBySideF32 {
  private static final int LANES = TilePlan.LANES;
  private static final int OUTPUTS = 1024;

  /// Terms of a gradient that are added one after the other.
  private static final int TERMS = 256;

  private static final int STRIP = 64_000;

  private SideBySideF32() {}

  /// Returns whether all channels come in whole groups, with one filter each.
  static boolean suits(ConvShape s) {
    return s.channelsPerGroup() == 1
        && s.filtersPerGroup() == 1
        && s.c() % LANES == 0
        && s.n() * s.outArea() > 0;
  }

  /// Returns whether the gradient by x is such a convolution too, of g with turned filters and
  /// zeros where strides skip.
  static boolean suitsInputGradient(ConvShape s) {
    return suits(s)
        && s.padTop() <= s.dilationH() * (s.kh() - 1)
        && s.padLeft() <= s.dilationW() * (s.kw() - 1)
        && s.h() + s.padTop() > (s.outH() - 1) * s.strideH()
        && s.w() + s.padLeft() > (s.outW() - 1) * s.strideW();
  }

  /// Returns the convolution that yields the gradient by x.
  private static ConvShape turned(ConvShape s) {
    int top = s.dilationH() * (s.kh() - 1) - s.padTop();
    int left = s.dilationW() * (s.kw() - 1) - s.padLeft();
    int h = (s.outH() - 1) * s.strideH() + 1;
    int w = (s.outW() - 1) * s.strideW() + 1;
    return new ConvShape(
        s.n(),
        s.k(),
        h,
        w,
        s.c(),
        s.kh(),
        s.kw(),
        1,
        1,
        top,
        left,
        s.h() + s.padTop() - h,
        s.w() + s.padLeft() - w,
        s.dilationH(),
        s.dilationW(),
        s.groups());
  }

  /// Returns the plan of a convolution whose groups are the channels that lie side by side.
  private static StripPlan plan(ConvShape s, int outputs) {
    var grouped =
        new ConvShape(
            s.n(),
            s.c(),
            s.h(),
            s.w(),
            s.k(),
            s.kh(),
            s.kw(),
            s.strideH(),
            s.strideW(),
            s.padTop(),
            s.padLeft(),
            s.padBottom(),
            s.padRight(),
            s.dilationH(),
            s.dilationW(),
            s.c() / LANES);
    return StripPlan.of(grouped, outputs, STRIP);
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
    convolve(s, 1, 1, x, xOffset, weight, weightOffset, 1, bias, biasOffset, y, yOffset);
  }

  static void inputGradient(
      ConvShape s,
      float[] g,
      int gOffset,
      float[] weight,
      int weightOffset,
      float[] dx,
      int dxOffset) {
    int gapH = s.strideH();
    int gapW = s.strideW();
    convolve(turned(s), gapH, gapW, g, gOffset, weight, weightOffset, -1, null, 0, dx, dxOffset);
  }

  /// @param gapH distance of the lines of x that are not zero
  /// @param gapW distance of such columns
  /// @param order -1 if the elements of filters are to be in reverse, or 1
  private static void convolve(
      ConvShape s,
      int gapH,
      int gapW,
      float[] x,
      int xOffset,
      float[] weight,
      int weightOffset,
      int order,
      float @Nullable [] bias,
      int biasOffset,
      float[] y,
      int yOffset) {
    StripPlan plan = plan(s, OUTPUTS);
    int taps = s.kh() * s.kw();
    int groups = s.c() / LANES;
    int at = order > 0 ? 0 : (taps - 1) * LANES;
    int step = order * LANES;
    Workers.forRange(
        plan.blocks() * groups,
        1,
        (from, to) -> {
          WinogradStepsF32 steps = WinogradFormsF32.now();
          float[] strip = Scratch.floats(plan.size());
          float[] out = new float[plan.positions().length * LANES];
          float[] filters = new float[taps * LANES];
          for (int t = from; t < to; t++) {
            int c = t % groups * LANES;
            StripPlan.Block block = plan.block(t / groups);
            StripsF32.read(steps, plan, gapH, gapW, x, xOffset, t % groups, block, strip);
            int wi = weightOffset + c * taps;
            steps.gather(weight, wi, taps, LANES, LANES, taps, filters, at, step);
            int outputs = plan.outputs(block);
            steps.lanes(taps, plan.taps(), strip, outputs, plan.positions(), filters, out);
            if (bias != null) {
              float[] add = Arrays.copyOfRange(bias, biasOffset + c, biasOffset + c + LANES);
              for (int p = 0; p < outputs; p++) {
                steps.add(add, 0, out, p * LANES, LANES);
              }
            }
            int count = block.rows() * s.outW();
            for (int i = 0; i < block.images(); i++) {
              int plane = (block.image() + i) * s.k() + c;
              int yi = yOffset + plane * s.outArea() + block.top() * s.outW();
              steps.scatter(out, i * count * LANES, LANES, count, y, yi, s.outArea(), LANES);
            }
          }
          Scratch.release(strip);
        });
  }

  static void weightGradient(
      ConvShape s, float[] g, int gOffset, float[] x, int xOffset, float[] dw, int dwOffset) {
    StripPlan plan = plan(s, TERMS);
    int taps = s.kh() * s.kw();
    Workers.forRange(
        s.c() / LANES,
        1,
        (from, to) -> {
          WinogradStepsF32 steps = WinogradFormsF32.now();
          float[] strip = Scratch.floats(plan.size());
          float[] lines = new float[plan.positions().length * LANES];
          float[] part = new float[taps * LANES];
          float[] sum = new float[taps * LANES];
          for (int group = from; group < to; group++) {
            int c = group * LANES;
            Arrays.fill(sum, 0f);
            for (int b = 0; b < plan.blocks(); b++) {
              StripPlan.Block block = plan.block(b);
              StripsF32.read(steps, plan, x, xOffset, group, block, strip);
              int count = block.rows() * s.outW();
              for (int i = 0; i < block.images(); i++) {
                int plane = (block.image() + i) * s.k() + c;
                int gi = gOffset + plane * s.outArea() + block.top() * s.outW();
                int to16 = i * count * LANES;
                steps.gather(g, gi, s.outArea(), LANES, LANES, count, lines, to16, LANES);
              }
              steps.lanes(
                  plan.outputs(block), plan.positions(), strip, taps, plan.taps(), lines, part);
              steps.add(part, 0, sum, 0, taps * LANES);
            }
            steps.scatter(sum, 0, LANES, taps, dw, dwOffset + c * taps, taps, LANES);
          }
          Scratch.release(strip);
        });
  }
}
