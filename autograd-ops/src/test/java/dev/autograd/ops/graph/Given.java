package dev.autograd.ops.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What the tests of the graph start from.
final class Given {
  private Given() {}

  /// Returns an `f64` leaf of one dimension that requires grad.
  static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  /// Returns an `f64` leaf that requires grad.
  static Tensor leafOf(double[] values, int... shape) {
    return Tensor.of(values, shape).requiresGrad(true);
  }

  /// Returns an `f64` tensor of one dimension.
  static Tensor constant(double... values) {
    return Tensor.of(values);
  }

  /// Returns the elements of a tensor's gradient, in row-major order.
  static double[] gradOf(Tensor t) {
    assertThat(t.grad()).as("gradient of %s", t).isNotNull();
    return t.grad().toDoubleArray();
  }

  /// Asserts that `call` is refused with an error of this kind; returns the error.
  static AutogradException refused(ErrorKind kind, ThrowingCallable call) {
    AutogradException e = catchThrowableOfType(AutogradException.class, call);
    assertThat(e).as("an error of kind %s", kind).isNotNull();
    assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
    return e;
  }
}
