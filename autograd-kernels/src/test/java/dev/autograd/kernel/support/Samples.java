package dev.autograd.kernel.support;

import dev.autograd.kernel.parallel.Workers;
import java.util.Random;
import java.util.function.Supplier;

/// Seeded arrays, and runs of one computation on 1, 2 and 4 threads.
public final class Samples {
  private Samples() {}

  /// Returns normally distributed floats.
  public static float[] floats(long seed, int n) {
    var random = new Random(seed);
    float[] a = new float[n];
    for (int i = 0; i < n; i++) {
      a[i] = (float) random.nextGaussian();
    }
    return a;
  }

  /// Returns normally distributed doubles.
  public static double[] doubles(long seed, int n) {
    var random = new Random(seed);
    double[] a = new double[n];
    for (int i = 0; i < n; i++) {
      a[i] = random.nextGaussian();
    }
    return a;
  }

  /// Returns positions in `[0, size)`.
  public static long[] positions(long seed, int n, int size) {
    return new Random(seed).longs(n, 0, size).toArray();
  }

  /// Returns the results of `work` on 1, 2 and 4 threads.
  public static <T> java.util.List<T> onThreads(Supplier<T> work) {
    int before = Workers.threads();
    var results = new java.util.ArrayList<T>();
    try {
      for (int threads : new int[] {1, 2, 4}) {
        Workers.threads(threads);
        results.add(work.get());
      }
    } finally {
      Workers.threads(before);
    }
    return results;
  }
}
