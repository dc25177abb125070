package dev.autograd.ops.loss;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.pointwise.Pointwise;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A loss that is a formula over an element of the input and the one of the target at its place.
///
/// Input and target have one shape: nothing is broadcast, since a target `[N, 1]` for an input
/// `[N]` is a mistake that trains. Weights, the operands after those two, broadcast and are not
/// differentiated.
public interface ElementwiseLoss extends Function {

  /// Returns what becomes of the single losses.
  Reduction reduction();

  /// Returns this loss with another reduction.
  ElementwiseLoss reducing(Reduction reduction);

  /// Returns how many operands there are: input, target and weights.
  default int operands() {
    return 2;
  }

  /// Returns the loss of one element.
  ///
  /// @param in input, target and weights
  Expr formula(Expr... in);

  /// Returns the derivative of the formula by the input (0) or the target (1).
  Expr slope(int by, Expr... in);

  /// Returns the values of `Expr.param(0)`, `Expr.param(1)`, ….
  default double[] params() {
    return new double[0];
  }

  /// Returns what tells losses of different formulas apart.
  default Object form() {
    return getClass();
  }

  @Override
  default Tensor forward(Context ctx, Tensor... in) {
    Operands.count(name(), in, operands());
    Operands.floating(name(), in);
    Operands.sameShape(name(), "input", in[0], "target", in[1]);
    for (int i = 2; i < in.length; i++) {
      if (!in[i].shape().broadcastsTo(in[0].shape())) {
        throw Operands.shape(
            name()
                + ": weights must broadcast to the input, got weight "
                + in[i].shape()
                + " and input "
                + in[0].shape());
      }
    }
    if (ctx.needs(0) || ctx.needs(1)) {
      ctx.save(in);
    }
    return reduction().reduce(new Formula(this).apply(in));
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int n = operands();
    Tensor[] in = new Tensor[n + 1];
    for (int i = 0; i < n; i++) {
      in[i] = ctx.saved(i);
    }
    in[n] = reduction().spread(g, in[0].numel());
    @Nullable Tensor[] dx = new Tensor[n];
    for (int by = 0; by < 2; by++) {
      if (ctx.needs(by)) {
        dx[by] = new Slope(this, by).apply(in);
      }
    }
    return dx;
  }

  @Override
  default Tensor batched(Batch batch, Tensor... in) {
    Tensor[] all = batch.aligned(in);
    Tensor[] repeated = batch.repeated(in);
    all[0] = repeated[0];
    all[1] = repeated[1];
    return reduction().reduceSamples(reducing(Reduction.NONE).apply(all));
  }

  /// The single losses.
  ///
  /// @param loss whose
  record Formula(ElementwiseLoss loss) implements Pointwise {
    @Override
    public String name() {
      return loss.name() + "_elements";
    }

    @Override
    public int arity() {
      return loss.operands();
    }

    @Override
    public Expr formula(Expr... x) {
      return loss.formula(x);
    }

    @Override
    public double[] params() {
      return loss.params();
    }

    @Override
    public Object form() {
      return loss.form();
    }
  }

  /// The gradient of each loss by one operand; the incoming gradient is the last input.
  ///
  /// @param loss whose
  /// @param by input (0) or target (1)
  record Slope(ElementwiseLoss loss, int by) implements Pointwise {
    @Override
    public String name() {
      return loss.name() + "_slope";
    }

    @Override
    public int arity() {
      return loss.operands() + 1;
    }

    @Override
    public Expr formula(Expr... x) {
      return loss.slope(by, Arrays.copyOf(x, x.length - 1)).mul(x[x.length - 1]);
    }

    @Override
    public double[] params() {
      return loss.params();
    }

    @Override
    public Object form() {
      return List.of(loss.form(), by);
    }
  }
}
