package dev.autograd.ops.pointwise;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.operand.Operands;
import java.util.Arrays;
import java.util.List;

/// Formulas whose values take the places of their first inputs, in one pass over the memory: the
/// step of an optimizer.
///
/// ```java
/// private static final Update STEP =
///     new Update("sgd_step", x -> new Expr[] {x[0].sub(x[1].mul(Expr.param(0)))}, 2);
///
/// STEP.apply(new double[] {learningRate}, parameter, gradient);
/// ```
public final class Update {

  /// The formulas, over the elements of the tensors.
  @FunctionalInterface
  public interface Formulas {
    /// Returns one formula for each tensor that is written, the first ones.
    Expr[] of(Expr... x);
  }

  private final CompiledFormulas formulas;
  private final int inputs;

  /// Makes an update of a name for messages.
  ///
  /// @param inputs how many tensors take part
  public Update(String name, Formulas formulas, int inputs) {
    Expr[] x = new Expr[inputs];
    Arrays.setAll(x, Expr::input);
    this.formulas = new CompiledFormulas(name, List.of(formulas.of(x)));
    this.inputs = inputs;
  }

  /// Writes the values into the first tensors. They are not differentiable, so nothing is recorded.
  ///
  /// @param params the values of `Expr.param(0)`, `Expr.param(1)`, …
  /// @param in tensors of one shape and one floating type, those that are written without overlap
  /// @throws dev.autograd.AutogradException (`SHAPE`, `DTYPE`) if shapes or types differ,
  ///   (`LEAF_INPLACE`) if gradients are recorded and one that is written requires grad
  public void apply(double[] params, Tensor... in) {
    var _ = new Applied(this, params).apply(in);
  }

  private record Applied(Update update, double[] params) implements MultiFunction {
    @Override
    public String name() {
      return update.formulas.name();
    }

    @Override
    public boolean differentiable() {
      return false;
    }

    @Override
    public Tensor[] forward(Context ctx, Tensor... in) {
      Operands.count(name(), in, update.inputs);
      DType type = Operands.floating(name(), in);
      Shape shape = in[0].shape();
      boolean plain = true;
      for (Tensor t : in) {
        if (!t.shape().equals(shape)) {
          throw Operands.shape(
              name() + ": all tensors must have one shape, got " + shape + " and " + t.shape());
        }
        plain &= t.isContiguous();
      }
      int written = update.formulas.outputs().size();
      for (int k = 0; k < written; k++) {
        ctx.markDirty(in[k]);
      }
      if (plain) {
        inPlace(type, shape.numel(), written, in);
      } else {
        try (var _ = Fusion.off()) {
          Tensor[] values = update.formulas.run(type, type, params, in);
          for (int k = 0; k < written; k++) {
            Tensor.operations().copyInto(values[k], in[k]);
          }
        }
      }
      return Arrays.copyOf(in, written);
    }

    private void inPlace(DType type, int n, int written, Tensor[] in) {
      Object[] arrays = new Object[in.length];
      int[] offsets = new int[in.length];
      for (int i = 0; i < in.length; i++) {
        arrays[i] = in[i].memory().array();
        offsets[i] = in[i].offset();
      }
      update.formulas.runInto(
          type,
          n,
          params,
          Arrays.copyOf(arrays, written),
          Arrays.copyOf(offsets, written),
          arrays,
          offsets);
    }
  }
}
