package dev.autograd.benchmarks.micro;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntToDoubleFunction;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What the machine does at most on a number of threads, measured: the two sides of a roofline
/// (Williams, Waterman and Patterson, 2009, https://doi.org/10.1145/1498765.1498785).
///
/// @param flopsF32 arithmetic operations a second in f32, in registers only
/// @param flopsF64 the same in f64
/// @param read bytes a second, read from memory
/// @param copy bytes a second, read and written ones together
record Limits(double flopsF32, double flopsF64, double read, double copy) {
  private static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED;

  private static final int BYTES = 256 << 20;
  private static final int ROUNDS = 4_000_000;
  private static final int REPEATS = 30;

  /// Sums held at once: more than the latency of a multiply-add times the units that do them.
  private static final int SUMS = 10;

  /// Measures, for a few seconds.
  static Limits measure(int threads) {
    float[] memory = new float[BYTES / Float.BYTES];
    Arrays.fill(memory, 1);
    int share = memory.length / threads / (8 * F32.length()) * (8 * F32.length());
    int half = share / 2 / F32.length() * F32.length();
    double flops = 2.0 * SUMS * ROUNDS * threads;
    return new Limits(
        flops * F32.length() / best(threads, t -> multiplyAddF32(1 + t * 1e-9f)),
        flops * F64.length() / best(threads, t -> multiplyAddF64(1 + t * 1e-9)),
        (double) Float.BYTES * share * threads / best(threads, t -> sum(memory, t * share, share)),
        2.0 * Float.BYTES * half * threads / best(threads, t -> copy(memory, t * share, half)));
  }

  /// Returns the least seconds in which all threads ran `body`.
  private static double best(int threads, IntToDoubleFunction body) {
    double best = Double.MAX_VALUE;
    double[] kept = new double[threads];
    for (int i = 0; i < REPEATS; i++) {
      CountDownLatch ready = new CountDownLatch(threads);
      Thread[] all = new Thread[threads];
      long[] begin = new long[threads];
      long[] end = new long[threads];
      for (int t = 0; t < threads; t++) {
        int thread = t;
        all[t] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      ready.countDown();
                      while (ready.getCount() > 0) {
                        Thread.onSpinWait();
                      }
                      begin[thread] = System.nanoTime();
                      kept[thread] += body.applyAsDouble(thread);
                      end[thread] = System.nanoTime();
                    });
      }
      for (Thread t : all) {
        try {
          t.join();
        } catch (InterruptedException e) {
          throw new IllegalStateException("limits: interrupted while they were measured", e);
        }
      }
      long taken =
          Arrays.stream(end).max().orElseThrow() - Arrays.stream(begin).min().orElseThrow();
      best = Math.min(best, taken * 1e-9);
    }
    if (Double.isNaN(Arrays.stream(kept).sum())) { // Or the loops would be dead code.
      throw new IllegalStateException("limits: the sums are not numbers");
    }
    return best;
  }

  private static double multiplyAddF32(float start) {
    FloatVector m = FloatVector.broadcast(F32, 0.999f);
    FloatVector c = FloatVector.broadcast(F32, start * 0.001f);
    FloatVector a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, a7 = c, a8 = c, a9 = c;
    for (int i = 0; i < ROUNDS; i++) {
      a0 = a0.fma(m, c);
      a1 = a1.fma(m, c);
      a2 = a2.fma(m, c);
      a3 = a3.fma(m, c);
      a4 = a4.fma(m, c);
      a5 = a5.fma(m, c);
      a6 = a6.fma(m, c);
      a7 = a7.fma(m, c);
      a8 = a8.fma(m, c);
      a9 = a9.fma(m, c);
    }
    return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).add(a8).add(a9).lane(0);
  }

  private static double multiplyAddF64(double start) {
    DoubleVector m = DoubleVector.broadcast(F64, 0.999);
    DoubleVector c = DoubleVector.broadcast(F64, start * 0.001);
    DoubleVector a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, a7 = c, a8 = c, a9 = c;
    for (int i = 0; i < ROUNDS; i++) {
      a0 = a0.fma(m, c);
      a1 = a1.fma(m, c);
      a2 = a2.fma(m, c);
      a3 = a3.fma(m, c);
      a4 = a4.fma(m, c);
      a5 = a5.fma(m, c);
      a6 = a6.fma(m, c);
      a7 = a7.fma(m, c);
      a8 = a8.fma(m, c);
      a9 = a9.fma(m, c);
    }
    return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).add(a8).add(a9).lane(0);
  }

  private static double sum(float[] x, int from, int count) {
    int w = F32.length();
    FloatVector a0 = FloatVector.zero(F32), a1 = a0, a2 = a0, a3 = a0;
    for (int i = from; i < from + count; i += 4 * w) {
      a0 = a0.add(FloatVector.fromArray(F32, x, i));
      a1 = a1.add(FloatVector.fromArray(F32, x, i + w));
      a2 = a2.add(FloatVector.fromArray(F32, x, i + 2 * w));
      a3 = a3.add(FloatVector.fromArray(F32, x, i + 3 * w));
    }
    return a0.add(a1).add(a2.add(a3)).lane(0);
  }

  private static double copy(float[] x, int from, int count) {
    for (int i = from; i < from + count; i += F32.length()) {
      FloatVector.fromArray(F32, x, i).intoArray(x, i + count);
    }
    return x[from + count];
  }
}
