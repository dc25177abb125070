package dev.autograd.kernel.linalg;

import dev.autograd.kernel.reduce.lanes.Rows;

/// A program that asks for kernels until it is given the vector form of all families.
final class AwaitVectors {
  private static final long LIMIT_MILLIS = 60_000;

  private AwaitVectors() {}

  /// Prints whether the first answers were plain and the last ones vectors.
  public static void main(String[] args) throws InterruptedException {
    boolean plainFirst =
        Tiles.f32() instanceof ScalarTileF32
            & Tiles.f64() instanceof ScalarTileF64
            & Rows.f32() == Rows.plainF32()
            & Rows.f64() == Rows.plainF64();
    boolean vectors = false;
    for (long end = System.currentTimeMillis() + LIMIT_MILLIS;
        !vectors && System.currentTimeMillis() < end; ) {
      Thread.sleep(10);
      vectors =
          Tiles.f32() instanceof VectorTileF32
              & Tiles.f64() instanceof VectorTileF64
              & Rows.f32() == Rows.vectorF32()
              & Rows.f64() == Rows.vectorF64();
    }
    System.out.println("plain first " + plainFirst + ", vectors in the end " + vectors);
  }
}
