package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.ops.shape.Cast;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The p-norm over dimensions.
///
/// - **Formula** `y = (Σ |x|ᵖ)^(1/p)`, `dx = g · sign(x) · (|x| / y)^(p−1)`; for `p = ±∞` the
///   extreme of `|x|`, the gradient spread evenly over ties; for `p = 0` the number of elements
///   that are not 0, without a gradient. Elements that are 0 get gradient 0, and so does the zero
///   vector
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64
/// - **Smooth** where no element is 0
/// - **ONNX** ReduceL1, ReduceL2 (13), else Abs, Pow and reductions
/// - **Source** at 0 the subgradient of least norm; G. Golub, C. Van Loan, Matrix Computations §2.2
///
/// @param p the exponent, any number or infinity
/// @param dims the dimensions; none means all
/// @param keepDim whether they stay, with size 1
public record Norm(double p, Ints dims, boolean keepDim) implements Reduction {

  /// Makes the prototype, the Euclidean norm of everything.
  public Norm() {
    this(2, Ints.NONE, false);
  }

  /// Returns the `p`-norm of `x` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException (`DTYPE`) if `x` is not floating, (`SHAPE`) if `p` is infinite and
  ///   there are no elements, (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor norm(Tensor x, double p, int[] dims, boolean keepDim) {
    return new Norm(p, Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public Norm over(Ints dims, boolean keepDim) {
    return new Norm(p, dims, keepDim);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Dims.requireFloating("norm", x);
    boolean[] gone = gone(x.shape());
    Tensor y = Tensor.of(value(x, gone), left(x.shape()));
    if (ctx.needs(0) && p != 0) {
      ctx.save(x, y);
    }
    return y;
  }

  private Storage value(Tensor x, boolean[] gone) {
    if (p == 2) {
      return euclidean(x, gone);
    }
    if (Double.isInfinite(p)) {
      return Reductions.extreme("norm", x.abs(), gone, p > 0);
    }
    if (p == 0) {
      return Reductions.sum("norm", Cast.cast(x.ne(0), x.dtype()), gone);
    }
    if (p == 1) {
      return Reductions.sum("norm", x.abs(), gone);
    }
    Storage sum = Reductions.sum("norm", x.abs().pow(p), gone);
    return Tensor.of(sum, Shape.of(sum.length())).pow(1 / p).memory();
  }

  private static Storage euclidean(Tensor x, boolean[] gone) {
    Axes axes = Dims.axes(x, gone);
    Storage y = Storage.empty(x.dtype(), axes.outputs());
    if (x.dtype() == DType.F32) {
      Reduce.sumOfSquares(x.memory().floats(), x.offset(), axes, y.floats(), 0);
    } else {
      Reduce.sumOfSquares(x.memory().doubles(), x.offset(), axes, y.doubles(), 0);
    }
    return Tensor.of(y, Shape.of(y.length())).sqrt().memory();
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    if (p == 0) {
      return new Tensor[] {null};
    }
    Tensor x = ctx.saved(0);
    Tensor y = ctx.saved(1);
    Shape from = x.shape();
    Tensor dx;
    if (Double.isInfinite(p)) {
      dx = x.sign().mul(Ties.spread(this, x.detach().abs(), y, g));
    } else if (p == 1) {
      dx = x.sign().mul(restored(g, from));
    } else {
      // Divisors and bases that are 0 are replaced first, so that no infinity arises to be masked.
      Tensor nothing = y.detach().eq(0);
      Tensor divisor = y.maskedFill(nothing, 1);
      if (p == 2) {
        dx = x.mul(restored(g.div(divisor).maskedFill(nothing, 0), from));
      } else {
        Tensor scale = g.div(divisor.pow(p - 1)).maskedFill(nothing, 0);
        Tensor base = x.abs().maskedFill(x.detach().eq(0), 1);
        dx = x.sign().mul(base.pow(p - 1)).mul(restored(scale, from));
      }
    }
    return new Tensor[] {dx};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = in[0];
    boolean[] gone = gone(x.shape());
    if (p == 1 || p == 2) {
      return OnnxReduce.reduce(graph, p == 1 ? "ReduceL1" : "ReduceL2", x, gone, keepDim);
    }
    OnnxGraph.Value size = OnnxReduce.unary(graph, "Abs", x);
    if (Double.isInfinite(p)) {
      return OnnxReduce.reduce(graph, p > 0 ? "ReduceMax" : "ReduceMin", size, gone, keepDim);
    }
    if (p == 0) {
      OnnxGraph.Value counted =
          graph.node("Cast", Map.of("to", DType.BOOL), DType.BOOL, x.shape(), x);
      return OnnxReduce.reduce(
          graph, "ReduceSum", OnnxReduce.cast(graph, counted, x.dtype()), gone, keepDim);
    }
    OnnxGraph.Value powers = OnnxReduce.binary(graph, "Pow", size, graph.scalar(x.dtype(), p));
    OnnxGraph.Value sum = OnnxReduce.reduce(graph, "ReduceSum", powers, gone, keepDim);
    return OnnxReduce.binary(graph, "Pow", sum, graph.scalar(x.dtype(), 1 / p));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Norm(), s.randn(2, 3));
    s.add(new Norm(2, Ints.of(1), true), s.randn(2, 3));
    s.add(new Norm(1, Ints.of(0), false), s.uniform(0.5, 2, 2, 3));
    s.add(new Norm(1.5, Ints.of(-1), false), s.uniform(-2, -0.5, 3, 2).transpose(0, 1));
    s.add(new Norm(3, Ints.NONE, false), s.uniform(0.5, 2, 2, 2));
    s.add(new Norm(-1, Ints.of(1), false), s.uniform(0.5, 2, 2, 3));
    s.add(new Norm(Double.POSITIVE_INFINITY, Ints.of(0), false), s.distinct(3, 2).add(3));
    s.add(new Norm(Double.NEGATIVE_INFINITY, Ints.of(0), false), s.distinct(3, 2).add(3));
    s.add(new Norm(2, Ints.of(1), false), s.randn(0, 2));
    s.add(new Norm(), s.uniform(1, 2));
    s.reject(new Norm(), "floating-point", s.indices(3, 2));
    s.reject(new Norm(Double.POSITIVE_INFINITY, Ints.NONE, false), "no elements", s.randn(0));
  }
}
