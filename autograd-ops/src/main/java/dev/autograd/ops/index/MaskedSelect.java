package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.ops.shape.Expand;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The elements where a mask is true, in row-major order; copies.
///
/// - **Formula** `y = [xᵢ : maskᵢ]`; `dx = g` where the mask is true, 0 elsewhere
/// - **Shapes** `x, mask: [*] → y: [number of true elements]`
/// - **DType** x all but f16, bf16; mask bool
/// - **Smooth** everywhere in x
/// - **ONNX** none: the size of the result depends on the values of the mask
/// - **Source** https://numpy.org/doc/stable/user/basics.indexing.html#boolean-array-indexing
public record MaskedSelect() implements Function {

  /// Returns the elements of `x` where `mask` is true; the two are broadcast to a common shape.
  ///
  /// @throws AutogradException (`SHAPE`) if they do not broadcast, (`DTYPE`) if `mask` is not bool
  public static Tensor maskedSelect(Tensor x, Tensor mask) {
    int[] common = Shape.broadcast("masked_select", x.shape(), mask.shape()).dims();
    return new MaskedSelect().apply(Expand.expand(x, common), Expand.expand(mask, common));
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor mask = in[1];
    long[] at = positions("masked_select", mask, x.shape());
    if (ctx.needs(0)) {
      ctx.save(mask);
    }
    return Tensor.of(TensorIndex.take("masked_select", x, at), Shape.of(at.length));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor zeros = Tensor.zeros(ctx.inputShape(0), g.dtype());
    return new Tensor[] {MaskedScatter.maskedScatter(zeros, ctx.saved(0), g), null};
  }

  /// Returns the flat positions where a mask of shape `shape` is true.
  static long[] positions(String who, Tensor mask, Shape shape) {
    if (mask.dtype() != DType.BOOL) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          who + ": mask must be bool, got " + mask.dtype() + ". Compare it first.");
    }
    if (!mask.shape().equals(shape)) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          who + ": mask must have the shape of x, " + shape + ", got " + mask.shape());
    }
    Tensor dense = TensorCopy.dense(mask);
    byte[] marks = dense.memory().bytes();
    int from = dense.offset();
    int n = shape.numel();
    long[] at = new long[n];
    int count = 0;
    for (int i = 0; i < n; i++) {
      if (marks[from + i] != 0) {
        at[count++] = i;
      }
    }
    return Arrays.copyOf(at, count);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(2, 3), s.bools(2, 3));
    s.add(this, s.randn(3, 2).transpose(0, 1), s.bools(3, 2).transpose(0, 1));
    s.add(this, s.randn(), s.bools());
    s.add(this, s.randn(0), s.bools(0));
    s.add(this, s.randn(2), Tensor.of(new boolean[] {false, false}));
    s.reject(this, "mask must be bool", s.randn(2), s.indices(2, 2));
    s.reject(this, "shape of x", s.randn(2), s.bools(3));
  }
}
