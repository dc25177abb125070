package dev.autograd.kernel.expr;

import dev.autograd.kernel.ElementType;
import java.util.Arrays;

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

  /// How an operand comes to a block.
  private enum Way {
    /// Where it lies.
    IN_PLACE,
    /// One element for all blocks, repeated once.
    CONSTANT,
    /// The same few elements over and over, as a bias: repeated once so often that a block may
    /// begin at any of them.
    PERIOD,
    /// One element for a whole row.
    ROW_CONSTANT,
    /// Copied for each block.
    COPIED
  }

  private final PointwiseKernel kernel;
  private final ElementType type;
  private final Layout layout;
  private final double[] params;
  private final Operand[] operands;
  private final int outputs;
  private final boolean byRow;
  private final Way[] ways;
  private final int[] periods;

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
    boolean long0 = inner >= LONG_ROW || (inner >= LONG_EVEN_ROW && inner % LARGEST_VECTOR == 0);
    ways = new Way[operands.length];
    periods = new int[operands.length];
    boolean rows = false;
    for (int k = 0; k < operands.length; k++) {
      boolean holds = type.holds(operands[k].array());
      int period = k < outputs ? 0 : layout.period(k);
      if (holds && layout.contiguous(k)) {
        ways[k] = Way.IN_PLACE;
      } else if (k >= outputs && layout.constant(k)) {
        ways[k] = Way.CONSTANT;
      } else if (period > 0 && period <= BLOCK) {
        ways[k] = Way.PERIOD;
        periods[k] = period;
      } else if (long0 && holds && layout.innerStride(k) == 1) {
        ways[k] = Way.IN_PLACE;
        rows = true;
      } else if (long0 && k >= outputs && layout.innerStride(k) == 0) {
        ways[k] = Way.ROW_CONSTANT;
        rows = true;
      } else {
        ways[k] = Way.COPIED;
      }
    }
    byRow = rows;
  }

  /// Computes the elements `[from, to)`, counted in row-major order of the layout.
  void range(int from, int to) {
    pass(to - from).range(from, to, 0);
  }

  /// Returns the buffers of one thread.
  ///
  /// @param longest the most elements of one range
  Pass pass(int longest) {
    return new Pass(Math.min(BLOCK, longest));
  }

  /// What one thread needs to compute ranges.
  final class Pass {
    private final Object[] outs = new Object[outputs];
    private final Object[] ins = new Object[operands.length - outputs];
    private final int[] outOffsets = new int[outs.length];
    private final int[] inOffsets = new int[ins.length];
    private final int block;

    /// Which element a buffer is filled with, for those that are constant in a row.
    private final int[] filled = new int[operands.length];

    private Pass(int block) {
      this.block = block;
      for (int k = 0; k < operands.length; k++) {
        Object array =
            switch (ways[k]) {
              case IN_PLACE -> operands[k].array();
              case CONSTANT, ROW_CONSTANT, COPIED -> type.newArray(block);
              case PERIOD -> type.newArray(periods[k] + block - 1);
            };
        if (k < outputs) {
          outs[k] = array;
        } else {
          ins[k - outputs] = array;
          if (ways[k] == Way.CONSTANT) {
            Strips.copy(operands[k].array(), operands[k].offset(), 0, array, 0, 1, block);
          } else if (ways[k] == Way.PERIOD) {
            repeat(k, array);
          }
        }
      }
      Arrays.fill(filled, -1);
    }

    private void repeat(int k, Object buffer) {
      int period = periods[k];
      int length = period + block - 1;
      Strips.copy(operands[k].array(), operands[k].offset(), 1, buffer, 0, 1, period);
      for (int done = period; done < length; done *= 2) {
        System.arraycopy(buffer, 0, buffer, done, Math.min(done, length - done));
      }
    }

    /// Computes the elements `[from, to)`.
    ///
    /// @param shift by how much nearer the beginnings of the outputs they go
    void range(int from, int to, int shift) {
      int inner = layout.inner();
      for (int at = from; at < to; ) {
        int n = Math.min(block, to - at);
        if (byRow) {
          n = Math.min(n, inner - at % inner);
        }
        for (int k = 0; k < ins.length; k++) {
          inOffsets[k] = enter(outputs + k, ins[k], at, n);
        }
        for (int k = 0; k < outputs; k++) {
          outOffsets[k] = ways[k] == Way.IN_PLACE ? position(k, at) - shift : 0;
        }
        kernel.wide(n, params, outs, outOffsets, ins, inOffsets);
        for (int k = 0; k < outputs; k++) {
          if (ways[k] != Way.IN_PLACE) {
            walk(k, outs[k], at, n, true);
          }
        }
        at += n;
      }
    }

    /// Returns where in its array the `n` elements of an input from `at` on begin.
    private int enter(int k, Object array, int at, int n) {
      return switch (ways[k]) {
        case IN_PLACE -> position(k, at);
        case CONSTANT -> 0;
        case PERIOD -> at % periods[k];
        case ROW_CONSTANT -> {
          int position = position(k, at);
          if (filled[k] != position) {
            filled[k] = position;
            int length = Math.min(block, layout.inner());
            Strips.copy(operands[k].array(), position, 0, array, 0, 1, length);
          }
          yield 0;
        }
        case COPIED -> {
          walk(k, array, at, n, false);
          yield 0;
        }
      };
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
