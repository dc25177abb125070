package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.index.Positions;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows that hold a 1 at the class and zeros elsewhere.
///
/// - **Formula** `y[.., c] = 1 if index[..] = c else 0`, no gradient
/// - **Shapes** `index: [*] → y: [*, classes]`
/// - **DType** index i64, i32; the result is i64
/// - **Smooth** nowhere: not differentiable
/// - **ONNX** OneHot (11)
/// - **Source** the indicator function of a class
///
/// @param classes the number of classes, at least 1
public record OneHot(int classes) implements Function {

  /// Makes the prototype of four classes.
  public OneHot() {
    this(4);
  }

  /// Returns rows that hold a 1 at the class that `index` names.
  ///
  /// @throws AutogradException (`INDEX`) if an index is not a class, (`ARGUMENT`) if there are no
  ///   classes, (`DTYPE`) if the indices are not i64 or i32
  public static Tensor oneHot(Tensor index, int classes) {
    return new OneHot(classes).apply(index);
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Shape to = rows(in[0].shape());
    long[] at = TensorIndex.positions("one_hot", in[0]);
    long[] y = new long[to.numel()];
    int bad = Positions.oneHot(at, 0, at.length, classes, y, 0);
    TensorIndex.check("one_hot", bad, at, in[0].shape(), in[0].rank(), classes);
    return Tensor.of(Storage.of(y, DType.I64), to);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {null};
  }

  private Shape rows(Shape index) {
    if (classes < 1) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "one_hot: takes at least one class, got " + classes);
    }
    int[] sizes = Arrays.copyOf(index.dims(), index.rank() + 1);
    sizes[index.rank()] = classes;
    return Shape.of(sizes);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return apply(in);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return graph.node(
        "OneHot",
        Map.of("axis", -1),
        DType.I64,
        rows(in[0].shape()),
        in[0],
        graph.constant(classes),
        graph.constant(0, 1));
  }

  @Override
  public void samples(Samples s) {
    s.add(new OneHot(4), s.indices(4, 3));
    s.add(new OneHot(2), s.indices(2, 3, 2).transpose(0, 1));
    s.add(new OneHot(3), s.indices(3));
    s.add(new OneHot(3), s.indices(3, 0));
    s.reject(new OneHot(2), "must lie in [0, 2)", Tensor.of(new long[] {2}));
    s.reject(new OneHot(0), "at least one class", s.indices(1, 1));
    s.reject(new OneHot(2), "must be i64", s.randn(2));
  }
}
