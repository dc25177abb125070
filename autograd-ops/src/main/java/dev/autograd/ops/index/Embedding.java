package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.comparison.Where;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.ops.shape.Unsqueeze;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows of a table, one for each index.
///
/// - **Formula** `y[.., :] = weight[index[..], :]`; `dweight` = the rows of `g` added up at their
///   indices, 0 for the padding row
/// - **Shapes** `weight: [n, d]`, `index: [*] → y: [*, d]`
/// - **DType** weight f32, f64; index i64, i32
/// - **Smooth** everywhere in weight
/// - **ONNX** Gather (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.take.html
///
/// @param paddingIdx a row that gets no gradient, negative counting from the end; `null` for none
public record Embedding(@Nullable Integer paddingIdx) implements Function {

  /// Makes the prototype, without a padding row.
  public Embedding() {
    this(null);
  }

  /// Returns the rows of `weight` that `index` names.
  ///
  /// @throws AutogradException (`INDEX`) if an index is out of range, (`SHAPE`) if `weight` has not
  ///   two dimensions, (`DTYPE`) if the indices are not i64 or i32
  public static Tensor embedding(Tensor index, Tensor weight) {
    return new Embedding().apply(weight, index);
  }

  /// Returns the rows of `weight` that `index` names, of which row `paddingIdx` gets no gradient.
  ///
  /// @throws AutogradException as the other form, and (`INDEX`) if there is no padding row of that
  ///   index
  public static Tensor embedding(Tensor index, Tensor weight, int paddingIdx) {
    return new Embedding(paddingIdx).apply(weight, index);
  }

  @Override
  public boolean linear() {
    return paddingIdx == null; // tangents do not come from that row, as gradients do not go there
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor weight = in[0];
    Tensor index = in[1];
    Shape to = rows(weight.shape(), index.shape());
    long[] at = TensorIndex.positions("embedding", index);
    if (ctx.needs(0)) {
      ctx.save(index);
    }
    return Tensor.of(TensorIndex.select("embedding", weight, 0, at, index.shape()), to);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor index = ctx.saved(0);
    Shape weight = ctx.inputShape(0);
    Tensor rows = g;
    if (paddingIdx != null) {
      int row = paddingIdx < 0 ? paddingIdx + weight.size(0) : paddingIdx;
      rows = g.maskedFill(Unsqueeze.unsqueeze(index.eq(row), -1), 0);
    }
    Tensor zeros = Tensor.zeros(weight, g.dtype());
    int n = index.numel();
    return new Tensor[] {
      IndexAdd.indexAdd(
          zeros, 0, Reshape.reshape(index, n), Reshape.reshape(rows, n, weight.size(1))),
      null
    };
  }

  private Shape rows(Shape weight, Shape index) {
    if (weight.rank() != 2) {
      throw new AutogradException(
          ErrorKind.SHAPE, "embedding: weight must have shape [rows, columns], got " + weight);
    }
    int n = weight.size(0);
    if (paddingIdx != null && (paddingIdx < -n || paddingIdx >= n)) {
      throw new AutogradException(
          ErrorKind.INDEX,
          "embedding: the padding row must lie in ["
              + -n
              + ", "
              + (n - 1)
              + "], got "
              + paddingIdx);
    }
    int[] sizes = Arrays.copyOf(index.dims(), index.rank() + 1);
    sizes[index.rank()] = weight.size(1);
    return Shape.of(sizes);
  }

  /// Where samples have tables of their own, elements are gathered.
  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    if (!batch.has(0)) {
      return apply(in);
    }
    Tensor[] all = batch.repeated(in);
    rows(Batch.sampleShape(all[0]), Batch.sampleShape(all[1]));
    int columns = all[0].size(2);
    int n = Batch.sampleShape(all[1]).numel();
    Tensor at = Reshape.reshape(all[1], batch.size(), n);
    Tensor y = Gather.gather(all[0], 1, Indexed.everywhere(at, 1, all[0].shape()));
    y = Reshape.reshape(y, Ints.of(all[1].shape().dims()).before(columns).toArray());
    if (paddingIdx == null) {
      return y;
    }
    int row = paddingIdx < 0 ? paddingIdx + all[0].size(1) : paddingIdx;
    return Where.where(Unsqueeze.unsqueeze(all[1].eq(row), -1), y.detach(), y);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return graph.node(
        "Gather",
        Map.of("axis", 0),
        in[0].dtype(),
        rows(in[0].shape(), in[1].shape()),
        in[0],
        in[1]);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Embedding(), s.randn(5, 3), s.indices(5, 4));
    s.add(new Embedding(), s.randn(3, 5).transpose(0, 1), s.indices(5, 2, 3).transpose(0, 1));
    s.add(new Embedding(), s.randn(5, 3), s.indices(5));
    s.add(new Embedding(), s.randn(5, 3), s.indices(5, 0));
    // The padding row has no gradient though the values depend on it: it is not looked up here.
    s.add(new Embedding(-1), s.randn(5, 3), s.indices(4, 6));
    s.reject(new Embedding(), "must lie in [0, 2)", s.randn(2, 3), Tensor.of(new long[] {2}));
    s.reject(new Embedding(2), "padding row", s.randn(2, 3), s.indices(2, 1));
    s.reject(new Embedding(), "[rows, columns]", s.randn(2), s.indices(2, 1));
  }
}
