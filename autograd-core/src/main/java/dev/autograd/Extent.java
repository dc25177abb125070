package dev.autograd;

import java.util.function.DoublePredicate;

/// The range of a tensor's elements, for messages: never the elements.
///
/// @param bad how many elements are what was looked for
/// @param min the least element that is not NaN
/// @param max the greatest element that is not NaN
/// @param nans how many are NaN
record Extent(Shape shape, DType dtype, long numel, long bad, double min, double max, long nans) {

  static Extent of(Tensor t, DoublePredicate isBad) {
    Tensor whole = t;
    for (Vmap.Batched b = whole.batch(); b != null; b = whole.batch()) {
      whole = b.physical();
    }
    Storage storage = whole.sharedStorage();
    int[] strides = whole.sharedStrides();
    int[] sizes = whole.shape().dims();
    int[] index = new int[sizes.length];
    int at = whole.offset();
    long bad = 0;
    long nans = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    int n = whole.numel();
    for (int i = 0; i < n; i++) {
      double x = storage.getDouble(at);
      if (isBad.test(x)) {
        bad++;
      }
      if (Double.isNaN(x)) {
        nans++;
      } else {
        min = Math.min(min, x);
        max = Math.max(max, x);
      }
      for (int d = sizes.length - 1; d >= 0; d--) {
        at += strides[d];
        if (++index[d] < sizes[d]) {
          break;
        }
        at -= strides[d] * sizes[d];
        index[d] = 0;
      }
    }
    return new Extent(t.shape(), t.dtype(), n, bad, min, max, nans);
  }

  /// Returns how many elements were found to be bad.
  String described(AnomalyMode.Check check) {
    String what =
        switch (check) {
          case NAN -> "NaN";
          case INFINITY -> "infinity";
          case NAN_OR_INFINITY, NONE -> "NaN or infinity";
        };
    return what + " (" + bad + " of " + numel + " elements of " + dtype + " " + shape + ")";
  }

  @Override
  public String toString() {
    String kind = dtype + " " + shape;
    if (numel == 0) {
      return kind + " without elements";
    }
    if (nans == numel) {
      return kind + " of NaN";
    }
    return kind + " in [" + min + ", " + max + "]" + (nans == 0 ? "" : " and " + nans + " NaN");
  }
}
