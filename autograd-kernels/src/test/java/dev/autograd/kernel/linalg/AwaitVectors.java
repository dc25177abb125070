package dev.autograd.kernel.linalg;

import dev.autograd.kernel.reduce.lanes.Rows;

/// A program that asks for kernels until it is given the vector form of all families.
final class AwaitVectors {
  private static final long LIMIT_MILLIS = 60_000;

  private AwaitVectors() {}

  /// Prints whether the first answers were plain and the last ones vectors.
  public static void main(String[] args) throws InterruptedException {
    boolean plainFirst = vectors() == 0;
    int vectors = 0;
    for (long end = System.currentTimeMillis() + LIMIT_MILLIS;
        vectors < 4 && System.currentTimeMillis() < end; ) {
      Thread.sleep(10);
      vectors = vectors();
    }
    System.out.println("plain first " + plainFirst + ", vectors in the end " + (vectors == 4));
  }

  /// Returns how many of the four families serve their vector form.
  private static int vectors() {
    int n = Tiles.f32() instanceof VectorTileF32 ? 1 : 0;
    n += Tiles.f64() instanceof VectorTileF64 ? 1 : 0;
    n += Rows.f32() == Rows.vectorF32() ? 1 : 0;
    return n + (Rows.f64() == Rows.vectorF64() ? 1 : 0);
  }
}
