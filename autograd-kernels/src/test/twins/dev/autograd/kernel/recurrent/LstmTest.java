package dev.autograd.kernel.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.support.Samples;
import dev.autograd.kernel.support.Tolerance;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The recurrence against the equations written out, and on any number of threads.
class LstmTest {
  private static final List<LstmShape> SHAPES =
      List.of(
          new LstmShape(1, 1, 1, 1, false),
          new LstmShape(3, 2, 3, 5, false),
          new LstmShape(4, 13, 2, 70, true),
          new LstmShape(3, 8, 6, 130, false),
          new LstmShape(2, 0, 3, 4, false));

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  // Twins: f32 as f64.

  private static final class CaseF32 {
    final LstmShape s;
    final float[] x;
    final float[] h0;
    final float[] c0;
    final float[] wIn;
    final float[] wState;
    final float[] bias;
    final float[] gates;
    final float[] c;
    final float[] y;
    final float[] g;
    final float[] dh;
    final float[] dc;
    final float[] dGates;
    final float[] dx;
    final float[] dwIn;
    final float[] dwState;
    final float[] db;

    CaseF32(LstmShape s) {
      this.s = s;
      int state = s.batch() * s.size();
      int wide = 4 * s.size();
      x = Samples.floats(1, s.steps() * s.batch() * s.in());
      h0 = Samples.floats(2, state);
      c0 = Samples.floats(3, state);
      wIn = Samples.floats(4, wide * s.in());
      wState = Samples.floats(5, wide * s.size());
      for (int i = 0; i < wState.length; i++) {
        wState[i] /= (float) s.size();
      }
      bias = Samples.floats(6, wide);
      gates = new float[4 * s.steps() * state];
      c = new float[s.steps() * state];
      y = new float[s.steps() * state];
      g = Samples.floats(7, y.length);
      dh = Samples.floats(8, state);
      dc = Samples.floats(9, state);
      dGates = new float[gates.length];
      dx = new float[x.length];
      dwIn = new float[wIn.length];
      dwState = new float[wState.length];
      db = new float[wide];
    }

    CaseF32 run() {
      Lstm.forward(s, x, 0, h0, 0, c0, 0, wIn, 0, wState, 0, bias, gates, c, y);
      Lstm.backward(s, c0, 0, wState, 0, gates, c, g, 0, dh, dc, dGates);
      Lstm.operandGradients(s, x, 0, h0, 0, wIn, 0, y, dGates, dx, dwIn, dwState, db);
      return this;
    }

    /// Returns the element of the last state that is earlier by one step.
    double before(float[] states, float[] first, int t, int n, int j) {
      int earlier = s.reverse() ? t + 1 : t - 1;
      return earlier < 0 || earlier == s.steps()
          ? first[n * s.size() + j]
          : states[(earlier * s.batch() + n) * s.size() + j];
    }

    double gate(int t, int n, int r) {
      double sum = bias[r];
      for (int i = 0; i < s.in(); i++) {
        sum += wIn[r * s.in() + i] * x[(t * s.batch() + n) * s.in() + i];
      }
      for (int j = 0; j < s.size(); j++) {
        sum += wState[r * s.size() + j] * before(y, h0, t, n, j);
      }
      return sum;
    }
  }

  @Test
  void statesFulfilTheEquationsInF32() {
    for (LstmShape s : SHAPES) {
      var t = new CaseF32(s).run();
      double error = 0;
      int h = s.size();
      for (int row = 0; row < s.steps() * s.batch(); row++) {
        for (int j = 0; j < h; j++) {
          int time = row / s.batch();
          int n = row % s.batch();
          double i = sigmoid(t.gate(time, n, j));
          double f = sigmoid(t.gate(time, n, h + j));
          double g = Math.tanh(t.gate(time, n, 2 * h + j));
          double o = sigmoid(t.gate(time, n, 3 * h + j));
          double c = f * t.before(t.c, t.c0, time, n, j) + i * g;
          error = Math.max(error, Math.abs(t.gates[row * 4 * h + j] - i));
          error = Math.max(error, Math.abs(t.gates[(row * 4 + 1) * h + j] - f));
          error = Math.max(error, Math.abs(t.gates[(row * 4 + 2) * h + j] - g));
          error = Math.max(error, Math.abs(t.gates[(row * 4 + 3) * h + j] - o));
          error = Math.max(error, Math.abs(t.c[row * h + j] - c));
          error = Math.max(error, Math.abs(t.y[row * h + j] - o * Math.tanh(c)));
        }
      }
      assertThat(error).as("%s", s).isLessThan(Tolerance.of(t.y, 2e-5));
    }
  }

  @Test
  void gradientsInF32AreTheSameOnAnyNumberOfThreads() {
    var shape = new LstmShape(4, 9, 5, 200, true);
    var runs = Samples.onThreads(() -> new CaseF32(shape).run());
    for (CaseF32 t : runs) {
      assertThat(t.y).isEqualTo(runs.get(0).y);
      assertThat(t.c).isEqualTo(runs.get(0).c);
      assertThat(t.dGates).isEqualTo(runs.get(0).dGates);
      assertThat(t.dh).isEqualTo(runs.get(0).dh);
      assertThat(t.dc).isEqualTo(runs.get(0).dc);
      assertThat(t.dx).isEqualTo(runs.get(0).dx);
      assertThat(t.dwIn).isEqualTo(runs.get(0).dwIn);
      assertThat(t.dwState).isEqualTo(runs.get(0).dwState);
      assertThat(t.db).isEqualTo(runs.get(0).db);
    }
  }

  @Test
  void gradientsInF32ThatAreNotWantedChangeNoOther() {
    for (LstmShape s : SHAPES) {
      var all = new CaseF32(s).run();
      float[] alone = new float[all.dwState.length];
      Lstm.operandGradients(
          s, all.x, 0, all.h0, 0, all.wIn, 0, all.y, all.dGates, null, null, alone, null);
      assertThat(alone).isEqualTo(all.dwState);
      float[] other = new float[all.dwIn.length];
      Arrays.fill(other, 1f);
      Lstm.operandGradients(
          s, all.x, 0, all.h0, 0, all.wIn, 0, all.y, all.dGates, null, other, null, null);
      assertThat(other).isEqualTo(all.dwIn);
    }
  }

  // End of twins.
}
