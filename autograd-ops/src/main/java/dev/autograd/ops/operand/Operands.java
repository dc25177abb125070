package dev.autograd.ops.operand;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;

/// Checks and promotions of operands, with one wording for all operations.
public final class Operands {
  private Operands() {}

  /// Returns the operands in the element type that they promote to.
  ///
  /// @throws AutogradException (`DTYPE`) if that is not `f32` or `f64`
  public static Tensor[] promoted(String op, Tensor... operands) {
    DType common = operands[0].dtype();
    for (Tensor t : operands) {
      common = DType.promote(common, t.dtype());
    }
    if (common != DType.F32 && common != DType.F64) {
      throw notFloating(op, common);
    }
    Tensor[] same = operands.clone();
    for (int i = 0; i < same.length; i++) {
      same[i] = same[i].to(common);
    }
    return same;
  }

  /// Returns the one element type of the operands.
  ///
  /// @throws AutogradException (`DTYPE`) if they differ or it is not `f32` or `f64`
  public static DType floating(String op, Tensor... operands) {
    DType dtype = operands[0].dtype();
    if (dtype != DType.F32 && dtype != DType.F64) {
      throw notFloating(op, dtype);
    }
    for (int i = 1; i < operands.length; i++) {
      if (operands[i].dtype() != dtype) {
        throw new AutogradException(
            ErrorKind.DTYPE,
            op
                + ": operands must have one element type, got "
                + dtype
                + " and "
                + operands[i].dtype()
                + " (operand "
                + i
                + "). Cast one of them with to(...).");
      }
    }
    return dtype;
  }

  /// Checks how many operands there are.
  ///
  /// @throws AutogradException (`ARGUMENT`) if there are more or fewer
  public static void count(String op, Tensor[] operands, int expected) {
    if (operands.length != expected) {
      throw argument(
          op
              + ": with these attributes it takes "
              + expected
              + " operands, got "
              + operands.length);
    }
  }

  /// Checks that two operands have the same shape.
  ///
  /// @throws AutogradException (`SHAPE`) if they differ
  public static void sameShape(String op, String aName, Tensor a, String bName, Tensor b) {
    if (!a.shape().equals(b.shape())) {
      throw shape(
          op
              + ": "
              + aName
              + " and "
              + bName
              + " must have the same shape, got "
              + a.shape()
              + " and "
              + b.shape()
              + ". Reshape or expand one of them; nothing is broadcast here.");
    }
  }

  /// Returns the error for an element type that is not computed in.
  public static AutogradException notFloating(String op, DType dtype) {
    return new AutogradException(
        ErrorKind.DTYPE,
        op + ": takes f32 or f64 elements, got " + dtype + ". Cast with to(DType.F32).");
  }

  /// Returns a `SHAPE` error.
  public static AutogradException shape(String message) {
    return new AutogradException(ErrorKind.SHAPE, message);
  }

  /// Returns an `ARGUMENT` error.
  public static AutogradException argument(String message) {
    return new AutogradException(ErrorKind.ARGUMENT, message);
  }

  /// Checks that a tensor has one size.
  ///
  /// @param what the tensor's name in the message
  /// @throws AutogradException (`SHAPE`) if its shape is not `[size]`
  public static void vector(String op, String what, Tensor t, int size, String of) {
    if (t.rank() != 1 || t.size(0) != size) {
      throw shape(
          op
              + ": "
              + what
              + " must have shape "
              + Shape.of(size)
              + ", one entry for each "
              + of
              + ", got "
              + t.shape());
    }
  }
}
