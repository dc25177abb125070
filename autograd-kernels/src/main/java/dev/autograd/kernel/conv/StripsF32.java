// Twin: StripsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import java.util.Arrays;

/// Reads strips of images, and lays out filters for products with them.
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
    ConvShape s = plan.s();
    int image = s.channelsPerGroup() * s.h() * s.w();
    int count = plan.lines(block.rows());
    for (int i = 0; i < block.images(); i++) {
      int at = xOffset + ((block.image() + i) * s.groups() + group) * image;
      int to = i * plan.lines(plan.rows()) * plan.line();
      lines(steps, plan, x, at, block.top() * s.strideH() - s.padTop(), count, strip, to);
    }
  }

  /// Reads lines of an image from line y on; `at` is the first of the group's planes.
  private static void lines(
      WinogradStepsF32 steps,
      StripPlan plan,
      float[] x,
      int at,
      int y,
      int count,
      float[] strip,
      int stripAt) {
    ConvShape s = plan.s();
    int row = plan.line();
    int pixel = plan.pixel();
    int channels = s.channelsPerGroup();
    int area = s.h() * s.w();
    int left = Math.min(s.padLeft(), plan.columns());
    int used = Math.max(0, Math.min(s.w(), plan.columns() - left));
    for (int i = 0; i < count; i++) {
      int to = stripAt + i * row;
      if (y + i < 0 || y + i >= s.h()) {
        Arrays.fill(strip, to, to + row, 0f);
        continue;
      }
      int begin = to + left * pixel;
      Arrays.fill(strip, to, begin, 0f);
      Arrays.fill(strip, begin + used * pixel, to + row, 0f);
      for (int c = 0; c < channels; c += LANES) {
        int lanes = Math.min(LANES, channels - c);
        int xi = at + c * area + (y + i) * s.w();
        steps.gather(x, xi, area, lanes, lanes, used, strip, begin + c, pixel);
      }
    }
  }
}
