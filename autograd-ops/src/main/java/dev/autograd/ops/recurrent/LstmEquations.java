package dev.autograd.ops.recurrent;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.linalg.Linear;
import dev.autograd.ops.reduction.LinearRecurrence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradients of [Lstm] as operations on its operands and y, which can be differentiated in
/// turn.
///
/// With y known the gates of all steps come from two products, and only the gradient needs a loop.
///
/// @param before the states before each step, `[T, N, H]`
/// @param forget the forget gates
/// @param byState what dh contributes to dc
/// @param byCell what dc contributes to the gradients of the gates i, f and g, `[T, N, 3H]`
/// @param byOutput what dh contributes to the gradient of the gate o
record LstmEquations(
    Lstm of,
    Tensor[] in,
    Tensor before,
    Tensor forget,
    Tensor byState,
    Tensor byCell,
    Tensor byOutput) {

  static LstmEquations of(Lstm op, Tensor y, Tensor... in) {
    boolean reverse = op.reverse();
    Tensor before = shifted(y, in[1], reverse);
    Tensor z =
        Linear.linear(in[0], in[3], op.bias() ? in[5] : null)
            .add(Linear.linear(before, in[4], op.bias() ? in[6] : null));
    List<Tensor> gates = z.chunk(4, -1);
    Tensor i = gates.get(0).sigmoid();
    Tensor f = gates.get(1).sigmoid();
    Tensor g = gates.get(2).tanh();
    Tensor o = gates.get(3).sigmoid();
    Tensor carried = f.select(0, reverse ? y.size(0) - 1 : 0).mul(in[2]).unsqueeze(0);
    int rest = y.size(0) - 1;
    Tensor none = Tensor.zeros(y.shape().with(0, rest), y.dtype());
    Tensor first = Tensor.cat(reverse ? List.of(none, carried) : List.of(carried, none), 0);
    Tensor c = LinearRecurrence.linearRecurrence(f, i.mul(g).add(first), 0, reverse);
    Tensor tanh = c.tanh();
    Tensor byCell =
        Tensor.cat(
            List.of(
                g.mul(slope(i)),
                shifted(c, in[2], reverse).mul(slope(f)),
                i.mul(g.square().rsub(1))),
            -1);
    return new LstmEquations(
        op, in, before, f, o.mul(tanh.square().rsub(1)), byCell, tanh.mul(slope(o)));
  }

  /// Returns the states before each step.
  private static Tensor shifted(Tensor states, Tensor first, boolean reverse) {
    int t = states.size(0);
    Tensor start = first.unsqueeze(0);
    return reverse
        ? Tensor.cat(List.of(states.slice(0, 1, t, 1), start), 0)
        : Tensor.cat(List.of(start, states.slice(0, 0, t - 1, 1)), 0);
  }

  private static Tensor slope(Tensor sigmoid) {
    return sigmoid.mul(sigmoid.rsub(1));
  }

  /// Returns a gradient, zeros where there is none.
  static Tensor given(@Nullable Tensor g, Shape shape, DType dtype) {
    return g == null ? Tensor.zeros(shape, dtype) : g;
  }

  @Nullable Tensor[] gradients(Context ctx, @Nullable Tensor... g) {
    int steps = before.size(0);
    Tensor gy = given(g[0], before.shape(), before.dtype());
    Tensor dh = given(g[1], in[1].shape(), before.dtype());
    Tensor dc = given(g[2], in[1].shape(), before.dtype());
    List<Tensor> all = new ArrayList<>(steps);
    for (int s = steps - 1; s >= 0; s--) {
      int t = of.reverse() ? steps - 1 - s : s;
      dh = dh.add(gy.select(0, t));
      dc = dc.add(dh.mul(byState.select(0, t)));
      Tensor dz =
          Tensor.cat(
              List.of(
                  Tensor.cat(List.of(dc, dc, dc), -1).mul(byCell.select(0, t)),
                  dh.mul(byOutput.select(0, t))),
              -1);
      dh = dz.matmul(in[4]);
      dc = dc.mul(forget.select(0, t));
      all.add(dz);
    }
    if (!of.reverse()) {
      Collections.reverse(all);
    }
    Tensor dz = Tensor.stack(all, 0);
    Tensor columns = dz.flatten(0, 1).transpose(0, 1);
    @Nullable Tensor[] dx = new Tensor[in.length];
    dx[0] = ctx.needs(0) ? dz.matmul(in[3]) : null;
    dx[1] = dh;
    dx[2] = dc;
    dx[3] = ctx.needs(3) ? columns.matmul(in[0].flatten(0, 1)) : null;
    dx[4] = ctx.needs(4) ? columns.matmul(before.flatten(0, 1)) : null;
    if (of.bias() && (ctx.needs(5) || ctx.needs(6))) {
      Tensor sum = columns.sum(1);
      dx[5] = sum;
      dx[6] = sum;
    }
    return dx;
  }
}
