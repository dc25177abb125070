package dev.autograd.kernel.expr;

import static jdk.incubator.vector.VectorOperators.OR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/// Gives `x`, whose sign bit is clear or already right, the sign of `sign`.
final class VectorSign {

  private VectorSign() {}

  static FloatVector withSign(FloatVector x, FloatVector sign) {
    IntVector bit = sign.reinterpretAsInts().and(Integer.MIN_VALUE);
    return x.reinterpretAsInts().lanewise(OR, bit).reinterpretAsFloats();
  }

  static DoubleVector withSign(DoubleVector x, DoubleVector sign) {
    LongVector bit = sign.reinterpretAsLongs().and(Long.MIN_VALUE);
    return x.reinterpretAsLongs().lanewise(OR, bit).reinterpretAsDoubles();
  }
}
