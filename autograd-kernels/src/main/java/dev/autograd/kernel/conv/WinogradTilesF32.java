// Twin: WinogradTilesF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import java.util.Arrays;

/// Reads blocks of tiles from images and transforms them.
final class WinogradTilesF32 {
  private static final int LANES = TilePlan.LANES;

  private WinogradTilesF32() {}

  /// Transforms the rows of tiles `[first, end)` of images to components in v.
  static void inputs(
      WinogradStepsF32 steps,
      TilePlan plan,
      float[] x,
      int xOffset,
      int first,
      int end,
      float[] strip,
      float[] v) {
    TilePlan.Image image = plan.x();
    int channels = image.channels();
    int area = image.h() * image.w();
    int tile = TilePlan.groups(channels);
    int component = plan.component(channels);
    int row = plan.stripRow();
    int work = plan.strip();
    for (int c = 0; c < channels; c += LANES) {
      int lanes = Math.min(LANES, channels - c);
      for (int r = first; r < end; ) {
        int n = r / plan.down();
        int top = r - n * plan.down();
        int rows = Math.min(end - r, plan.down() - top);
        int at = xOffset + (n * channels + c) * area;
        int y = 4 * top - image.padTop();
        for (int i = 0; i < 4 * rows + 2; i++) {
          line(steps, image, x, at, y + i, lanes, strip, i * row, row);
        }
        for (int i = 0; i < rows; i++) {
          steps.inputDown(strip, 4 * i * row, row, row, strip, work, row);
          int vi = (r - first + i) * plan.across() * tile + c;
          steps.inputAcross(strip, work, row, plan.across(), v, vi, tile, component);
        }
        r += rows;
      }
    }
  }

  /// Transforms the rows of tiles `[first, end)` of gradients to components in v.
  static void gradients(
      WinogradStepsF32 steps,
      TilePlan plan,
      TilePlan.Image image,
      float[] g,
      int gOffset,
      int first,
      int end,
      float[] strip,
      float[] v) {
    int channels = image.channels();
    int area = image.h() * image.w();
    int tile = TilePlan.groups(channels);
    int component = plan.component(channels);
    int row = plan.stripRow();
    int work = plan.strip();
    for (int c = 0; c < channels; c += LANES) {
      int lanes = Math.min(LANES, channels - c);
      for (int r = first; r < end; r++) {
        int n = r / plan.down();
        int y = 4 * (r - n * plan.down());
        int at = gOffset + (n * channels + c) * area;
        for (int i = 0; i < 4; i++) {
          line(steps, image, g, at, y + i, lanes, strip, i * row, row);
        }
        steps.gradientDown(strip, 0, row, row, strip, work, row);
        int vi = (r - first) * plan.across() * tile + c;
        steps.gradientAcross(strip, work, row, plan.across(), v, vi, tile, component);
      }
    }
  }

  /// Reads one line of an image with the zeros around it.
  private static void line(
      WinogradStepsF32 steps,
      TilePlan.Image image,
      float[] x,
      int at,
      int y,
      int lanes,
      float[] strip,
      int to,
      int length) {
    if (y < 0 || y >= image.h()) {
      Arrays.fill(strip, to, to + length, 0f);
      return;
    }
    int left = image.padLeft() * LANES;
    int count = Math.min(image.w(), length / LANES - image.padLeft());
    Arrays.fill(strip, to, to + left, 0f);
    int xi = at + y * image.w();
    steps.gather(x, xi, image.h() * image.w(), lanes, count, strip, to + left);
    Arrays.fill(strip, to + left + count * LANES, to + length, 0f);
  }
}
