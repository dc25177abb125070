package dev.autograd.kernel.expr;

/// An expression turned into loops over contiguous arrays.
///
/// Element `i` of input `k` is `ins[k][inOffsets[k] + i]`; outputs alike.
interface Loop {

  /// Computes the elements `[from, to)` one by one; truth values are bytes.
  void scalar(
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets);

  /// Computes the elements `[from, to)` one by one; truth values are 0 and 1 of the compute type.
  default void wide(
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets) {
    scalar(from, to, params, outs, outOffsets, ins, inOffsets);
  }

  /// Computes whole vectors from `from` on and returns where it stopped, less than a vector from
  /// `to`; truth values are 0 and 1 of the compute type.
  default int vector(
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets) {
    return from;
  }
}
