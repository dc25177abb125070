// Twin: StripsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import java.util.Arrays;

/// Reads strips of images.
final class StripsF32 {
  private static final int LANES = TilePlan.LANES;

  private StripsF32() {}

  /// Reads the lines of an image that output rows `[oy, oy + rows)` need; `at` is the first of the
  /// group's planes.
  static void read(
      WinogradStepsF32 steps, StripPlan plan, float[] x, int at, int oy, int rows, float[] strip) {
    ConvShape s = plan.s();
    int count = plan.lines(rows);
    int row = plan.line();
    int channels = s.channelsPerGroup();
    int y = oy * s.strideH() - s.padTop();
    int area = s.h() * s.w();
    int left = Math.min(s.padLeft(), plan.columns());
    int used = Math.max(0, Math.min(s.w(), plan.columns() - left));
    for (int i = 0; i < count; i++) {
      int to = i * row;
      if (y + i < 0 || y + i >= s.h()) {
        Arrays.fill(strip, to, to + row, 0f);
        continue;
      }
      int begin = to + left * channels;
      int end = begin + used * channels;
      Arrays.fill(strip, to, begin, 0f);
      Arrays.fill(strip, end, to + row, 0f);
      for (int c = 0; c < channels; c += LANES) {
        int lanes = Math.min(LANES, channels - c);
        int xi = at + c * area + (y + i) * s.w();
        steps.gather(x, xi, area, lanes, lanes, used, strip, begin + c, channels);
      }
    }
  }
}
