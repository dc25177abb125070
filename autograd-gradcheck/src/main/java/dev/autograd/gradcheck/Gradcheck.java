package dev.autograd.gradcheck;

import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.functional.TensorFunction;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/// Checks the gradients of any function of tensors against finite differences.
///
/// ```java
/// Tensor x = Tensor.randn(Shape.of(3), DType.F64, generator).requiresGrad(true);
/// gradcheck(t -> t.sin().mul(t), x);
/// gradgradcheck(t -> t.sin().mul(t), x);
/// ```
///
/// The inputs that require grad are moved, the others are handed on; all are copied first, so the
/// caller's tensors stay as they are, and a function that writes into one it is differentiated by
/// is found out. The function is called many times: it must give the same results each time.
///
/// In `f64` the derivatives are good to about 1e-9. Inputs in `f32` are taken too: steps and
/// tolerances then suit that type, and find what is wrong by more than one in a thousand; a step
/// that `f32` cannot hold is refused.
///
/// # What is checked
///
/// Every derivative of every output; the same results in two runs; zeros for a zero gradient, and
/// for one that is absent; that no backward writes into the gradient it is given; that outputs
/// without gradient do not depend on the inputs. Where it is switched on: forward mode, and batches
/// of gradients and of tangents under vmap.
///
/// Every method returns `true`, or throws a [GradcheckException] that says which output, input and
/// element is wrong. With [GradcheckOptions#withRaiseException] switched off it returns `false` for
/// a gradient that is wrong; what cannot be checked (`GRADCHECK_ARGS`, `GRADCHECK_NO_INPUT`,
/// `GRADCHECK_OVERLAP`, `GRADCHECK_SHAPE`) and what the function itself throws comes out all the
/// same.
public final class Gradcheck {
  private Gradcheck() {}

  /// Checks a function of one tensor with the usual options.
  public static boolean gradcheck(UnaryOperator<Tensor> f, Tensor x) {
    return gradcheck(f, x, GradcheckOptions.DEFAULTS);
  }

  /// Checks a function of one tensor.
  public static boolean gradcheck(UnaryOperator<Tensor> f, Tensor x, GradcheckOptions options) {
    return gradcheck(one(f), List.of(x), options);
  }

  /// Checks a function of two tensors with the usual options.
  public static boolean gradcheck(BinaryOperator<Tensor> f, Tensor x, Tensor y) {
    return gradcheck(f, x, y, GradcheckOptions.DEFAULTS);
  }

  /// Checks a function of two tensors.
  public static boolean gradcheck(
      BinaryOperator<Tensor> f, Tensor x, Tensor y, GradcheckOptions options) {
    return gradcheck(two(f), List.of(x, y), options);
  }

  /// Checks a function of any number of tensors, with any number of results.
  public static boolean gradcheck(UnaryOperator<List<Tensor>> f, List<Tensor> inputs) {
    return gradcheck(f, inputs, GradcheckOptions.DEFAULTS);
  }

  /// Checks a function of any number of tensors, with any number of results.
  ///
  /// @param f what is checked; it must compute with the tensors it is given, not with those in
  ///   `inputs`
  /// @param inputs the point; those that require grad are differentiated
  public static boolean gradcheck(
      UnaryOperator<List<Tensor>> f, List<Tensor> inputs, GradcheckOptions options) {
    return verdict(options, () -> FunctionCheck.first(f, inputs, options));
  }

  /// Checks a function as [dev.autograd.functional.Functional] takes it.
  public static boolean gradcheck(TensorFunction f, List<Tensor> inputs, GradcheckOptions options) {
    return gradcheck(all(f), inputs, options);
  }

  /// Checks the second derivatives of a function of one tensor with the usual options.
  public static boolean gradgradcheck(UnaryOperator<Tensor> f, Tensor x) {
    return gradgradcheck(f, x, GradcheckOptions.DEFAULTS);
  }

  /// Checks the second derivatives of a function of one tensor.
  public static boolean gradgradcheck(UnaryOperator<Tensor> f, Tensor x, GradcheckOptions options) {
    return gradgradcheck(one(f), List.of(x), options);
  }

  /// Checks the second derivatives of a function of two tensors with the usual options.
  public static boolean gradgradcheck(BinaryOperator<Tensor> f, Tensor x, Tensor y) {
    return gradgradcheck(f, x, y, GradcheckOptions.DEFAULTS);
  }

  /// Checks the second derivatives of a function of two tensors.
  public static boolean gradgradcheck(
      BinaryOperator<Tensor> f, Tensor x, Tensor y, GradcheckOptions options) {
    return gradgradcheck(two(f), List.of(x, y), options);
  }

  /// Checks the second derivatives of a function of any number of tensors.
  public static boolean gradgradcheck(UnaryOperator<List<Tensor>> f, List<Tensor> inputs) {
    return gradgradcheck(f, inputs, GradcheckOptions.DEFAULTS);
  }

  /// Checks the second derivatives of a function of any number of tensors, for random gradients
  /// that come in.
  public static boolean gradgradcheck(
      UnaryOperator<List<Tensor>> f, List<Tensor> inputs, GradcheckOptions options) {
    return gradgradcheck(f, inputs, List.of(), options);
  }

  /// Checks the second derivatives of a function of any number of tensors: the first derivative, as
  /// a function of the inputs and of the gradients that come in, is itself checked.
  ///
  /// @param gradOutputs the gradients that come in, one for each output that carries a gradient;
  ///   those that require grad are differentiated too. None at all for random ones
  public static boolean gradgradcheck(
      UnaryOperator<List<Tensor>> f,
      List<Tensor> inputs,
      List<Tensor> gradOutputs,
      GradcheckOptions options) {
    return verdict(options, () -> FunctionCheck.second(f, inputs, gradOutputs, options));
  }

  /// Checks the second derivatives of a function as [dev.autograd.functional.Functional] takes it.
  public static boolean gradgradcheck(
      TensorFunction f, List<Tensor> inputs, GradcheckOptions options) {
    return gradgradcheck(all(f), inputs, options);
  }

  private static UnaryOperator<List<Tensor>> all(TensorFunction f) {
    return in -> List.of(f.apply(in.toArray(Tensor[]::new)));
  }

  private static UnaryOperator<List<Tensor>> one(UnaryOperator<Tensor> f) {
    return in -> List.of(f.apply(in.getFirst()));
  }

  private static UnaryOperator<List<Tensor>> two(BinaryOperator<Tensor> f) {
    return in -> List.of(f.apply(in.get(0), in.get(1)));
  }

  private static boolean verdict(GradcheckOptions options, Runnable check) {
    try (var _ = GradMode.enableGrad()) {
      check.run();
      return true;
    } catch (GradcheckException e) {
      if (e.isMisuse() || options.has(GradcheckOptions.Flag.RAISE_EXCEPTION)) {
        throw e;
      }
      return false;
    }
  }
}
