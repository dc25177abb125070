package dev.autograd.gradcheck.property;

import dev.autograd.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;

/// A step of a random graph: smooth, defined for operands of every shape, and bounded, so that a
/// chain of twenty neither overflows nor bends faster than finite differences can follow.
enum Move {
  SIN((a, _) -> a.sin()),
  TANH((a, _) -> a.tanh()),
  SIGMOID((a, _) -> a.sigmoid()),
  GELU((a, _) -> a.gelu()),
  SOFTPLUS((a, _) -> a.softplus()),
  EXP((a, _) -> a.sin().exp().mul(0.5)),
  LOG((a, _) -> a.square().add(1).log()),
  SQRT((a, _) -> a.square().add(0.5).sqrt()),
  RECIPROCAL((a, _) -> a.square().add(1).reciprocal()),
  POW((a, _) -> a.sin().pow(3)),

  ADD((a, b) -> a.add(fitting(a, b)).mul(0.5)),
  SUB((a, b) -> fitting(a, b).sub(a).mul(0.5)),
  MUL((a, b) -> a.mul(fitting(a, b)).sin()),
  DIV((a, b) -> a.div(fitting(a, b).square().add(1))),
  LERP((a, b) -> a.lerp(fitting(a, b).add(a.mul(0)), 0.3)),

  MATMUL(Move::matmul),
  SUM((a, _) -> average(a)),
  MEAN_FIRST((a, _) -> a.rank() == 0 || a.size(0) == 0 ? a.sum() : a.mean(0)),
  MEAN_LAST(
      (a, _) ->
          a.rank() == 0 || a.size(-1) == 0
              ? a.sum(new int[0], true)
              : a.mean(new int[] {-1}, true)),
  CUMSUM((a, _) -> a.rank() == 0 ? a : a.cumsum(-1).div(Math.max(1, a.size(-1)))),
  SOFTMAX((a, _) -> a.rank() == 0 || a.numel() == 0 ? a : a.softmax(-1)),
  LOGSUMEXP((a, _) -> a.rank() == 0 || a.numel() == 0 ? a : a.logsumexp(0).sin()),

  FLATTEN((a, _) -> a.flatten()),
  TRANSPOSE((a, _) -> a.rank() < 2 ? a : a.transpose(0, -1)),
  UNSQUEEZE((a, _) -> a.rank() > 3 ? a.flatten() : a.unsqueeze(0)),
  FLIP((a, _) -> a.rank() == 0 ? a : a.flip(0)),
  NARROW((a, _) -> a.rank() == 0 ? a : a.narrow(0, 0, (a.size(0) + 1) / 2)),
  CAT((a, b) -> Tensor.cat(List.of(a.flatten(), b.flatten()), 0));

  @SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
  private final BinaryOperator<Tensor> step;

  Move(BinaryOperator<Tensor> step) {
    this.step = step;
  }

  /// Returns the next value; a unary move leaves `b` alone.
  Tensor apply(Tensor a, Tensor b) {
    return step.apply(a, b);
  }

  /// Returns one number: sums are divided by their length, or slopes would grow with each step.
  private static Tensor average(Tensor a) {
    return a.sum().div(Math.max(1, a.numel()));
  }

  /// Returns `b` if it can be broadcast with `a`, else one number made of it.
  private static Tensor fitting(Tensor a, Tensor b) {
    return Shapes.broadcast(a.shape(), b.shape()) ? b : average(b);
  }

  /// Multiplies matrices made of the operands where they fit, else `a` with its own transpose, on
  /// the side where the result is not larger than `a`.
  private static Tensor matmul(Tensor a, Tensor b) {
    if (a.numel() == 0) {
      return a;
    }
    Tensor m = a.rank() == 0 ? a.reshape(1, 1) : a.reshape(-1, a.size(-1));
    if (b.rank() == 2 && b.size(0) == m.size(1)) {
      return m.matmul(b).div(m.size(1));
    }
    Tensor t = m.transpose(0, 1);
    return m.size(0) < m.size(1) ? m.matmul(t).div(m.size(1)) : t.matmul(m).div(m.size(0));
  }
}
