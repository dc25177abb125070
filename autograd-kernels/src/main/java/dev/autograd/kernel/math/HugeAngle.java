package dev.autograd.kernel.math;

/// What is left of a large angle after taking whole quarter turns away.
///
/// M. Payne, R. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983):
/// only the bits of 2/π that can reach the quarter count or the fraction are multiplied with the
/// 53-bit significand, in exact integer arithmetic.
///
/// @param quarters the count of quarter turns, modulo 4
/// @param rest the angle that is left, in `[-π/4, π/4]`
record HugeAngle(long quarters, double rest) {

  private static final long[] TWO_OVER_PI_BITS = {
    0xa2f9836e4e441529L, 0xfc2757d1f534ddc0L, 0xdb6295993c439041L, 0xfe5163abdebbc561L,
    0xb7246e3a424dd2e0L, 0x06492eea09d1921cL, 0xfe1deb1cb129a73eL, 0xe88235f52ebb4484L,
    0xe99c7026b45f7e41L, 0x3991d639835339f4L, 0x9c845f8bbdf9283bL, 0x1ff897ffde05980fL,
    0xef2f118b5a0a6d1fL, 0x6d367ecf27cb09b7L, 0x4f463f669e5fea2dL, 0x7527bac7ebe5f17bL,
    0x3d0739f78a5292eaL, 0x6bfb5fb11f8d5d08L, 0x56033046fc7b6babL, 0xf0cfbc209af4361dL
  };

  /// Reduces a finite `a ≥ 1`.
  static HugeAngle of(double a) {
    int shift = Math.getExponent(a) - 52;
    long m = (Double.doubleToRawLongBits(a) & 0xFFFFFFFFFFFFFL) | 0x10000000000000L;
    // a · 2/π = m · 2^shift · 2/π; bits of 2/π above position shift - 2 only add multiples of 4.
    int start = shift - 2;
    long w0 = window(start);
    long w1 = window(start + 64);
    long w2 = window(start + 128);
    // m · w modulo 2^192: two bits of quarters, then 190 bits of fraction.
    long low = m * w2;
    long middle = m * w1;
    long carry = Math.unsignedMultiplyHigh(m, w2);
    long mid = middle + carry;
    long over = Long.compareUnsigned(mid, middle) < 0 ? 1 : 0;
    long high = m * w0 + Math.unsignedMultiplyHigh(m, w1) + over;
    long quarters = high >>> 62;
    long f0 = (high << 2) | (mid >>> 62);
    long f1 = (mid << 2) | (low >>> 62);
    long f2 = low << 2;
    boolean below = f0 < 0;
    if (below) {
      // A fraction of a half or more counts down from the next quarter.
      quarters++;
      f2 = -f2;
      f1 = ~f1 + (f2 == 0 ? 1 : 0);
      f0 = ~f0 + (f1 == 0 && f2 == 0 ? 1 : 0);
    }
    int zeros = Long.numberOfLeadingZeros(f0);
    if (zeros == 64) {
      zeros += Long.numberOfLeadingZeros(f1);
    }
    double high53 = leading(f0, f1, f2, zeros);
    double low53 = leading(f0, f1, f2, zeros + 53);
    double fraction = high53 * power(-zeros - 53);
    double tail = low53 * power(-zeros - 106);
    double rest =
        Math.fma(
            fraction,
            DoubleTrig.HALF_PI_1,
            Math.fma(tail, DoubleTrig.HALF_PI_1, fraction * DoubleTrig.HALF_PI_2));
    return new HugeAngle(quarters & 3, below ? -rest : rest);
  }

  /// Returns 64 bits of 2/π from the bit after the point with index `from` on, which may be
  /// negative.
  private static long window(int from) {
    int word = Math.floorDiv(from, 64);
    int bit = Math.floorMod(from, 64);
    long first = word < 0 ? 0 : TWO_OVER_PI_BITS[word];
    if (bit == 0) {
      return first;
    }
    long second = word + 1 < 0 ? 0 : TWO_OVER_PI_BITS[word + 1];
    return (first << bit) | (second >>> (64 - bit));
  }

  /// Returns the 53 bits that follow the first `skip` ones of the fraction, as an integer.
  private static double leading(long f0, long f1, long f2, int skip) {
    long bits;
    if (skip < 64) {
      bits = skip == 0 ? f0 : (f0 << skip) | (f1 >>> (64 - skip));
    } else if (skip < 128) {
      bits = skip == 64 ? f1 : (f1 << (skip - 64)) | (f2 >>> (128 - skip));
    } else {
      bits = f2 << (skip - 128);
    }
    return (double) (bits >>> 11);
  }

  private static double power(int exponent) {
    return Double.longBitsToDouble((long) (exponent + 1023) << 52);
  }
}
