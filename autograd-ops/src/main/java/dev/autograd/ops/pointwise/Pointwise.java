package dev.autograd.ops.pointwise;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// An operation that is a formula over the elements of its inputs, which broadcast.
///
/// From the formula follow the compiled kernel, the derivatives to any order, what is saved for
/// backward (the inputs and the result that a wanted derivative mentions, nothing else), the ONNX
/// form and the samples to check with. A custom operation takes a few lines:
///
/// ```java
/// public record Squareplus(double b) implements Pointwise.Unary {
///   public Squareplus() { this(4); }
///
///   @Override
///   public double[] params() { return new double[] {b}; }
///
///   @Override
///   public Expr formula(Expr x) {
///     return x.add(x.mul(x).add(Expr.param(0)).sqrt()).mul(0.5);
///   }
/// }
/// ```
///
/// # Note [Attributes of a formula]
///
/// A number that is an attribute enters the formula as `Expr.param(k)` and is listed in [#params]:
/// then one kernel serves all values. A formula in which an attribute stands as a constant works as
/// well, but is compiled anew for every value. See [#form] for attributes that do both.
public interface Pointwise extends Function {

  /// Returns how many inputs there are.
  int arity();

  /// Returns the value of one element of the result.
  ///
  /// @param x the elements of the inputs at that place, [#arity] of them
  Expr formula(Expr... x);

  /// Returns the derivatives of [#formula] by each input, or `null`, for all or for one of them, to
  /// have them derived. Given where another form is stabler, saves less, or where a point needs a
  /// convention.
  ///
  /// @param x the inputs
  /// @param y the result; a derivative in terms of it saves the result instead of the inputs
  default @Nullable Expr @Nullable [] derivatives(Expr[] x, Expr y) {
    return null;
  }

  /// Returns the values of `Expr.param(0)`, `Expr.param(1)`, ….
  default double[] params() {
    return PointwisePlan.NO_PARAMS;
  }

  /// Returns what tells two formulas of this class apart apart from their parameters: operations of
  /// one class with equal forms share their kernels. By default the operation itself, which is
  /// right for every record; where the parameters are all the attributes, the form is not asked
  /// for.
  default Object form() {
    return this;
  }

  /// Returns which element types are taken and returned.
  default Typing typing() {
    return Typing.FLOATING;
  }

  /// Returns the common type of the inputs and the attributes.
  ///
  /// @param inputs the common type of the inputs
  default DType promote(DType inputs) {
    return inputs;
  }

  /// Returns the values that input `input` is checked on.
  default Domain domain(int input) {
    return Domain.REAL;
  }

  /// Returns the name of the ONNX operator that computes the same of the same inputs, or `null`.
  default @Nullable String operator() {
    return null;
  }

  @Override
  default boolean differentiable() {
    return typing() != Typing.COMPARISON;
  }

  @Override
  default Tensor forward(Context ctx, Tensor... inputs) {
    return PointwisePlan.of(this).forward(this, ctx, inputs);
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return PointwisePlan.of(this).backward(this, ctx, g);
  }

  @Override
  default @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
    return PointwisePlan.of(this).tangent(this, ctx, tangents);
  }

  @Override
  default Tensor batched(Batch batch, Tensor... inputs) {
    return apply(batch.aligned(inputs));
  }

  @Override
  default OnnxGraph.@Nullable Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return ExprOnnx.expand(graph, this, inputs);
  }

  @Override
  default void samples(Samples samples) {
    PointwiseSamples.add(samples, this);
  }

  /// A formula over one input.
  interface Unary extends Pointwise {
    /// Returns the value of one element of the result.
    Expr formula(Expr x);

    /// Returns the derivative of the formula, or `null` to have it derived.
    ///
    /// @param x the input
    /// @param y the result; a derivative in terms of it alone saves the result instead of the input
    default @Nullable Expr derivative(Expr x, Expr y) {
      return null;
    }

    @Override
    default int arity() {
      return 1;
    }

    @Override
    default Expr formula(Expr... x) {
      return formula(x[0]);
    }

    @Override
    default @Nullable Expr @Nullable [] derivatives(Expr[] x, Expr y) {
      return new @Nullable Expr[] {derivative(x[0], y)};
    }
  }

  /// A formula over two inputs.
  interface Binary extends Pointwise {
    /// Returns the value of one element of the result.
    Expr formula(Expr a, Expr b);

    /// Returns the derivatives by `a` and by `b`, or `null` to have them derived.
    ///
    /// @param y the result
    default @Nullable Expr @Nullable [] derivatives(Expr a, Expr b, Expr y) {
      return null;
    }

    @Override
    default int arity() {
      return 2;
    }

    @Override
    default Expr formula(Expr... x) {
      return formula(x[0], x[1]);
    }

    @Override
    default @Nullable Expr @Nullable [] derivatives(Expr[] x, Expr y) {
      return derivatives(x[0], x[1], y);
    }
  }

  /// A formula over three inputs.
  interface Ternary extends Pointwise {
    /// Returns the value of one element of the result.
    Expr formula(Expr first, Expr second, Expr third);

    /// Returns the derivatives by each input, or `null` to have them derived.
    ///
    /// @param y the result
    default @Nullable Expr @Nullable [] derivatives(Expr first, Expr second, Expr third, Expr y) {
      return null;
    }

    @Override
    default int arity() {
      return 3;
    }

    @Override
    default Expr formula(Expr... x) {
      return formula(x[0], x[1], x[2]);
    }

    @Override
    default @Nullable Expr @Nullable [] derivatives(Expr[] x, Expr y) {
      return derivatives(x[0], x[1], x[2], y);
    }
  }
}
