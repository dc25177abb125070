package dev.autograd.kernel.recurrent;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.expr.Operand;
import dev.autograd.kernel.expr.PointwiseKernel;
import dev.autograd.kernel.index.StridedCopy;
import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.linalg.MatrixF32;
import dev.autograd.kernel.linalg.PanelsF32;
import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import org.jspecify.annotations.Nullable;

/// A long short-term memory over a whole sequence: one layer, one direction.
///
/// All arrays are contiguous: x `[T, N, I]`, states `[N, H]`, the weight of the inputs `[4H, I]`,
/// that of the state `[4H, H]`, biases `[4H]`; the gates stand in the order i, f, g, o. Products
/// that do not wait for a state are made for all steps at once. Within a step each thread takes
/// some columns of the state, from the product to the new state, so that threads meet once a step.
public final class Lstm {
  private static final double[] NO_PARAMS = {};

  /// Distance of the weight's copied rows beyond their length: rows at a power of two would compete
  /// for the same lines of the cache.
  private static final int GAP = 16;

  private Lstm() {}

  // Twins: f32 as f64.

  /// Computes all states in f32.
  ///
  /// @param bias the sum of both biases
  /// @param gates where the gates go, `[T, N, 4H]`, each after its nonlinearity
  /// @param c where the cells go, `[T, N, H]`
  /// @param y where the states go, `[T, N, H]`
  public static void forward(
      LstmShape s,
      float[] x,
      int xOffset,
      float[] h0,
      int h0Offset,
      float[] c0,
      int c0Offset,
      float[] wIn,
      int wInOffset,
      float[] wState,
      int wStateOffset,
      float[] bias,
      float[] gates,
      float[] c,
      float[] y) {
    int n = s.batch();
    int h = s.size();
    int wide = 4 * h;
    MatrixF32 inputs = new MatrixF32(x, xOffset, s.in());
    MatrixF32 turned = new MatrixF32(wIn, wInOffset, s.in()).transposed();
    Gemm.multiply(
        s.steps() * n, wide, s.in(), inputs, turned, new MatrixF32(gates, 0, wide), false);
    int row = wide + GAP;
    float[] w = Scratch.floats(h * row);
    StridedCopy.copy(
        new int[] {h, wide}, wState, wStateOffset, new int[] {1, h}, w, 0, new int[] {row, 1});
    PointwiseKernel cell = LstmCell.step(ElementType.F32);
    int[] rows = {wide, 1};
    int[] state = {h, 1};
    int[] same = {0, 1};
    for (int i = 0; i < s.steps(); i++) {
      int step = i;
      Workers.forRange(
          h,
          s.grain(),
          (j, end) -> {
            int t = s.time(step);
            int at = t * s.state() + j;
            int gateAt = t * n * wide + j;
            MatrixF32 before =
                step == 0
                    ? new MatrixF32(h0, h0Offset, h)
                    : new MatrixF32(y, s.time(step - 1) * s.state(), h);
            Operand[] outs = new Operand[6];
            Operand[] ins = new Operand[9];
            for (int g = 0; g < 4; g++) {
              int to = gateAt + g * h;
              MatrixF32 part = new MatrixF32(w, g * h + j, row);
              Gemm.multiply(n, end - j, h, before, part, new MatrixF32(gates, to, wide), true);
              outs[g] = new Operand(gates, to, rows);
              ins[g] = outs[g];
              ins[4 + g] = new Operand(bias, g * h + j, same);
            }
            outs[4] = new Operand(c, at, state);
            outs[5] = new Operand(y, at, state);
            ins[8] =
                step == 0
                    ? new Operand(c0, c0Offset + j, state)
                    : new Operand(c, s.time(step - 1) * s.state() + j, state);
            cell.run(new int[] {n, end - j}, NO_PARAMS, outs, ins);
          });
    }
    Scratch.release(w);
  }

  /// Computes the gradients of the gates before their nonlinearities and of the first states in
  /// f32, from those of the results.
  ///
  /// @param dh the gradient of the last h, which becomes that of the first
  /// @param dc the gradient of the last c, which becomes that of the first
  /// @param dGates where the gradients of the gates go, `[T, N, 4H]`
  public static void backward(
      LstmShape s,
      float[] c0,
      int c0Offset,
      float[] wState,
      int wStateOffset,
      float[] gates,
      float[] c,
      float[] g,
      int gOffset,
      float[] dh,
      float[] dc,
      float[] dGates) {
    int n = s.batch();
    int h = s.size();
    int wide = 4 * h;
    int row = h + GAP;
    float[] w = Scratch.floats(wide * row);
    StridedCopy.copy(
        new int[] {wide, h}, wState, wStateOffset, new int[] {h, 1}, w, 0, new int[] {row, 1});
    PointwiseKernel cell = LstmCell.gradient(ElementType.F32);
    int[] rows = {wide, 1};
    int[] state = {h, 1};
    for (int i = 0; i <= s.steps(); i++) {
      int step = i;
      Workers.forRange(
          h,
          s.grain(),
          (j, end) -> {
            if (step > 0) {
              int later = s.time(s.steps() - step) * n * wide;
              MatrixF32 dLater = new MatrixF32(dGates, later, wide);
              MatrixF32 part = new MatrixF32(w, j, row);
              Gemm.multiply(n, end - j, wide, dLater, part, new MatrixF32(dh, j, h), false);
            }
            int number = s.steps() - 1 - step;
            if (number < 0) {
              return;
            }
            int t = s.time(number);
            int at = t * s.state() + j;
            int gateAt = t * n * wide + j;
            Operand[] outs = new Operand[5];
            Operand[] ins = new Operand[9];
            for (int k = 0; k < 4; k++) {
              outs[k] = new Operand(dGates, gateAt + k * h, rows);
              ins[k] = new Operand(gates, gateAt + k * h, rows);
            }
            outs[4] = new Operand(dc, j, state);
            ins[4] = new Operand(c, at, state);
            ins[5] =
                number == 0
                    ? new Operand(c0, c0Offset + j, state)
                    : new Operand(c, s.time(number - 1) * s.state() + j, state);
            ins[6] = new Operand(dh, j, state);
            ins[7] = new Operand(g, gOffset + at, state);
            ins[8] = outs[4];
            cell.run(new int[] {n, end - j}, NO_PARAMS, outs, ins);
          });
    }
    Scratch.release(w);
  }

  /// Computes the gradients of the operands in f32 from those of the gates; `null` for one that is
  /// not wanted.
  public static void operandGradients(
      LstmShape s,
      float[] x,
      int xOffset,
      float[] h0,
      int h0Offset,
      float[] wIn,
      int wInOffset,
      float[] y,
      float[] dGates,
      float @Nullable [] dx,
      float @Nullable [] dwIn,
      float @Nullable [] dwState,
      float @Nullable [] db) {
    int n = s.batch();
    int h = s.size();
    int wide = 4 * h;
    int all = s.steps() * n;
    int in = s.in();
    MatrixF32 dAll = new MatrixF32(dGates, 0, wide);
    if (dx != null) {
      MatrixF32 w = new MatrixF32(wIn, wInOffset, in);
      Gemm.multiply(all, in, wide, dAll, w, new MatrixF32(dx, 0, in), false);
    }
    if (dwIn != null || dwState != null) {
      float[] both = Scratch.floats(wide * (in + h));
      PanelsF32 operands = operands(s, x, xOffset, h0, h0Offset, y);
      MatrixF32 to = new MatrixF32(both, 0, in + h);
      Gemm.multiply(wide, in + h, all, dAll.transposed(), operands, to, false);
      for (int i = 0; i < wide; i++) {
        if (dwIn != null) {
          System.arraycopy(both, i * (in + h), dwIn, i * in, in);
        }
        if (dwState != null) {
          System.arraycopy(both, i * (in + h) + in, dwState, i * h, h);
        }
      }
      Scratch.release(both);
    }
    if (db != null) {
      Reduce.sum(dGates, 0, Axes.middle(1, all, wide), db, 0);
    }
  }

  /// Sees what met the weights, the input and the state before, as one matrix `[T N, I + H]`.
  private static PanelsF32 operands(
      LstmShape s, float[] x, int xOffset, float[] h0, int h0Offset, float[] y) {
    int in = s.in();
    int h = s.size();
    return (k, rows, j, columns, to, toOffset, width) -> {
      for (int p = 0; p < columns; p += width) {
        int from = j + p;
        int end = j + Math.min(columns, p + width);
        int ofInput = Math.max(0, Math.min(in, end) - from);
        int state = Math.max(from, in) - in;
        for (int r = k; r < k + rows; r++) {
          int at = toOffset + p * rows + (r - k) * width;
          if (ofInput > 0) {
            System.arraycopy(x, xOffset + r * in + from, to, at, ofInput);
          }
          if (end > in) {
            int t = r / s.batch() + (s.reverse() ? 1 : -1);
            boolean first = t < 0 || t == s.steps();
            int row = first ? h0Offset + r % s.batch() * h : (t * s.batch() + r % s.batch()) * h;
            System.arraycopy(first ? h0 : y, row + state, to, at + ofInput, end - in - state);
          }
        }
      }
    };
  }

  // End of twins.
}
