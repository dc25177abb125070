package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Scan;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.ops.shape.Cat;
import dev.autograd.ops.shape.Slice;
import dev.autograd.spi.Samples;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The running product along a dimension.
///
/// - **Formula** `yᵢ = Πⱼ≤ᵢ xⱼ`; `dxᵢ = yᵢ₋₁ rᵢ` with `rᵢ = gᵢ + xᵢ₊₁ rᵢ₊₁`, without division and
///   so exact where elements are 0
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64; i64 for integers and bool
/// - **Smooth** everywhere
/// - **ONNX** none before opset 26
/// - **Source** Horner's rule for `Σ gₖ Πᵢ<ⱼ≤ₖ xⱼ`, the sum that the product rule gives
///
/// @param dim the dimension; negative counts from the end
public record Cumprod(int dim) implements Function {

  /// Makes the prototype, which runs along the last dimension.
  public Cumprod() {
    this(-1);
  }

  /// Returns the running product of `x` along `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension
  public static Tensor cumprod(Tensor x, int dim) {
    return new Cumprod(dim).apply(x);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Dims.requireComputed("cumprod", x);
    if (!x.dtype().isFloating()) {
      x = TensorCast.to(x, DType.I64);
    }
    Tensor dense = TensorCopy.dense(x);
    Shape shape = x.shape();
    AxisLines l = AxisLines.of(shape, shape.axis("cumprod", dim));
    Storage v = dense.memory();
    Storage to = Storage.empty(x.dtype(), shape.numel());
    int at = dense.offset();
    switch (x.dtype()) {
      case F32 -> Scan.cumprod(v.floats(), at, l.outer(), l.n(), l.inner(), false, to.floats(), 0);
      case F64 ->
          Scan.cumprod(v.doubles(), at, l.outer(), l.n(), l.inner(), false, to.doubles(), 0);
      case I64 -> Scan.cumprod(v.longs(), at, l.outer(), l.n(), l.inner(), false, to.longs(), 0);
      case BOOL, U8, I32, F16, BF16 -> throw new IllegalStateException("was cast or refused");
    }
    Tensor y = Tensor.of(to, shape);
    if (ctx.needs(0)) {
      ctx.save(in[0], y);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor x = ctx.saved(0);
    Shape shape = x.shape();
    if (shape.rank() == 0 || shape.numel() == 0) {
      return new Tensor[] {g};
    }
    int axis = shape.axis("cumprod", dim);
    Tensor after =
        LinearRecurrence.linearRecurrence(AxisLines.shifted(x, axis, false), g, axis, true);
    Tensor first = Tensor.ones(shape.with(axis, 1), x.dtype());
    Tensor rest = Slice.slice(ctx.saved(1), axis, 0, shape.size(axis) - 1, 1);
    return new Tensor[] {Cat.cat(List.of(first, rest), axis).mul(after)};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along("cumprod", dim, Cumprod::new, in);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Cumprod(0), s.uniform(0.5, 1.5, 4));
    s.add(new Cumprod(-1), s.randn(2, 5));
    s.add(new Cumprod(1), s.randn(2, 3, 4).transpose(0, 1));
    Tensor x = s.randn(5);
    s.add(new Cumprod(0), x.mul(Tensor.of(new double[] {1, 0, 1, 0, 1}).to(x.dtype())));
    s.add(new Cumprod(0), s.randn());
    s.add(new Cumprod(0), s.randn(1, 2));
    s.add(new Cumprod(1), s.randn(2, 0));
    s.reject(new Cumprod(2), "dimension must lie in", s.randn(2, 3));
  }
}
