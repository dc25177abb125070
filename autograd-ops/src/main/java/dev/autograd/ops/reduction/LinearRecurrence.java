package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Scan;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// A linear recurrence of first order along a dimension: each result times a factor, plus a term.
///
/// - **Formula** `yᵢ = bᵢ + aᵢ yᵢ₋₁`, from the end if `reverse`, with nothing before the first;
///   `dbᵢ = gᵢ + aᵢ₊₁ dbᵢ₊₁`, the recurrence the other way, and `daᵢ = dbᵢ yᵢ₋₁`
/// - **Shapes** `a: [*], b: [*] → y: [*]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** none
/// - **Source** G. Blelloch, Prefix sums and their applications (1990) §1.4
///
/// @param dim the dimension; negative counts from the end
/// @param reverse whether to run from the last element to the first
public record LinearRecurrence(int dim, boolean reverse) implements Function {

  /// Makes the prototype, which runs along the last dimension.
  public LinearRecurrence() {
    this(-1, false);
  }

  /// Returns the recurrence with factors `a` and terms `b` along `dim`; the first factor meets
  /// nothing.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension, (`SHAPE`) if the shapes
  ///   differ, (`DTYPE`) if the operands are not floating
  public static Tensor linearRecurrence(Tensor a, Tensor b, int dim, boolean reverse) {
    return new LinearRecurrence(dim, reverse).apply(Operands.promoted("linear_recurrence", a, b));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.floating("linear_recurrence", in);
    Operands.sameShape("linear_recurrence", "a", in[0], "b", in[1]);
    Tensor a = TensorCopy.dense(in[0]);
    Tensor b = TensorCopy.dense(in[1]);
    Shape shape = a.shape();
    AxisLines l = AxisLines.of(shape, shape.axis("linear_recurrence", dim));
    Storage av = a.memory();
    Storage bv = b.memory();
    Storage to = Storage.empty(a.dtype(), shape.numel());
    int n = l.n();
    switch (a.dtype()) {
      case F32 ->
          Scan.recurrence(
              av.floats(),
              a.offset(),
              bv.floats(),
              b.offset(),
              l.outer(),
              n,
              l.inner(),
              reverse,
              to.floats(),
              0);
      case F64 ->
          Scan.recurrence(
              av.doubles(),
              a.offset(),
              bv.doubles(),
              b.offset(),
              l.outer(),
              n,
              l.inner(),
              reverse,
              to.doubles(),
              0);
      default -> throw new IllegalStateException("was refused");
    }
    Tensor y = Tensor.of(to, shape);
    if (ctx.needs(0)) {
      ctx.save(in[0], y);
    } else if (ctx.needs(1)) {
      ctx.save(in[0]);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor a = ctx.saved(0);
    Shape shape = a.shape();
    if (shape.rank() == 0) {
      return new @Nullable Tensor[] {ctx.needs(0) ? g.mul(0) : null, g};
    }
    int axis = shape.axis("linear_recurrence", dim);
    Tensor db = linearRecurrence(AxisLines.shifted(a, axis, reverse), g, axis, !reverse);
    Tensor da = ctx.needs(0) ? db.mul(AxisLines.shifted(ctx.saved(1), axis, !reverse)) : null;
    return new @Nullable Tensor[] {da, db};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along("linear_recurrence", dim, d -> new LinearRecurrence(d, reverse), in);
  }

  @Override
  public void samples(Samples s) {
    s.add(new LinearRecurrence(0, false), s.randn(5), s.randn(5));
    s.add(new LinearRecurrence(-1, true), s.randn(2, 4), s.randn(2, 4));
    s.add(new LinearRecurrence(1, false), s.randn(2, 3, 2).transpose(0, 1), s.randn(3, 2, 2));
    s.add(new LinearRecurrence(0, false), s.randn(), s.randn());
    s.add(new LinearRecurrence(0, true), s.randn(1, 2), s.randn(1, 2));
    s.add(new LinearRecurrence(1, false), s.randn(2, 0), s.randn(2, 0));
    s.reject(new LinearRecurrence(0, false), "same shape", s.randn(3), s.randn(2));
    s.reject(new LinearRecurrence(1, false), "dimension must lie in", s.randn(3), s.randn(3));
  }
}
