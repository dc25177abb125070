package dev.autograd.ops.order;

import dev.autograd.AutogradException;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;

/// A quantile over dimensions, by linear interpolation between neighbours.
///
/// - **Formula** with the elements in ascending order and `p = q (n − 1)`, `y` at `p` on the line
///   from element `⌊p⌋` to the next; `dx` = `g` shared between these two in the same proportion; a
///   NaN makes NaN
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64
/// - **Smooth** where the elements differ
/// - **ONNX** TopK (11), Gather (13)
/// - **Source** R. Hyndman, Y. Fan, Sample quantiles in statistical packages (1996), definition 7
///
/// @param q which quantile, in `[0, 1]`: 0.5 is the median
/// @param dims the dimensions; none means all
/// @param keepDim whether they stay, with size 1
public record Quantile(double q, Ints dims, boolean keepDim) implements Interpolated {

  /// Checks `q`.
  ///
  /// @throws AutogradException (`ARGUMENT`) if it is not in `[0, 1]`
  public Quantile {
    Interpolated.require(q);
  }

  /// Makes the prototype, the interpolated median of everything.
  public Quantile() {
    this(0.5, Ints.NONE, false);
  }

  /// Returns the `q`-quantile of all elements of `x`.
  ///
  /// @throws AutogradException (`ARGUMENT`) if `q` is not in `[0, 1]`, (`DTYPE`) if `x` is not
  ///   floating, (`SHAPE`) if there are no elements
  public static Tensor quantile(Tensor x, double q) {
    return new Quantile(q, Ints.NONE, false).apply(x);
  }

  /// Returns the `q`-quantile of `x` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException as [#quantile(Tensor, double)], and (`INDEX`, `ARGUMENT`) if `dims`
  ///   does not name dimensions once each
  public static Tensor quantile(Tensor x, double q, int[] dims, boolean keepDim) {
    return new Quantile(q, Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean ignoresNan() {
    return false;
  }

  @Override
  public Quantile with(double q, Ints dims, boolean keepDim) {
    return new Quantile(q, dims, keepDim);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    Shape from = in[0].shape();
    Shape to = left(from);
    int n = count(from);
    Value x = from.rank() == 0 ? in[0] : f.transpose(in[0], order(from));
    Value rows = f.reshape(x, to.numel(), n);
    Value sorted = OnnxOrder.least(graph, rows, 1, n)[0];
    double place = q * (n - 1);
    int below = (int) place;
    Value low = OnnxOrder.element(graph, sorted, 1, below);
    Value high = OnnxOrder.element(graph, sorted, 1, Math.min(below + 1, n - 1));
    Value y = f.add(low, f.mul(f.sub(high, low), place - below));
    return f.reshape(y, to.dims());
  }

  @Override
  public Quantile over(Ints dims, boolean keepDim) {
    return new Quantile(q, dims, keepDim);
  }
}
