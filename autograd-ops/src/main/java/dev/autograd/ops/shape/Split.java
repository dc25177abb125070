package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
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

/// Consecutive pieces along a dimension; views of one function.
///
/// - **Formula** `y₀ = x[.., 0:n₀, ..]`, `y₁ = x[.., n₀:n₀+n₁, ..]`, …; `dx` = the `g` joined
/// - **Shapes** `x: [.., n₀ + n₁ + …, ..] → yₖ: [.., nₖ, ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Split (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.split.html
///
/// @param sizes the sizes of the pieces, which add up to that of the dimension
/// @param dim the dimension; negative counts from the end
public record Split(Ints sizes, int dim) implements MultiFunction {

  /// Makes the prototype, which cuts a dimension of 3 into 1 and 2.
  public Split() {
    this(Ints.of(1, 2), 0);
  }

  /// Cuts `x` into pieces of the given sizes along `dim`.
  ///
  /// @throws AutogradException (`ARGUMENT`) if the sizes do not add up, (`INDEX`) if there is no
  ///   such dimension
  public static List<Tensor> split(Tensor x, int[] sizes, int dim) {
    return List.of(new Split(Ints.of(sizes), dim).apply(x));
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
    Tensor[] pieces = new Tensor[sizes.size()];
    int at = 0;
    for (int k = 0; k < pieces.length; k++) {
      int offset = sizes.get(k) == 0 ? x.offset() : x.offset() + at * strides[axis];
      pieces[k] = x.alias(x.shape().with(axis, sizes.get(k)), strides.clone(), offset);
      at += sizes.get(k);
    }
    ctx.materializeGrads(false);
    return pieces;
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
    int used = 0;
    int at = 0;
    int start = 0;
    for (int k = 0; k < g.length; k++) {
      Tensor part = g[k];
      if (part == null) {
        parts[k] = zeros(shape.with(axis, sizes.get(k)), ctx.inputType(0));
      } else {
        parts[k] = part;
        used++;
        start = at;
      }
      at += sizes.get(k);
    }
    if (used == 1) {
      for (Tensor only : g) {
        if (only != null) {
          return new Tensor[] {Unslice.unslice(only, axis, start, 1, shape.size(axis))};
        }
      }
    }
    return new Tensor[] {used == 0 ? null : Cat.cat(List.of(parts), axis)};
  }

  /// Returns zeros that take no memory.
  static Tensor zeros(Shape shape, DType dtype) {
    Tensor zero = Tensor.zeros(Shape.SCALAR, dtype);
    return zero.alias(shape, new int[shape.rank()], 0);
  }

  private int axis(Shape shape) {
    if (shape.rank() == 0) {
      throw new AutogradException(ErrorKind.INDEX, "split: a scalar has no dimension to cut");
    }
    int axis = shape.axis("split", dim);
    long total = 0;
    boolean negative = false;
    for (int k = 0; k < sizes.size(); k++) {
      total += sizes.get(k);
      negative |= sizes.get(k) < 0;
    }
    if (negative || total != shape.size(axis)) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          negative
              ? "split: sizes cannot be negative, got " + sizes
              : "split: the sizes must add up to "
                  + shape.size(axis)
                  + ", the size of dimension "
                  + axis
                  + " of shape "
                  + shape
                  + ", got "
                  + sizes
                  + " ("
                  + total
                  + ")");
    }
    return axis;
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    return new Split(sizes, axis(Batch.sampleShape(in[0])) + 1).apply(in[0]);
  }

  @Override
  public OnnxGraph.Value[] onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape from = in[0].shape();
    int axis = axis(from);
    return onnxSplit(graph, in[0], sizes, axis);
  }

  static OnnxGraph.Value[] onnxSplit(OnnxGraph graph, OnnxGraph.Value x, Ints sizes, int axis) {
    DType[] types = new DType[sizes.size()];
    Arrays.fill(types, x.dtype());
    Shape[] shapes = new Shape[sizes.size()];
    for (int k = 0; k < shapes.length; k++) {
      shapes[k] = x.shape().with(axis, sizes.get(k));
    }
    return graph.nodes(
        "Split", Map.of("axis", axis), types, shapes, x, graph.constant(sizes.toLongs()));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Split(Ints.of(1, 2), 0), s.randn(3, 2));
    s.add(new Split(Ints.of(2, 0, 1), -1), s.randn(3, 2).transpose(0, 1));
    s.add(new Split(Ints.of(3), 0), s.randn(3));
    s.add(new Split(Ints.of(1, 1), 1), s.randn(0, 2));
    s.reject(new Split(Ints.of(1, 1), 0), "must add up", s.randn(3));
    s.reject(new Split(Ints.of(4, -1), 0), "cannot be negative", s.randn(3));
    s.reject(new Split(Ints.of(1), 0), "no dimension", s.randn());
  }
}
