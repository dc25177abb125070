package dev.autograd.kernel.recurrent;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.expr.Operand;
import dev.autograd.kernel.expr.PointwiseKernel;
import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.linalg.PackedF32;
import dev.autograd.kernel.linalg.PanelsF32;
import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.linalg.StridedF32;
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
    Gemm.multiply(
        s.steps() * n,
        wide,
        s.in(),
        x,
        xOffset,
        s.in(),
        1,
        wIn,
        wInOffset,
        1,
        s.in(),
        gates,
        0,
        wide,
        false);
    PackedF32 w =
        new PackedF32(h, 4 * s.padded(), byGate(s, new StridedF32(wState, wStateOffset, 1, h)));
    float[][] left = {w.left(n), w.left(n)};
    w.packLeft(n, 0, h, h0, h0Offset, h, 1, left[0]);
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
            Operand[] outs = new Operand[6];
            Operand[] ins = new Operand[9];
            for (int g = 0; g < 4; g++) {
              int to = gateAt + g * h;
              w.multiply(n, left[step & 1], g * s.padded() + j, end - j, gates, to, wide, true);
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
            w.packLeft(n, j, end, y, at, h, 1, left[(step + 1) & 1]);
          });
    }
    Scratch.release(left[0]);
    Scratch.release(left[1]);
    w.release();
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
    PackedF32 w = new PackedF32(wide, h, new StridedF32(wState, wStateOffset, h, 1));
    float[][] left = {w.left(n), w.left(n)};
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
              w.multiply(n, left[step & 1], j, end - j, dh, j, h, false);
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
            for (int k = 0; k < 4; k++) {
              int from = k * h + j;
              float[] next = left[(step + 1) & 1];
              w.packLeft(n, from, from + end - j, dGates, gateAt + k * h, wide, 1, next);
            }
          });
    }
    Scratch.release(left[0]);
    Scratch.release(left[1]);
    w.release();
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
    if (dx != null) {
      Gemm.multiply(all, in, wide, dGates, 0, wide, 1, wIn, wInOffset, in, 1, dx, 0, in, false);
    }
    if (dwIn != null || dwState != null) {
      float[] both = Scratch.floats(wide * (in + h));
      PanelsF32 operands = operands(s, x, xOffset, h0, h0Offset, y);
      Gemm.multiply(wide, in + h, all, dGates, 0, 1, wide, operands, both, 0, in + h, false);
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

  /// Sees the transposed weight as one whose gates begin at multiples of [LstmShape#padded()].
  private static PanelsF32 byGate(LstmShape s, StridedF32 w) {
    return (k, rows, j, columns, to, at, width) -> {
      for (int p = 0; p < columns; p += width) {
        int column = (j + p) % s.padded();
        int used = Math.min(width, s.size() - column);
        if (used > 0) {
          int gate = (j + p) / s.padded() * s.size();
          w.pack(k, rows, gate + column, used, to, at + p * rows, width);
        }
      }
    };
  }

  // End of twins.
}
