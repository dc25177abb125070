package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Permute;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A copy of `x` with whole slices of `source` added where indices say; repeated indices add up.
///
/// - **Formula** `y = x`, then `y[.., index[i], ..] += source[.., i, ..]`; `dx = g`, `dsource[..,
///   i, ..] = g[.., index[i], ..]`
/// - **Shapes** `x: [.., n, ..]`, `index: [m]`, `source: [.., m, ..] → y: [.., n, ..]`
/// - **DType** x and source the same: f32, f64, i64, i32; index i64, i32
/// - **Smooth** in x and source
/// - **ONNX** ScatterND (16), reduction add
/// - **Source** the transpose of [IndexSelect]
///
/// @param dim the dimension; negative counts from the end
public record IndexAdd(int dim) implements Function {

  /// Makes the prototype, which adds along the first dimension.
  public IndexAdd() {
    this(0);
  }

  /// Returns a copy of `x` with the slices of `source` added at `index` along `dim`, in order.
  ///
  /// @throws AutogradException (`INDEX`) if an index is out of range or there is no such dimension,
  ///   (`SHAPE`, `DTYPE`) if shapes or types do not fit
  public static Tensor indexAdd(Tensor x, int dim, Tensor index, Tensor source) {
    return new IndexAdd(dim).apply(x, index, source);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor index = in[1];
    Tensor source = in[2];
    int axis = IndexSelect.axis("index_add", x.shape(), dim, index.shape());
    Shape want = x.shape().with(axis, index.numel());
    requireSlices(source.shape(), want);
    Indexed.sameType("index_add", source, x.dtype());
    long[] at = TensorIndex.positions("index_add", index);
    Tensor y = Indexed.copy(x);
    TensorIndex.addSlices("index_add", source, axis, at, index.shape(), y);
    if (ctx.needs(2)) {
      ctx.save(index);
    }
    return y;
  }

  private static void requireSlices(Shape source, Shape want) {
    if (!source.equals(want)) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "index_add: source must have one slice of x for each index, " + want + ", got " + source);
    }
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {
      g, null, ctx.needs(2) ? IndexSelect.indexSelect(g, dim, ctx.saved(0)) : null
    };
  }

  /// Where samples have indices of their own, elements are scattered.
  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Tensor[] all = batch.repeated(in);
    Shape x = Batch.sampleShape(all[0]);
    int axis = IndexSelect.axis("index_add", x, dim, Batch.sampleShape(all[1])) + 1;
    if (!batch.has(1)) {
      return indexAdd(all[0], axis, in[1], all[2]);
    }
    Shape want = all[0].shape().with(axis, all[1].size(1));
    requireSlices(all[2].shape(), want);
    return ScatterAdd.scatterAdd(
        all[0], axis, Indexed.everywhere(all[1], axis, all[0].shape()), all[2]);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    int axis = IndexSelect.axis("index_add", in[0].shape(), dim, in[1].shape());
    int[] order =
        IntStream.concat(
                IntStream.of(axis), IntStream.range(0, in[0].shape().rank()).filter(d -> d != axis))
            .toArray();
    int[] inverse = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      inverse[order[d]] = d;
    }
    Permute front = new Permute(Ints.of(order));
    OnnxGraph.Value x = front.onnx(graph, in[0]);
    OnnxGraph.Value at = in[1];
    if (at.dtype() != DType.I64) {
      at = graph.node("Cast", Map.of("to", DType.I64), DType.I64, at.shape(), at);
    }
    OnnxGraph.Value rows =
        graph.node(
            "Unsqueeze",
            Map.of(),
            DType.I64,
            Shape.of(at.shape().size(0), 1),
            at,
            graph.constant(1));
    OnnxGraph.Value y =
        graph.node(
            "ScatterND",
            Map.of("reduction", "add"),
            x.dtype(),
            x.shape(),
            x,
            rows,
            front.onnx(graph, in[2]));
    return new Permute(Ints.of(inverse)).onnx(graph, y);
  }

  @Override
  public void samples(Samples s) {
    s.add(new IndexAdd(0), s.randn(3, 2), s.indices(3, 4), s.randn(4, 2));
    s.add(new IndexAdd(-1), s.randn(2, 3), s.indices(3, 2), s.randn(2, 2).transpose(0, 1));
    s.add(new IndexAdd(0), s.randn(3), s.indices(3, 0), s.randn(0));
    s.reject(
        new IndexAdd(0), "must lie in [0, 2)", s.randn(2), Tensor.of(new long[] {2}), s.randn(1));
    s.reject(new IndexAdd(0), "one slice of x", s.randn(2), s.indices(2, 2), s.randn(3));
  }
}
