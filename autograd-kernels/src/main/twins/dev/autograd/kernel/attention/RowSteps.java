package dev.autograd.kernel.attention;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import dev.autograd.kernel.reduce.lanes.Warmup;

/// The steps of this machine. The vector forms are loaded only where they can run.
final class RowSteps {
  private static final int ROWS = 16;
  private static final int N = 128;

  private RowSteps() {}

  // Twins: f32 as f64.

  /// Returns the steps over floats to use now.
  static RowStepsF32 f32() {
    return F32.CHOICE.hot() ? F32.VECTOR : F32.PLAIN;
  }

  private static final class F32 {
    static final RowStepsF32 PLAIN = new ScalarRowStepsF32();
    static final RowStepsF32 VECTOR = Simd.live() ? new VectorRowStepsF32() : PLAIN;
    static final Warmup CHOICE = new Warmup("attention f32", exercise(VECTOR), exercise(PLAIN));

    private F32() {}

    private static Runnable exercise(RowStepsF32 steps) {
      int row = N + RowsF32.LANES;
      float[] x = new float[ROWS * row];
      float[] t = new float[ROWS * row];
      float[] m = new float[ROWS];
      float[] l = new float[ROWS * (1 + RowsF32.LANES)];
      float[] a = new float[ROWS];
      return () -> {
        steps.weights(ROWS, N, 0, 10, x, row, 1f, m, l, a);
        steps.finish(ROWS, m, l, l, 0, a);
        steps.scale(ROWS, N, x, 0, row, a);
        steps.bias(ROWS, N, x, row, 1f, t, 0, row, 1);
        steps.gradients(ROWS, N, 0, 10, x, t, row, 1f, m, 0, a, 1f);
        steps.dots(ROWS, N, x, 0, row, 1, t, 0, row, 1, a);
      };
    }
  }

  // End of twins.
}
