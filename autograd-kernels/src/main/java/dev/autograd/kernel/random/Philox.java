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

  /// Blocks that go together in [#blocks].
  static final int GROUP = 64;

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

  /// Writes word j of the blocks `counter`, `counter + 1`, … of `stream` to `words[j]`, [#GROUP] of
  /// them, each word in the low half of an element whose high half is 0.
  ///
  /// Ten rounds over a few vectors of long, as the JIT compiler makes of these loops, take a
  /// fraction of the time of as many blocks one by one.
  static void blocks(long seed, long stream, long counter, long[][] words) {
    long[] c0 = words[0];
    long[] c1 = words[1];
    long[] c2 = words[2];
    long[] c3 = words[3];
    for (int i = 0; i < GROUP; i++) {
      c0[i] = (counter + i) & MASK;
      c1[i] = (counter + i) >>> 32;
      c2[i] = stream & MASK;
      c3[i] = stream >>> 32;
    }
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int r = 0; r < 10; r++) {
      round(c0, c1, c2, c3, k0 & MASK, k1 & MASK);
      k0 += W0;
      k1 += W1;
    }
  }

  private static void round(long[] c0, long[] c1, long[] c2, long[] c3, long k0, long k1) {
    for (int i = 0; i < GROUP; i++) {
      long p0 = M0 * (c0[i] & MASK);
      long p1 = M1 * (c2[i] & MASK);
      c0[i] = (p1 >>> 32) ^ c1[i] ^ k0;
      c2[i] = (p0 >>> 32) ^ c3[i] ^ k1;
      c1[i] = p1 & MASK;
      c3[i] = p0 & MASK;
    }
  }
}
