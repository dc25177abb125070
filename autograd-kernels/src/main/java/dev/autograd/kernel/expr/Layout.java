package dev.autograd.kernel.expr;

import java.util.Arrays;

/// The dimensions of a run after simplification: ordered for the first output, none of size 1,
/// neighbours joined wherever every operand steps through them evenly.
///
/// @param dims the sizes; never empty
/// @param strides one array per operand, outputs first
record Layout(int[] dims, int[][] strides) {

  static Layout of(int[] dims, Operand[] outs, Operand[] ins) {
    int rank = dims.length;
    int count = outs.length + ins.length;
    int[] order = new int[rank];
    int kept = 0;
    for (int d = 0; d < rank; d++) {
      if (dims[d] != 1) {
        // Insertion by falling stride of the first output: its innermost dimension comes last.
        int at = kept++;
        int stride = Math.abs(outs[0].strides()[d]);
        while (at > 0 && Math.abs(outs[0].strides()[order[at - 1]]) < stride) {
          order[at] = order[at - 1];
          at--;
        }
        order[at] = d;
      }
    }
    int[] sizes = new int[Math.max(1, kept)];
    int[][] steps = new int[count][sizes.length];
    if (kept == 0) {
      sizes[0] = 1;
      for (int k = 0; k < count; k++) {
        steps[k][0] = 1;
      }
      return new Layout(sizes, steps);
    }
    int last = 0;
    sizes[0] = dims[order[0]];
    for (int k = 0; k < count; k++) {
      steps[k][0] = stride(outs, ins, k, order[0]);
    }
    for (int j = 1; j < kept; j++) {
      int d = order[j];
      boolean even = true;
      for (int k = 0; k < count && even; k++) {
        even = steps[k][last] == stride(outs, ins, k, d) * dims[d];
      }
      if (even) {
        sizes[last] *= dims[d];
      } else {
        last++;
        sizes[last] = dims[d];
      }
      for (int k = 0; k < count; k++) {
        steps[k][last] = stride(outs, ins, k, d);
      }
    }
    if (last + 1 < sizes.length) {
      sizes = Arrays.copyOf(sizes, last + 1);
      for (int k = 0; k < count; k++) {
        steps[k] = Arrays.copyOf(steps[k], last + 1);
      }
    }
    return new Layout(sizes, steps);
  }

  private static int stride(Operand[] outs, Operand[] ins, int k, int d) {
    return k < outs.length ? outs[k].strides()[d] : ins[k - outs.length].strides()[d];
  }

  int inner() {
    return dims[dims.length - 1];
  }

  /// Returns whether operand `k` steps by 1 from each element to the next.
  boolean contiguous(int k) {
    int expected = 1;
    for (int d = dims.length - 1; d >= 0; d--) {
      if (strides[k][d] != expected) {
        return false;
      }
      expected *= dims[d];
    }
    return true;
  }

  /// Returns whether operand `k` is the same element everywhere.
  boolean constant(int k) {
    for (int s : strides[k]) {
      if (s != 0) {
        return false;
      }
    }
    return true;
  }

  /// Returns after how many contiguous elements operand `k` begins again, over and over; 0 if it
  /// does not.
  int period(int k) {
    int expected = 1;
    int d = dims.length - 1;
    while (d >= 0 && strides[k][d] == expected) {
      expected *= dims[d--];
    }
    if (d < 0 || d == dims.length - 1) {
      return 0;
    }
    while (d >= 0 && strides[k][d] == 0) {
      d--;
    }
    return d < 0 ? expected : 0;
  }

  int innerStride(int k) {
    return strides[k][dims.length - 1];
  }
}
