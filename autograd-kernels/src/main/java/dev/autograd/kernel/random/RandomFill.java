package dev.autograd.kernel.random;

import dev.autograd.kernel.math.DoubleLog;
import dev.autograd.kernel.math.DoubleTrig;
import dev.autograd.kernel.parallel.Workers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Fills arrays with random values that depend only on seed, stream and position.
///
/// `first` is the position in the stream of the first element written, so a part of a stream can be
/// drawn again without the rest. One position of a 32-bit kind (f32, bernoulli) uses one word of
/// [Philox], one of a 64-bit kind (f64, ints) two.
public final class RandomFill {
  private static final int CHUNK = 1 << 13;
  private static final VarHandle FOUR_BYTES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final double TWO_PI = 6.283185307179586;

  private RandomFill() {}

  /// Fills with f32 values in [0, 1), multiples of 2^-24.
  public static void uniform(long seed, long stream, long first, float[] y, int yOffset, int n) {
    Workers.forRange(
        n,
        CHUNK,
        (from, to) -> {
          int[] w = new int[4];
          long block = -1;
          for (int i = from; i < to; i++) {
            long at = first + i;
            if (at >>> 2 != block) {
              block = at >>> 2;
              Philox.block(seed, stream, block, w);
            }
            y[yOffset + i] = unit(w[(int) at & 3]);
          }
        });
  }

  /// Fills with f64 values in [0, 1), multiples of 2^-53.
  public static void uniform(long seed, long stream, long first, double[] y, int yOffset, int n) {
    Workers.forRange(
        n,
        CHUNK,
        (from, to) -> {
          int[] w = new int[4];
          for (int i = from; i < to; i++) {
            y[yOffset + i] = (word(seed, stream, first + i, w) >>> 11) * 0x1p-53;
          }
        });
  }

  /// Fills with f32 values of the standard normal distribution (Box and Muller, 1958).
  ///
  /// A pair of neighbouring positions shares the two words of an angle and a radius.
  public static void normal(long seed, long stream, long first, float[] y, int yOffset, int n) {
    Workers.forRange(
        n,
        CHUNK,
        (from, to) -> {
          int[] w = new int[4];
          double[] pair = new double[2];
          long held = -1;
          for (int i = from; i < to; i++) {
            long at = first + i;
            if (at >>> 1 != held) {
              held = at >>> 1;
              Philox.block(seed, stream, at >>> 2, w);
              int j = (int) at & 2;
              pair(
                  (((w[j] & 0xFFFFFFFFL) + 1) * 0x1p-32), (w[j + 1] & 0xFFFFFFFFL) * 0x1p-32, pair);
            }
            y[yOffset + i] = (float) pair[(int) at & 1];
          }
        });
  }

  /// Fills with f64 values of the standard normal distribution (Box and Muller, 1958).
  public static void normal(long seed, long stream, long first, double[] y, int yOffset, int n) {
    Workers.forRange(
        n,
        CHUNK,
        (from, to) -> {
          int[] w = new int[4];
          double[] pair = new double[2];
          long held = -1;
          for (int i = from; i < to; i++) {
            long at = first + i;
            if (at >>> 1 != held) {
              held = at >>> 1;
              Philox.block(seed, stream, held, w);
              double u = ((join(w[0], w[1]) >>> 11) + 1) * 0x1p-53;
              pair(u, (join(w[2], w[3]) >>> 11) * 0x1p-53, pair);
            }
            y[yOffset + i] = pair[(int) at & 1];
          }
        });
  }

  /// Fills with 1 where the uniform f32 value of the position is less than `p`, else 0.
  public static void bernoulli(
      long seed, long stream, long first, double p, byte[] y, int yOffset, int n) {
    Workers.forRange(
        n,
        CHUNK,
        (from, to) -> drawPart(seed, stream, first + from, p, y, yOffset + from, to - from));
  }

  /// Fills a part that one thread can do.
  private static void drawPart(
      long seed, long stream, long first, double p, byte[] y, int yOffset, int n) {
    // (w >>> 8) 2^-24 < p, in integers.
    long bound = (long) Math.ceil(p * 0x1p24);
    long[][] words = new long[4][Philox.GROUP];
    int done = 0;
    while (done < n) {
      long at = first + done;
      int skipped = (int) at & 3;
      int count = Math.min(n - done, 4 * Philox.GROUP - skipped);
      Philox.blocks(seed, stream, at >>> 2, words);
      int blocks = skipped == 0 ? count >> 2 : 0;
      int to = yOffset + done;
      less(words, bound, blocks, y, to);
      for (int i = 4 * blocks; i < count; i++) {
        int word = skipped + i;
        y[to + i] = (byte) less(words[word & 3][word >> 2], bound);
      }
      done += count;
    }
  }

  private static void less(long[][] words, long bound, int blocks, byte[] y, int yOffset) {
    long[] w0 = words[0];
    long[] w1 = words[1];
    long[] w2 = words[2];
    long[] w3 = words[3];
    for (int i = 0; i < blocks; i++) {
      long four =
          less(w0[i], bound)
              | (less(w1[i], bound) << 8)
              | (less(w2[i], bound) << 16)
              | (less(w3[i], bound) << 24);
      FOUR_BYTES.set(y, yOffset + 4 * i, (int) four);
    }
  }

  /// Returns 1 if a word as a number of 24 bits is less than a bound, else 0.
  private static long less(long word, long bound) {
    return ((word >>> 8) - bound) >>> 63;
  }

  /// Fills with integers in `[low, high)`.
  ///
  /// A 64-bit word is scaled by a multiplication (Lemire, 2019); no value is off its share by more
  /// than `(high - low) / 2^64`.
  ///
  /// @throws IllegalArgumentException unless `low < high`
  public static void integers(
      long seed, long stream, long first, long low, long high, long[] y, int yOffset, int n) {
    if (low >= high) {
      throw new IllegalArgumentException(
          "randint: low must be less than high, got low " + low + " and high " + high);
    }
    Workers.forRange(
        n,
        CHUNK,
        (from, to) -> {
          int[] w = new int[4];
          for (int i = from; i < to; i++) {
            long word = word(seed, stream, first + i, w);
            y[yOffset + i] = low + Math.unsignedMultiplyHigh(word, high - low);
          }
        });
  }

  /// Writes a random order of `0 … n - 1` (Fisher and Yates).
  public static void permutation(long seed, long stream, long[] y, int yOffset, int n) {
    int[] w = new int[4];
    for (int i = 0; i < n; i++) {
      int j = (int) Math.unsignedMultiplyHigh(word(seed, stream, i, w), i + 1L);
      y[yOffset + i] = y[yOffset + j];
      y[yOffset + j] = i;
    }
  }

  private static void pair(double u, double v, double[] pair) {
    double r = Math.sqrt(-2.0 * DoubleLog.log(u));
    pair[0] = r * DoubleTrig.cos(TWO_PI * v);
    pair[1] = r * DoubleTrig.sin(TWO_PI * v);
  }

  private static float unit(int word) {
    return (word >>> 8) * 0x1p-24f;
  }

  private static long word(long seed, long stream, long at, int[] w) {
    Philox.block(seed, stream, at >>> 1, w);
    return (at & 1) == 0 ? join(w[0], w[1]) : join(w[2], w[3]);
  }

  private static long join(int low, int high) {
    return (long) high << 32 | (low & 0xFFFFFFFFL);
  }
}
