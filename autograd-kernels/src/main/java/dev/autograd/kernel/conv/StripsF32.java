// Twin: StripsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import java.util.Arrays;

/// Reads strips of images.
final class StripsF32 {
  private static final int LANES = TilePlan.LANES;

  private StripsF32() {}

  /// Reads what a block needs of the channels of a group.
  static void read(
      WinogradStepsF32 steps,
      StripPlan plan,
      float[] x,
      int xOffset,
      int group,
      StripPlan.Block block,
      float[] strip) {
    read(steps, plan, 1, 1, x, xOffset, group, block, strip);
  }

  /// Reads likewise, of images of which only every `gapH`-th line and `gapW`-th column is stored;
  /// the others are zero.
  static void read(
      WinogradStepsF32 steps,
      StripPlan plan,
      int gapH,
      int gapW,
      float[] x,
      int xOffset,
      int group,
      StripPlan.Block block,
      float[] strip) {
    ConvShape s = plan.s();
    int channels = s.channelsPerGroup();
    int row = plan.line();
    int width = (s.w() - 1) / gapW + 1;
    int area = ((s.h() - 1) / gapH + 1) * width;
    int left = Math.min(s.padLeft(), plan.columns());
    int used = Math.max(0, Math.min(s.w(), plan.columns() - left));
    int stored = (used + gapW - 1) / gapW;
    int count = plan.lines(block.rows());
    for (int i = 0; i < block.images() * count; i++) {
      int image = i / count;
      int y = block.top() * s.strideH() - s.padTop() + i % count;
      int to = (image * plan.lines(plan.rows()) + i % count) * row;
      if (y < 0 || y >= s.h() || y % gapH != 0) {
        Arrays.fill(strip, to, to + row, 0f);
        continue;
      }
      int begin = to + left * plan.pixel();
      Arrays.fill(strip, to, gapW == 1 ? begin : to + row, 0f);
      Arrays.fill(strip, begin + used * plan.pixel(), to + row, 0f);
      int first = ((block.image() + image) * s.groups() + group) * channels;
      for (int c = 0; c < channels; c += LANES) {
        int lanes = Math.min(LANES, channels - c);
        int xi = xOffset + (first + c) * area + y / gapH * width;
        int step = gapW * plan.pixel();
        steps.gather(x, xi, area, lanes, lanes, stored, strip, begin + c, step);
      }
    }
  }
}
