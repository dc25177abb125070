package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Every entry along a dimension, which disappears; views of one function.
///
/// - **Formula** `yₖ = x[.., k, ..]`; `dx` = the `g` stacked
/// - **Shapes** `x: [.., n, ..] → n × [.., ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Split (13) + Squeeze
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.unstack.html
///
/// @param dim the dimension; negative counts from the end
public record Unbind(int dim) implements MultiFunction {

  /// Makes the prototype, which takes the first dimension apart.
  public Unbind() {
    this(0);
  }

  /// Returns the entries of `x` along `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension
  public static List<Tensor> unbind(Tensor x, int dim) {
    return List.of(new Unbind(dim).apply(x));
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    int axis = axis(x.shape());
    int[] strides = x.strides();
    Shape shape = Select.without(x.shape(), axis);
    Tensor[] entries = new Tensor[x.size(axis)];
    for (int k = 0; k < entries.length; k++) {
      entries[k] = x.alias(shape, Select.without(strides, axis), x.offset() + k * strides[axis]);
    }
    ctx.materializeGrads(false);
    return entries;
  }

  @Override
  public boolean plainViews() {
    return true;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    Shape shape = ctx.inputShape(0);
    int axis = axis(shape);
    Tensor[] parts = new Tensor[g.length];
    boolean used = false;
    for (int k = 0; k < g.length; k++) {
      Tensor part = g[k];
      used |= part != null;
      parts[k] = part == null ? Split.zeros(Select.without(shape, axis), ctx.inputType(0)) : part;
    }
    return new Tensor[] {used ? Stack.stack(List.of(parts), axis) : null};
  }

  private int axis(Shape shape) {
    if (shape.rank() == 0) {
      throw new AutogradException(
          ErrorKind.INDEX, "unbind: a scalar has no dimension to take apart");
    }
    return shape.axis("unbind", dim);
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    return new Unbind(axis(Batch.sampleShape(in[0])) + 1).apply(in[0]);
  }

  @Override
  public OnnxGraph.Value[] onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape from = in[0].shape();
    int axis = axis(from);
    int[] ones = new int[from.size(axis)];
    Arrays.fill(ones, 1);
    OnnxGraph.Value[] entries = Split.onnxSplit(graph, in[0], Ints.of(ones), axis);
    for (int k = 0; k < entries.length; k++) {
      entries[k] =
          graph.node(
              "Squeeze",
              Map.of(),
              in[0].dtype(),
              Select.without(from, axis),
              entries[k],
              graph.constant(axis));
    }
    return entries;
  }

  @Override
  public void samples(Samples s) {
    s.add(new Unbind(0), s.randn(3, 2));
    s.add(new Unbind(-1), s.randn(3, 2).transpose(0, 1));
    s.add(new Unbind(0), s.randn(2));
    s.reject(new Unbind(0), "no dimension", s.randn());
  }
}
