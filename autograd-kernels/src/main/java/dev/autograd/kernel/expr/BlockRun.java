package dev.autograd.kernel.expr;

import dev.autograd.kernel.ElementType;

/// One run over operands that are not all contiguous, or not all of the compute type.
///
/// The elements are taken in blocks that fit the first cache. An operand that a block sees
/// contiguously is used in place; any other is copied to or from a buffer of the compute type. So
/// there is one compiled loop, whatever the layout.
final class BlockRun {

  private static final int BLOCK = 1024;

  /// From this size of the innermost dimension on, a block stays within a row; a row of whole
  /// vectors leaves no rest to compute one by one and may be shorter.
  private static final int LONG_ROW = 256;

  private static final int LONG_EVEN_ROW = 64;
  private static final int LARGEST_VECTOR = 16;

  private final PointwiseKernel kernel;
  private final ElementType type;
  private final Layout layout;
  private final double[] params;
  private final Operand[] operands;
  private final int outputs;
  private final boolean byRow;
  private final boolean[] inPlace;

  BlockRun(PointwiseKernel kernel, Layout layout, double[] params, Operand[] outs, Operand[] ins) {
    this.kernel = kernel;
    this.type = kernel.type();
    this.layout = layout;
    this.params = params;
    this.outputs = outs.length;
    operands = new Operand[outs.length + ins.length];
    System.arraycopy(outs, 0, operands, 0, outs.length);
    System.arraycopy(ins, 0, operands, outs.length, ins.length);
    int inner = layout.inner();
    byRow = inner >= LONG_ROW || (inner >= LONG_EVEN_ROW && inner % LARGEST_VECTOR == 0);
    inPlace = new boolean[operands.length];
    for (int k = 0; k < operands.length; k++) {
      inPlace[k] =
          type.holds(operands[k].array())
              && (byRow ? layout.innerStride(k) == 1 : layout.contiguous(k));
    }
  }

  /// Computes the elements `[from, to)`, counted in row-major order of the layout.
  void range(int from, int to) {
    int count = operands.length;
    Object[] outs = new Object[outputs];
    Object[] ins = new Object[count - outputs];
    int[] outOffsets = new int[outputs];
    int[] inOffsets = new int[count - outputs];
    boolean[] filled = new boolean[count];
    for (int k = 0; k < count; k++) {
      Object array = inPlace[k] ? operands[k].array() : type.newArray(Math.min(BLOCK, to - from));
      if (k < outputs) {
        outs[k] = array;
      } else {
        ins[k - outputs] = array;
      }
    }
    int inner = layout.inner();
    for (int at = from; at < to; ) {
      int n = Math.min(BLOCK, to - at);
      if (byRow) {
        n = Math.min(n, inner - at % inner);
      }
      for (int k = 0; k < count; k++) {
        boolean output = k < outputs;
        int offset = 0;
        if (inPlace[k]) {
          offset = position(k, at);
        } else if (!output && !filled[k]) {
          filled[k] = layout.constant(k);
          walk(k, ins[k - outputs], at, filled[k] ? Math.min(BLOCK, to - from) : n, false);
        }
        if (output) {
          outOffsets[k] = offset;
        } else {
          inOffsets[k - outputs] = offset;
        }
      }
      kernel.wide(n, params, outs, outOffsets, ins, inOffsets);
      for (int k = 0; k < outputs; k++) {
        if (!inPlace[k]) {
          walk(k, outs[k], at, n, true);
        }
      }
      at += n;
    }
  }

  /// Returns the index of element `at` in the array of operand `k`.
  private int position(int k, int at) {
    int[] dims = layout.dims();
    int[] strides = layout.strides()[k];
    int position = operands[k].offset();
    int rest = at;
    for (int d = dims.length - 1; d >= 0; d--) {
      position += rest % dims[d] * strides[d];
      rest /= dims[d];
    }
    return position;
  }

  /// Copies `n` elements from element `at` on between operand `k` and a buffer, row by row.
  private void walk(int k, Object buffer, int at, int n, boolean write) {
    Object array = operands[k].array();
    int step = layout.innerStride(k);
    if (!write && layout.constant(k)) {
      Strips.copy(array, operands[k].offset(), 0, buffer, 0, 1, n);
      return;
    }
    int[] dims = layout.dims();
    int[] strides = layout.strides()[k];
    int last = dims.length - 1;
    int[] index = new int[dims.length];
    int position = operands[k].offset();
    int rest = at;
    for (int d = last; d >= 0; d--) {
      index[d] = rest % dims[d];
      position += index[d] * strides[d];
      rest /= dims[d];
    }
    for (int done = 0; done < n; ) {
      int length = Math.min(dims[last] - index[last], n - done);
      if (write) {
        Strips.copy(buffer, done, 1, array, position, step, length);
      } else {
        Strips.copy(array, position, step, buffer, done, 1, length);
      }
      done += length;
      index[last] += length;
      position += length * step;
      for (int d = last; d > 0 && index[d] == dims[d]; d--) {
        position += strides[d - 1] - index[d] * strides[d];
        index[d] = 0;
        index[d - 1]++;
      }
    }
  }
}
