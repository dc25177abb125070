package dev.autograd.kernel.pool;

import dev.autograd.kernel.reduce.lanes.Warmup;

/// When windows of 2 by 2 go over to vectors.
final class PairChoice {
  private static final int SIZE = 32;
  private static final PoolShape SHAPE = PoolShape.of(1, SIZE, SIZE, 2, 2, 0);

  private PairChoice() {}

  // Twins: f32 as f64.

  static final Warmup F32 = new Warmup("pooling f32", exerciseF32(true), exerciseF32(false));

  private static Runnable exerciseF32(boolean vectors) {
    float[] x = new float[SIZE * SIZE];
    float[] y = new float[x.length / 4];
    int[] index = new int[x.length / 4];
    int out = SIZE / 2;
    return () -> {
      if (vectors) {
        PairsF32.forward(x, 0, SIZE, out, out, y, 0, index, 0);
        return;
      }
      for (int oy = 0; oy < out; oy++) {
        MaxPool2d.row(SHAPE, x, 0, oy, out, y, oy * out, index, oy * out);
      }
    };
  }

  // End of twins.
}
