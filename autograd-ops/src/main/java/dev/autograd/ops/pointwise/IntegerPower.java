package dev.autograd.ops.pointwise;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;

/// Powers of integers, exact modulo 2⁶⁴: what a formula over floating-point numbers cannot give.
final class IntegerPower {
  private IntegerPower() {}

  static Tensor pow(Tensor base, Tensor exponent, DType result) {
    Typing.ARITHMETIC.compute("pow", result);
    Shape shape = Shape.broadcast("pow", base.shape(), exponent.shape());
    long[] b = base.to(DType.I64).expand(shape.dims()).toLongArray();
    long[] e = exponent.to(DType.I64).expand(shape.dims()).toLongArray();
    long[] y = new long[b.length];
    for (int i = 0; i < y.length; i++) {
      if (e[i] < 0) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            "pow: integers take no negative exponents. Cast first: x.to(DType.F32)");
      }
      y[i] = pow(b[i], e[i]);
    }
    Tensor powers = Tensor.of(Storage.of(y, DType.I64), shape);
    return powers.to(result);
  }

  private static long pow(long base, long exponent) {
    long power = 1;
    long square = base;
    for (long e = exponent; e > 0; e >>= 1) {
      if ((e & 1) == 1) {
        power *= square;
      }
      square *= square;
    }
    return power;
  }
}
