package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.ops.shape.Expand;
import dev.autograd.ops.shape.Pad;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A copy of `x` with the first elements of `source` written, in order, where a mask is true.
///
/// - **Formula** `y = x`, but `y[maskₖ] = sourceₖ`; `dx = g` where the mask is false, 0 elsewhere,
///   `dsource` = the `g` selected by the mask, 0 for what was not written
/// - **Shapes** `x, mask: [*]`, `source`: at least as many elements as are true `→ y: [*]`
/// - **DType** x and source the same, all but f16, bf16; mask bool
/// - **Smooth** in x and source
/// - **ONNX** NonZero (13) + ScatterND (16)
/// - **Source** the transpose of [MaskedSelect]
public record MaskedScatter() implements Function {

  /// Returns a copy of `x` with elements of `source` where `mask`, broadcast to `x`, is true.
  ///
  /// @throws AutogradException (`SHAPE`) if `mask` does not broadcast to `x` or there are too few
  ///   elements, (`DTYPE`) if the types do not fit
  public static Tensor maskedScatter(Tensor x, Tensor mask, Tensor source) {
    return new MaskedScatter().apply(x, Expand.expand(mask, x.shape().dims()), source);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor mask = in[1];
    Tensor source = in[2];
    long[] at = MaskedSelect.positions("masked_scatter", mask, x.shape());
    Indexed.sameType("masked_scatter", source, x.dtype());
    if (source.numel() < at.length) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "masked_scatter: source must have an element for each that is true, "
              + at.length
              + ", got "
              + source.numel());
    }
    Tensor y = Indexed.copy(x);
    TensorIndex.put("masked_scatter", source, at, y);
    if (ctx.needs(0) || ctx.needs(2)) {
      ctx.save(mask);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor mask = ctx.saved(0);
    @Nullable Tensor[] grads = new Tensor[3];
    if (ctx.needs(0)) {
      grads[0] = g.maskedFill(mask, 0);
    }
    if (ctx.needs(2)) {
      Shape source = ctx.inputShape(2);
      Tensor written = MaskedSelect.maskedSelect(g, mask);
      int rest = source.numel() - written.numel();
      grads[2] =
          Reshape.reshape(
              rest == 0 ? written : Pad.pad(written, new int[] {0, rest}, 0), source.dims());
    }
    return grads;
  }

  @Override
  public OnnxGraph.@Nullable Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value mask = in[1];
    OnnxGraph.Value source = in[2];
    int rank = mask.shape().rank();
    if (rank == 0 || source.shape().rank() != 1) {
      return null; // how many elements are written is known only where source has no others
    }
    int n = source.shape().numel();
    OnnxGraph.Value at = graph.node("NonZero", Map.of(), DType.I64, Shape.of(rank, n), mask);
    OnnxGraph.Value rows =
        graph.node("Transpose", Map.of("perm", new int[] {1, 0}), DType.I64, Shape.of(n, rank), at);
    return graph.node("ScatterND", Map.of(), in[0].dtype(), in[0].shape(), in[0], rows, source);
  }

  @Override
  public void samples(Samples s) {
    Tensor two = Tensor.of(new boolean[] {true, false, false, true}, 2, 2);
    s.add(this, s.randn(2, 2), two, s.randn(2));
    s.add(this, s.randn(2, 2).transpose(0, 1), two, s.randn(2, 3).transpose(0, 1));
    s.add(this, s.randn(0), s.bools(0), s.randn(0));
    s.reject(this, "an element for each", s.randn(2, 2), two, s.randn(1));
    s.reject(this, "mask must be bool", s.randn(2), s.indices(2, 2), s.randn(2));
  }
}
