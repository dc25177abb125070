package dev.autograd.onnx;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxTensor;

/// Makes scalar constants of any numeric type.
final class Scalars {
  private Scalars() {}

  static OnnxTensor of(ElementType type, double value) {
    return switch (type) {
      case FLOAT -> OnnxTensor.of("", new float[] {(float) value});
      case DOUBLE -> OnnxTensor.of("", new double[] {value});
      case FLOAT16 ->
          OnnxTensor.ofBits("", type, new short[] {Float.floatToFloat16((float) value)});
      case BOOL -> OnnxTensor.of("", new boolean[] {integer(type, value, 0, 1) != 0});
      case INT64 -> {
        // The bound itself is no long: 2^63 as a double is one past the greatest.
        if (value >= 0x1p63) {
          throw outside(type, value);
        }
        yield OnnxTensor.of("", new long[] {integer(type, value, -0x1p63, 0x1p63)});
      }
      case INT32 -> OnnxTensor.of("", new int[] {(int) integer(type, value, -0x1p31, 0x1p31 - 1)});
      case UINT32 ->
          OnnxTensor.ofBits("", type, new int[] {(int) integer(type, value, 0, 0x1p32 - 1)});
      case INT16 ->
          OnnxTensor.ofBits(
              "", type, new short[] {(short) integer(type, value, -0x1p15, 0x1p15 - 1)});
      case UINT16 ->
          OnnxTensor.ofBits("", type, new short[] {(short) integer(type, value, 0, 0x1p16 - 1)});
      case INT8 ->
          OnnxTensor.ofBits("", type, new byte[] {(byte) integer(type, value, -0x1p7, 0x1p7 - 1)});
      case UINT8 ->
          OnnxTensor.ofBits("", type, new byte[] {(byte) integer(type, value, 0, 0x1p8 - 1)});
      case BFLOAT16, UINT64, STRING, COMPLEX64, COMPLEX128, UINT4, INT4 -> throw no(type);
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> throw no(type);
    };
  }

  private static long integer(ElementType type, double value, double least, double most) {
    if (value != Math.rint(value) || value < least || value > most) {
      throw outside(type, value);
    }
    return (long) value;
  }

  private static OnnxModelException outside(ElementType type, double value) {
    return new OnnxModelException("a scalar of " + type + " cannot hold " + value);
  }

  private static OnnxModelException no(ElementType type) {
    return new OnnxModelException("scalars of " + type + " are not made from numbers");
  }
}
