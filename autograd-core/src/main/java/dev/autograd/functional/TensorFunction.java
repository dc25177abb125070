package dev.autograd.functional;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/// A function from tensors to tensors, of any number of arguments and results.
public final class TensorFunction {

  /// The code of a function.
  @FunctionalInterface
  public interface Body {
    /// Returns the results.
    Tensor[] apply(Tensor... x);
  }

  private final Body body;

  private TensorFunction(Body body) {
    this.body = body;
  }

  /// Makes a function of one argument and one result.
  public static TensorFunction of(UnaryOperator<Tensor> f) {
    return new TensorFunction(
        x -> {
          checkCount(x.length, 1);
          return new Tensor[] {f.apply(x[0])};
        });
  }

  /// Makes a function of two arguments and one result.
  public static TensorFunction of(BinaryOperator<Tensor> f) {
    return new TensorFunction(
        x -> {
          checkCount(x.length, 2);
          return new Tensor[] {f.apply(x[0], x[1])};
        });
  }

  /// Makes a function of any arguments and results.
  public static TensorFunction ofAll(Body f) {
    return new TensorFunction(f);
  }

  /// Returns the results for the arguments `x`.
  public Tensor[] apply(Tensor... x) {
    return body.apply(x);
  }

  /// Returns the only result for the arguments `x`.
  ///
  /// @throws AutogradException (`ARGUMENT`) if the function has not exactly one
  public Tensor applyToOne(Tensor... x) {
    Tensor[] y = apply(x);
    if (y.length != 1) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "function: one result is expected, it has " + y.length);
    }
    return y[0];
  }

  private static void checkCount(int got, int expected) {
    if (got != expected) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "function: takes " + expected + " arguments, got " + got);
    }
  }
}
