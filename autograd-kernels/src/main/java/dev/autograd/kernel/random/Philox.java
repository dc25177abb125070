package dev.autograd.kernel.random;

/// The generator Philox4x32 with ten rounds: four random words from a key and a counter.
///
/// Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011. There is no
/// state: block `counter` of a stream is the same whoever asks and in what order.
public final class Philox {
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final long MASK = 0xFFFFFFFFL;

  private Philox() {}

  /// Writes the four words of block `counter` of `stream` under the key `seed`.
  ///
  /// The 128-bit counter of the generator is `counter` in its low half and `stream` in its high
  /// half.
  public static void block(long seed, long stream, long counter, int[] words) {
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    int c0 = (int) counter;
    int c1 = (int) (counter >>> 32);
    int c2 = (int) stream;
    int c3 = (int) (stream >>> 32);
    for (int r = 0; r < 10; r++) {
      long p0 = M0 * (c0 & MASK);
      long p1 = M1 * (c2 & MASK);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
  }
}
