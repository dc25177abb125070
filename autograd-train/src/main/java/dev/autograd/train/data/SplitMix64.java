package dev.autograd.train.data;

/// Draws pseudo-random numbers for splitting, shuffling and making data.
///
/// The SplitMix64 generator of Steele, Lea and Flood ("Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014): `s += 0x9E3779B97F4A7C15`, then two xor-shift-multiply rounds. Its
/// numbers are part of the promise that a seed gives the same run everywhere, so it never changes.
public final class SplitMix64 {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix64(long state) {
    this.state = state;
  }

  /// Starts the sequence of a seed and a stream; different streams of a seed are unrelated.
  public static SplitMix64 of(long seed, long stream) {
    return new SplitMix64(mix(seed + GOLDEN) + mix(mix(stream ^ GOLDEN) + 1));
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// Draws 64 bits.
  public long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  /// Draws a whole number in `[0, bound)`, each equally likely.
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, got " + bound);
    }
    // The last, incomplete run of `bound` values would favour the small ones: draw again.
    long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
    long drawn;
    do {
      drawn = nextLong() >>> 1;
    } while (drawn >= limit);
    return (int) (drawn % bound);
  }

  /// Draws a number in `[0, 1)` with 53 random bits.
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /// Draws from the standard normal distribution (Box and Muller, 1958).
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  /// Shuffles in place (Fisher and Yates; Knuth, TAOCP 2, algorithm P).
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
