// Twin: SweepsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import java.util.Arrays;
import java.util.function.BinaryOperator;

/// The passes over a row that normalisations are made of, for one instruction set.
///
/// A pass takes `n` elements of a, b and c from their offsets on and writes to y from o on; which
/// arrays it uses, and the scalars s, are told below. Every form rounds alike, so all give the same
/// bits.
///
/// @param scale sets `y = (a - s0) s1`
/// @param affine sets `y = (a - s0) s1 b + c`
/// @param shifted sets `y = (a - s0) s1 + s2`
/// @param times sets `y = a s0`
/// @param minus sets `y = (a - s0) - s1`
/// @param product sets `y = a b`
/// @param add adds a to y
/// @param addCentred adds `a (b - c)` to y
/// @param affineSums adds `a c` and `a c (b - s0) s1` to two times LANES lanes of y
/// @param centredSums adds a and `a (b - s0)` to two times LANES lanes of y
/// @param affineGradient sets `y = s1 (a c - s2 - (b - s0) s1 s3)`
/// @param centredGradient sets `y = s1 (a - s2 - (b - s0) s3)`
/// @param shiftedEach sets y as shifted, each element with scalars of its own: s0 is `c[i]`, s1 and
///   s2 stand ci and 2 ci after it
/// @param centredGradientEach sets y as centredGradient, with scalars as shiftedEach
/// @param parameterSums adds `a (b - s0) s1` to the n elements of s from [#SUMS] on, and a to the n
///   from [#second] on
/// @param weighted sets `y = b (a - s0)`
/// @param rest sets `y = a - exp(b) s0`
/// @param minusEach sets `y = (a - b) - c`
/// @param weightedEach sets `y = b (a - c)`
/// @param restEach sets `y = a - exp(b) c`
record SweepsF32(
    Sweep scale,
    Sweep affine,
    Sweep shifted,
    Sweep times,
    Sweep minus,
    Sweep product,
    Sweep add,
    Sweep addCentred,
    Sweep affineSums,
    Sweep centredSums,
    Sweep affineGradient,
    Sweep centredGradient,
    Sweep shiftedEach,
    Sweep centredGradientEach,
    Sweep parameterSums,
    Sweep weighted,
    Sweep rest,
    Sweep minusEach,
    Sweep weightedEach,
    Sweep restEach) {

  /// Where sums begin in the array of scalars.
  static final int SUMS = 16;

  /// Between the sums: stores to the first must not lie a page before loads of the second.
  private static final int GAP = 192;

  static final SweepsF32 PLAIN =
      new SweepsF32(
          ScalarSweepsF32::scale,
          ScalarSweepsF32::affine,
          ScalarSweepsF32::shifted,
          ScalarSweepsF32::times,
          ScalarSweepsF32::minus,
          ScalarSweepsF32::product,
          ScalarSweepsF32::add,
          ScalarSweepsF32::addCentred,
          ScalarSweepsF32::affineSums,
          ScalarSweepsF32::centredSums,
          ScalarSweepsF32::affineGradient,
          ScalarSweepsF32::centredGradient,
          ScalarSweepsF32::shiftedEach,
          ScalarSweepsF32::centredGradientEach,
          ScalarSweepsF32::parameterSums,
          ScalarSweepsF32::weighted,
          ScalarSweepsF32::rest,
          ScalarSweepsF32::minusEach,
          ScalarSweepsF32::weightedEach,
          ScalarSweepsF32::restEach);

  /// Returns the vector form; only to be called where vectors are live.
  static SweepsF32 vector() {
    return new SweepsF32(
        VectorSweepsF32::scale,
        VectorSweepsF32::affine,
        VectorSweepsF32::shifted,
        VectorSweepsF32::times,
        VectorSweepsF32::minus,
        VectorSweepsF32::product,
        VectorSweepsF32::add,
        VectorSweepsF32::addCentred,
        VectorSweepsF32::affineSums,
        VectorSweepsF32::centredSums,
        VectorSweepsF32::affineGradient,
        VectorSweepsF32::centredGradient,
        VectorSweepsF32::shiftedEach,
        VectorSweepsF32::centredGradientEach,
        VectorSweepsF32::parameterSums,
        VectorSweepsF32::weighted,
        VectorSweepsF32::rest,
        VectorSweepsF32::minusEach,
        VectorSweepsF32::weightedEach,
        VectorSweepsF32::restEach);
  }

  /// Returns for each pass the choice between this form and another.
  SweepsF32 with(SweepsF32 other, BinaryOperator<Sweep> choice) {
    return new SweepsF32(
        choice.apply(scale, other.scale),
        choice.apply(affine, other.affine),
        choice.apply(shifted, other.shifted),
        choice.apply(times, other.times),
        choice.apply(minus, other.minus),
        choice.apply(product, other.product),
        choice.apply(add, other.add),
        choice.apply(addCentred, other.addCentred),
        choice.apply(affineSums, other.affineSums),
        choice.apply(centredSums, other.centredSums),
        choice.apply(affineGradient, other.affineGradient),
        choice.apply(centredGradient, other.centredGradient),
        choice.apply(shiftedEach, other.shiftedEach),
        choice.apply(centredGradientEach, other.centredGradientEach),
        choice.apply(parameterSums, other.parameterSums),
        choice.apply(weighted, other.weighted),
        choice.apply(rest, other.rest),
        choice.apply(minusEach, other.minusEach),
        choice.apply(weightedEach, other.weightedEach),
        choice.apply(restEach, other.restEach));
  }

  /// Returns where the second sums of n elements begin.
  static int second(int n) {
    return SUMS + n + GAP;
  }

  /// Returns the length of an array of scalars and sums of n elements.
  static int length(int n) {
    return second(n) + n;
  }

  /// Returns an operand of n equal elements.
  static float[] filled(int n, float value) {
    float[] x = new float[n];
    Arrays.fill(x, value);
    return x;
  }

  /// One pass. All have one signature so that [#run] can be their only call site.
  @FunctionalInterface
  interface Sweep {
    void run(
        int n,
        float[] a,
        int ai,
        float[] b,
        int bi,
        float[] c,
        int ci,
        float[] y,
        int o,
        float[] s);
  }

  /// Runs a pass; as this one call meets many of them, C2 inlines none into its callers, where
  /// several together would exceed its limits.
  static void run(
      Sweep pass,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] c,
      int ci,
      float[] y,
      int o,
      float[] s) {
    pass.run(n, a, ai, b, bi, c, ci, y, o, s);
  }
}
