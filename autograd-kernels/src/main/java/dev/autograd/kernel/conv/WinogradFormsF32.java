// Twin: WinogradFormsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.Warmup;

/// The forms of Winograd's steps on this machine. The vector form is loaded only where it can run.
final class WinogradFormsF32 {
  private static final int K = 32;

  private static final WinogradStepsF32 PLAIN = new ScalarWinogradF32();
  private static final WinogradStepsF32 VECTOR = Simd.live() ? new VectorWinogradF32() : PLAIN;
  private static final Warmup CHOICE =
      new Warmup("convolutions f32", exercise(VECTOR), exercise(PLAIN));

  private WinogradFormsF32() {}

  /// Returns the form to use now.
  static WinogradStepsF32 now() {
    return CHOICE.hot() ? VECTOR : PLAIN;
  }

  private static Runnable exercise(WinogradStepsF32 steps) {
    int lanes = TilePlan.LANES;
    int width = TilePlan.WIDTH;
    float[] x = new float[36 * 18 * lanes];
    float[] y = new float[x.length];
    float[] work = new float[24 * lanes];
    int[] term = TilePlan.multiples(K, 1);
    int[] rows = TilePlan.multiples(TilePlan.ROWS, K);
    int[] nine = TilePlan.multiples(9, lanes);
    int row = 18 * lanes;
    int component = 4 * lanes;
    return () -> {
      for (int n = lanes; n <= width; n += lanes) {
        steps.product(K, term, 0, x, 0, rows, 0, y, 0, n, n, x, x.length / 2, n);
      }
      steps.lanes(K, term, x, 9, nine, y, x);
      steps.gather(x, 0, 18, lanes, lanes, 18, y, 0, lanes);
      steps.inputDown(x, 0, row, row, y, 0, row);
      steps.inputAcross(y, 0, row, 4, x, 0, lanes, component);
      steps.gradientDown(x, 0, row, row, y, 0, row);
      steps.gradientAcross(y, 0, row, 4, x, 0, lanes, component);
      steps.output(x, 0, lanes, component, 4, y, 0, work, y, row);
      steps.scatter(y, 0, lanes, 16, x, 0, 16, lanes);
      steps.filter(x, component, component, y, 0, component);
      steps.filterGradient(y, 0, component, component, x, component);
      steps.add(x, 0, y, 0, row);
    };
  }
}
