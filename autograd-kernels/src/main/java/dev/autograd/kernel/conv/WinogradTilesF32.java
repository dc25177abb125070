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
        lines(steps, image, x, at, y, 4 * rows + 2, lanes, strip, row);
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
    int row = plan.outRow();
    int work = plan.strip();
    for (int c = 0; c < channels; c += LANES) {
      int lanes = Math.min(LANES, channels - c);
      for (int r = first; r < end; r++) {
        int n = r / plan.down();
        int y = 4 * (r - n * plan.down());
        int at = gOffset + (n * channels + c) * area;
        lines(steps, image, g, at, y, 4, lanes, strip, row);
        steps.gradientDown(strip, 0, row, row, strip, work, row);
        int vi = (r - first) * plan.across() * tile + c;
        steps.gradientAcross(strip, work, row, plan.across(), v, vi, tile, component);
      }
    }
  }

  /// Reads `count` lines of an image from line y on, with the zeros around it.
  private static void lines(
      WinogradStepsF32 steps,
      TilePlan.Image image,
      float[] x,
      int at,
      int y,
      int count,
      int lanes,
      float[] strip,
      int row) {
    int low = Math.min(count, Math.max(0, -y));
    int high = Math.max(low, Math.min(count, image.h() - y));
    Arrays.fill(strip, 0, low * row, 0f);
    Arrays.fill(strip, high * row, count * row, 0f);
    int w = image.w();
    int area = image.h() * w;
    int left = image.padLeft() * LANES;
    if (left == 0 && w * LANES == row) {
      steps.gather(
          x, at + (y + low) * w, area, lanes, LANES, (high - low) * w, strip, low * row, LANES);
      return;
    }
    int used = Math.min(w, row / LANES - image.padLeft());
    for (int i = low; i < high; i++) {
      int to = i * row;
      Arrays.fill(strip, to, to + left, 0f);
      steps.gather(x, at + (y + i) * w, area, lanes, LANES, used, strip, to + left, LANES);
      Arrays.fill(strip, to + left + used * LANES, to + row, 0f);
    }
  }
}
