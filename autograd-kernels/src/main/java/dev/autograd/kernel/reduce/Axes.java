package dev.autograd.kernel.reduce;

/// Which axes of a strided array are reduced and which are kept.
///
/// The outputs are numbered in row-major order of the kept axes; the sequence that belongs to an
/// output runs in row-major order of the reduced axes. Neighbouring axes that lie in memory as one
/// are merged.
public final class Axes {
  private final int[] keptShape;
  private final int[] keptStrides;
  private final int[] reducedShape;
  private final int[] reducedStrides;
  private final int outputs;
  private final int length;

  private Axes(int[] shape, int[] strides, boolean[] reduced) {
    int[][] kept = merged(shape, strides, reduced, false);
    int[][] cut = merged(shape, strides, reduced, true);
    keptShape = kept[0];
    keptStrides = kept[1];
    reducedShape = cut[0];
    reducedStrides = cut[1];
    outputs = product(keptShape);
    length = product(reducedShape);
  }

  /// Describes an array of `shape` and `strides` (in elements) whose axes marked in `reduced` go.
  ///
  /// @throws IllegalArgumentException if the three lengths differ
  public static Axes of(int[] shape, int[] strides, boolean[] reduced) {
    if (shape.length != strides.length || shape.length != reduced.length) {
      throw new IllegalArgumentException(
          "axes: shape, strides and reduced must have one entry per axis, got "
              + shape.length
              + ", "
              + strides.length
              + " and "
              + reduced.length);
    }
    return new Axes(shape, strides, reduced);
  }

  /// Describes a contiguous `[outer, axis, inner]` array whose middle axis goes.
  public static Axes middle(int outer, int axis, int inner) {
    return of(
        new int[] {outer, axis, inner},
        new int[] {axis * inner, inner, 1},
        new boolean[] {false, true, false});
  }

  /// Returns how many results there are.
  public int outputs() {
    return outputs;
  }

  /// Returns how many elements make one result.
  public int length() {
    return length;
  }

  /// Returns where the sequence of output `i` begins, in elements from the array's offset.
  public int keptOffset(int i) {
    return offset(i, keptShape, keptStrides);
  }

  /// Returns where element `i` of a sequence lies, in elements from its begin.
  public int reducedOffset(int i) {
    return offset(i, reducedShape, reducedStrides);
  }

  /// Tells whether the sequences of the outputs follow each other, in order.
  boolean isDense() {
    return keptShape.length == 0 || (keptShape.length == 1 && keptStrides[0] == length);
  }

  /// Tells whether the elements of a sequence do not all follow each other in memory.
  boolean liesApart() {
    return runStride() != 1 || run() != length;
  }

  /// Returns about how many neighbouring elements a fold asks for at a time.
  public int stretch() {
    if (columns() >= FoldF32.FEW_COLUMNS) {
      return runStride() == columns() ? columns() * run() : columns();
    }
    return runStride() != 1 ? 1 : isDense() && run() == length ? outputs * length : run();
  }

  /// Returns the length of the runs that a sequence makes along its last axis.
  int run() {
    return reducedShape.length == 0 ? 1 : reducedShape[reducedShape.length - 1];
  }

  int runStride() {
    return reducedShape.length == 0 ? 1 : reducedStrides[reducedShape.length - 1];
  }

  /// Returns how many neighbouring outputs lie next to each other in memory.
  int columns() {
    int last = keptShape.length - 1;
    return last >= 0 && keptStrides[last] == 1 ? keptShape[last] : 1;
  }

  private static int offset(int index, int[] shape, int[] strides) {
    int at = 0;
    int left = index;
    for (int d = shape.length - 1; d > 0; d--) {
      int q = left / shape[d];
      at += (left - q * shape[d]) * strides[d];
      left = q;
    }
    return shape.length == 0 ? at : at + left * strides[0];
  }

  private static int[][] merged(int[] shape, int[] strides, boolean[] reduced, boolean which) {
    int[] s = new int[shape.length];
    int[] t = new int[shape.length];
    int n = 0;
    for (int d = 0; d < shape.length; d++) {
      if (reduced[d] != which || shape[d] == 1) {
        continue;
      }
      if (n > 0 && t[n - 1] == shape[d] * strides[d]) {
        s[n - 1] *= shape[d];
        t[n - 1] = strides[d];
      } else {
        s[n] = shape[d];
        t[n] = strides[d];
        n++;
      }
    }
    return new int[][] {java.util.Arrays.copyOf(s, n), java.util.Arrays.copyOf(t, n)};
  }

  private static int product(int[] shape) {
    int n = 1;
    for (int s : shape) {
      n = Math.multiplyExact(n, s);
    }
    return n;
  }
}
