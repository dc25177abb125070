package dev.autograd.onnx;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxTensor;
import java.util.Arrays;

/// Carries tensors from this library to ONNX and back, bit for bit.
public final class OnnxTensors {
  private OnnxTensors() {}

  /// Returns ONNX's name of an element type.
  public static ElementType elementType(DType dtype) {
    return switch (dtype) {
      case BOOL -> ElementType.BOOL;
      case U8 -> ElementType.UINT8;
      case I32 -> ElementType.INT32;
      case I64 -> ElementType.INT64;
      case F16 -> ElementType.FLOAT16;
      case BF16 -> ElementType.BFLOAT16;
      case F32 -> ElementType.FLOAT;
      case F64 -> ElementType.DOUBLE;
    };
  }

  /// Returns this library's name of an element type.
  ///
  /// @throws OnnxModelException if tensors here have no such elements
  public static DType dtype(ElementType type) {
    for (DType dtype : DType.values()) {
      if (elementType(dtype) == type) {
        return dtype;
      }
    }
    throw new OnnxModelException(
        "tensors have no elements of " + type + ", only " + Arrays.toString(DType.values()));
  }

  /// Returns a copy as an ONNX tensor.
  public static OnnxTensor toOnnx(String name, Tensor tensor) {
    long[] dims = dims(tensor.shape());
    Object array = tensor.contiguous().toArray();
    ElementType type = elementType(tensor.dtype());
    return switch (tensor.dtype()) {
      case F32 -> OnnxTensor.of(name, (float[]) array, dims);
      case F64 -> OnnxTensor.of(name, (double[]) array, dims);
      case I64 -> OnnxTensor.of(name, (long[]) array, dims);
      case I32 -> OnnxTensor.of(name, (int[]) array, dims);
      case U8, BOOL -> OnnxTensor.ofBits(name, type, (byte[]) array, dims);
      case F16, BF16 -> OnnxTensor.ofBits(name, type, (short[]) array, dims);
    };
  }

  /// Returns a copy as a tensor of this library.
  ///
  /// @throws OnnxModelException if tensors here have no such elements, or it is too large
  public static Tensor toTensor(OnnxTensor tensor) {
    DType dtype = dtype(tensor.elementType());
    Object array =
        switch (dtype) {
          case F32 -> tensor.toFloats();
          case F64 -> tensor.toDoubles();
          case I64 -> tensor.toLongs();
          case I32 -> tensor.toInts();
          case U8 -> tensor.toBytes();
          case BOOL -> bytes(tensor.toBooleans());
          case F16, BF16 -> tensor.toShorts();
        };
    return Tensor.of(Storage.of(array, dtype), shape(tensor.dims()));
  }

  /// Returns the sizes of a shape as ONNX counts them.
  public static long[] dims(Shape shape) {
    return Arrays.stream(shape.dims()).asLongStream().toArray();
  }

  /// Returns a shape of sizes that ONNX gives.
  ///
  /// @throws OnnxModelException if one does not fit an `int`
  public static Shape shape(long... dims) {
    int[] sizes = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != (int) dims[i]) {
        throw new OnnxModelException("sizes must fit 32 bits, got " + Arrays.toString(dims));
      }
      sizes[i] = (int) dims[i];
    }
    return Shape.of(sizes);
  }

  private static byte[] bytes(boolean[] truths) {
    byte[] bytes = new byte[truths.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (truths[i] ? 1 : 0);
    }
    return bytes;
  }
}
