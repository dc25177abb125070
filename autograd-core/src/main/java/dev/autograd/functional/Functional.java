package dev.autograd.functional;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Takes functions of tensors and returns their derivatives, which are such functions again: `grad`
/// of `grad`, `vmap` of `grad`, `jvp` of `vjp` and so on all work.
///
/// ```java
/// UnaryOperator<Tensor> slope = grad(x -> x.pow(3).sum());
/// Tensor perSample = vmap(grad(loss)).apply(batch);
/// Tensor h = hessian(x -> x.pow(3).sum()).apply(x);
/// ```
///
/// Nothing is accumulated into any leaf. What a function does inside [dev.autograd.GradMode#noGrad]
/// is constant to `grad`; a scope outside of `grad` does not switch it off. A result is recorded
/// for further differentiation where that has a point: an argument, or something the function
/// refers to, requires grad and recording is on.
public final class Functional {
  private Functional() {}

  /// The value of a function and its gradients.
  ///
  /// @param gradients one for each argument that was asked for
  /// @param auxiliary the further results of the function, which were not differentiated
  public record ValueAndGrad(Tensor value, List<Tensor> gradients, List<Tensor> auxiliary) {
    /// Returns the gradient by the only, or the first, argument that was asked for.
    public Tensor gradient() {
      return gradients.getFirst();
    }
  }

  /// The value of a function and the product of its Jacobian with a vector.
  public record ValueAndTangent(Tensor value, Tensor tangent) {}

  // --- gradients -------------------------------------------------------------------------------

  /// Returns the gradient of a function whose result has one element.
  public static UnaryOperator<Tensor> grad(UnaryOperator<Tensor> f) {
    TensorFunction all = TensorFunction.of(f);
    return x -> gradients(all, new Tensor[] {x}, 0)[0];
  }

  /// Returns the gradient of a function of two arguments by one of them.
  ///
  /// @param argument 0 or 1
  public static BinaryOperator<Tensor> grad(BinaryOperator<Tensor> f, int argument) {
    TensorFunction all = TensorFunction.of(f);
    return (a, b) -> gradients(all, new Tensor[] {a, b}, argument)[0];
  }

  /// Returns the gradients of the first result of `f`, which has one element, by some arguments; by
  /// the first one if none is named.
  ///
  /// @throws AutogradException (`ROOT_NOT_SCALAR`), when it is applied, if the result has more
  ///   elements
  public static TensorFunction grad(TensorFunction f, int... arguments) {
    int[] by = orFirst(arguments);
    return TensorFunction.ofAll(x -> gradients(f, x, by));
  }

  private static Tensor[] gradients(TensorFunction f, Tensor[] x, int... by) {
    return Pullback.of(f, x, by).gradients();
  }

  /// Returns what computes the value and the gradient of a function whose result has one element.
  public static Function<Tensor, ValueAndGrad> valueAndGrad(UnaryOperator<Tensor> f) {
    TensorFunction all = TensorFunction.of(f);
    return x -> valueAndGrad(all, new Tensor[] {x}, 0);
  }

  /// Returns what computes the value and the gradients of the first result of `f`, which has one
  /// element; further results are passed on as they are.
  public static Function<Tensor[], ValueAndGrad> valueAndGrad(TensorFunction f, int... arguments) {
    int[] by = orFirst(arguments);
    return x -> valueAndGrad(f, x, by);
  }

  private static ValueAndGrad valueAndGrad(TensorFunction f, Tensor[] x, int... by) {
    Pullback at = Pullback.of(f, x, by);
    Tensor[] gradients = at.gradients();
    List<Tensor> outputs = List.of(at.outputs());
    return new ValueAndGrad(
        outputs.getFirst(), List.of(gradients), outputs.subList(1, outputs.size()));
  }

  private static int[] orFirst(int[] arguments) {
    return arguments.length == 0 ? new int[] {0} : arguments.clone();
  }

  // --- products with the Jacobian --------------------------------------------------------------

  /// Evaluates `f` at `x` for vector-Jacobian products by all arguments.
  public static Pullback vjp(TensorFunction f, Tensor... x) {
    int[] by = new int[x.length];
    for (int i = 0; i < by.length; i++) {
      by[i] = i;
    }
    return Pullback.of(f, x, by);
  }

  /// Evaluates `f` at `x` for vector-Jacobian products.
  public static Pullback vjp(UnaryOperator<Tensor> f, Tensor x) {
    return vjp(TensorFunction.of(f), x);
  }

  /// Returns the value of `f` at `x` and the product of its Jacobian there with `v`, by forward
  /// mode.
  ///
  /// @param v of the shape of `x`
  /// @throws AutogradException (`V_SIZE`) if the shapes differ
  public static ValueAndTangent jvp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return jvp(TensorFunction.of(f), new Tensor[] {x}, new Tensor[] {v}).getFirst();
  }

  /// Returns the results of `f` at `x`, each with its derivative along `v`.
  ///
  /// @param v one for each argument, of its shape
  /// @throws AutogradException (`V_REQUIRED`) if their numbers differ, (`V_SIZE`) if shapes do
  public static List<ValueAndTangent> jvp(TensorFunction f, Tensor[] x, Tensor[] v) {
    return Pushforward.jvp(f, x, v);
  }

  /// Evaluates `f` at `x` once, for Jacobian-vector products as many as wanted.
  public static Pushforward linearize(TensorFunction f, Tensor... x) {
    return new Pushforward(vjp(f, x));
  }

  /// Evaluates `f` at `x` once, for Jacobian-vector products as many as wanted.
  public static Pushforward linearize(UnaryOperator<Tensor> f, Tensor x) {
    return linearize(TensorFunction.of(f), x);
  }

  /// Returns the product of the Hessian of `f`, whose result has one element, with `v`: forward
  /// mode over reverse mode, about twice the cost of a gradient.
  ///
  /// @throws AutogradException (`V_SIZE`) if `v` has not the shape of `x`
  public static Tensor hvp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return jvp(grad(f), x, v).tangent();
  }

  // --- whole Jacobians -------------------------------------------------------------------------

  /// Returns the Jacobian of `f` by reverse mode: all rows at once, in one backward. Best for few
  /// results of many arguments.
  ///
  /// @return a function with results of shape (shape of `f(x)`) + (shape of `x`)
  public static UnaryOperator<Tensor> jacrev(UnaryOperator<Tensor> f) {
    return jacrev(f, 0);
  }

  /// Returns the Jacobian of `f` by reverse mode, `chunkSize` rows at a time, which bounds the
  /// memory; 0 for all.
  public static UnaryOperator<Tensor> jacrev(UnaryOperator<Tensor> f, int chunkSize) {
    TensorFunction all = TensorFunction.of(f);
    return x -> Jacobians.reverse(all, new Tensor[] {x}, chunkSize, false)[0][0];
  }

  /// Returns the Jacobian of `f` by forward mode: all columns at once. Best for many results of few
  /// arguments.
  ///
  /// @return a function with results of shape (shape of `f(x)`) + (shape of `x`)
  public static UnaryOperator<Tensor> jacfwd(UnaryOperator<Tensor> f) {
    return jacfwd(f, 0);
  }

  /// Returns the Jacobian of `f` by forward mode, `chunkSize` columns at a time; 0 for all.
  public static UnaryOperator<Tensor> jacfwd(UnaryOperator<Tensor> f, int chunkSize) {
    TensorFunction all = TensorFunction.of(f);
    return x -> Jacobians.forward(all, new Tensor[] {x}, chunkSize, false)[0][0];
  }

  /// Returns the second derivatives of `f`, whose result has one element: forward mode over reverse
  /// mode.
  ///
  /// @return a function with results of shape (shape of `x`) + (shape of `x`)
  /// @throws AutogradException (`HESSIAN_SCALAR`), when it is applied, if `f` has more elements
  public static UnaryOperator<Tensor> hessian(UnaryOperator<Tensor> f) {
    UnaryOperator<Tensor> gradient =
        grad(
            x -> {
              Tensor y = f.apply(x);
              checkOneElement(y);
              return y;
            });
    return jacfwd(gradient);
  }

  private static void checkOneElement(Tensor y) {
    if (y.numel() != 1) {
      throw new AutogradException(
          ErrorKind.HESSIAN_SCALAR,
          "hessian: the function must have a result of one element, got shape "
              + y.shape()
              + ". Use jacfwd(jacrev(f)) for the second derivatives of every element.");
    }
  }

  /// Returns the Jacobians of every result of `f` at `x` by every argument.
  ///
  /// @return `[result][argument]`, of shape (shape of the result) + (shape of the argument)
  /// @throws AutogradException (`STRICT_INDEPENDENT`) in strict mode, if a result does not depend
  ///   on an argument
  public static Tensor[][] jacobian(TensorFunction f, JacobianOptions options, Tensor... x) {
    return switch (options.strategy()) {
      case REVERSE -> Jacobians.reverse(f, x, options.chunkSize(), options.strict());
      case ROWS -> Jacobians.reverse(f, x, 1, options.strict());
      case FORWARD -> Jacobians.forward(f, x, options.chunkSize(), options.strict());
    };
  }

  /// Returns the second derivatives of `f`, whose only result has one element, at `x`, by every
  /// pair of arguments.
  ///
  /// @return `[i][j]`, of shape (shape of argument `i`) + (shape of argument `j`)
  /// @throws AutogradException (`HESSIAN_SCALAR`) if the result has more elements
  public static Tensor[][] hessian(TensorFunction f, JacobianOptions options, Tensor... x) {
    int[] by = new int[x.length];
    for (int i = 0; i < by.length; i++) {
      by[i] = i;
    }
    TensorFunction gradient =
        TensorFunction.ofAll(
            at ->
                Pullback.of(
                        TensorFunction.ofAll(
                            inner -> {
                              Tensor[] y = f.apply(inner);
                              checkOneElement(y[0]);
                              return y;
                            }),
                        at,
                        by)
                    .gradients());
    return jacobian(gradient, options, x);
  }

  // --- vectorizing -----------------------------------------------------------------------------

  /// Returns `f` applied to every sample of its argument, along the first dimension, as operations
  /// on all samples at once.
  public static UnaryOperator<Tensor> vmap(UnaryOperator<Tensor> f) {
    return vmap(f, VmapOptions.defaults());
  }

  /// Returns `f` applied to every sample of its argument.
  ///
  /// @throws AutogradException when it is applied: (`VMAP_SIZE`) if the numbers of samples differ,
  ///   (`VMAP_CONTROL_FLOW`) if `f` reads values of a sample, (`VMAP_RANDOM`) if it draws random
  ///   numbers without a choice, (`VMAP_INPLACE`) if it writes a sample into something that all
  ///   samples share
  public static UnaryOperator<Tensor> vmap(UnaryOperator<Tensor> f, VmapOptions options) {
    Vectorized mapped = new Vectorized(TensorFunction.of(f), options);
    return x -> mapped.apply(x)[0];
  }

  /// Returns `f` applied to every sample of its two arguments.
  public static BinaryOperator<Tensor> vmap(BinaryOperator<Tensor> f, VmapOptions options) {
    Vectorized mapped = new Vectorized(TensorFunction.of(f), options);
    return (a, b) -> mapped.apply(a, b)[0];
  }

  /// Returns `f` applied to every sample of its arguments.
  public static TensorFunction vmap(TensorFunction f, VmapOptions options) {
    Vectorized mapped = new Vectorized(f, options);
    return TensorFunction.ofAll(mapped::apply);
  }
}
