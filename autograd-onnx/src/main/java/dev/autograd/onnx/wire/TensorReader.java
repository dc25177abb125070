package dev.autograd.onnx.wire;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.proto.TensorProto;
import java.util.List;

/// Reads tensors from their several forms: raw bytes, typed lists, files beside the model.
final class TensorReader {
  private final ExternalData external;

  TensorReader(ExternalData external) {
    this.external = external;
  }

  OnnxTensor read(TensorProto proto) {
    String name = proto.getName();
    ElementType type = ProtoReader.elementType(proto.getDataType(), "tensor '" + name + "'");
    long[] dims = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    if (proto.hasSegment()) {
      throw new UnsupportedPartException("tensor '" + name + "' is stored in segments");
    }
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      var entries = ProtoReader.entries(proto.getExternalDataList());
      return OnnxTensor.ofRaw(
          name, type, dims, external.read(name, entries, OnnxTensor.rawBytes(name, type, dims)));
    }
    return proto.hasRawData() ? raw(proto, name, type, dims) : listed(proto, name, type, dims);
  }

  private static OnnxTensor raw(TensorProto proto, String name, ElementType type, long[] dims) {
    int listed =
        proto.getFloatDataCount()
            + proto.getInt32DataCount()
            + proto.getInt64DataCount()
            + proto.getDoubleDataCount()
            + proto.getUint64DataCount()
            + proto.getStringDataCount();
    if (listed > 0) {
      throw new OnnxModelException("tensor '" + name + "' has its elements both raw and listed");
    }
    return OnnxTensor.ofRaw(name, type, dims, proto.getRawData().asReadOnlyByteBuffer());
  }

  private static OnnxTensor listed(TensorProto proto, String name, ElementType type, long[] dims) {
    return switch (type) {
      case FLOAT -> OnnxTensor.of(name, floats(proto), dims);
      case COMPLEX64 -> OnnxTensor.ofComplex(name, floats(proto), dims);
      case DOUBLE -> OnnxTensor.of(name, doubles(proto), dims);
      case COMPLEX128 -> OnnxTensor.ofComplex(name, doubles(proto), dims);
      case INT64 -> OnnxTensor.of(name, longs(proto.getInt64DataList()), dims);
      case UINT64 -> OnnxTensor.ofBits(name, type, longs(proto.getUint64DataList()), dims);
      case UINT32 -> OnnxTensor.ofBits(name, type, uint32(proto, name), dims);
      case INT32 ->
          OnnxTensor.of(
              name, proto.getInt32DataList().stream().mapToInt(Integer::intValue).toArray(), dims);
      case INT16, UINT16, FLOAT16, BFLOAT16 ->
          OnnxTensor.ofBits(name, type, shorts(proto, name), dims);
      case BOOL,
          INT8,
          UINT8,
          INT4,
          UINT4,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ ->
          OnnxTensor.ofBits(name, type, bytes(proto, name), dims);
      case STRING ->
          OnnxTensor.of(
              name,
              proto.getStringDataList().stream()
                  .map(bytes -> ProtoReader.utf8(bytes, "tensor '" + name + "'"))
                  .toArray(String[]::new),
              dims);
    };
  }

  private static float[] floats(TensorProto proto) {
    float[] values = new float[proto.getFloatDataCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = proto.getFloatData(i);
    }
    return values;
  }

  private static double[] doubles(TensorProto proto) {
    return proto.getDoubleDataList().stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static long[] longs(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }

  private static int[] uint32(TensorProto proto, String name) {
    int[] values = new int[proto.getUint64DataCount()];
    for (int i = 0; i < values.length; i++) {
      long value = proto.getUint64Data(i);
      if (value >>> 32 != 0) {
        throw outOfRange(name, value);
      }
      values[i] = (int) value;
    }
    return values;
  }

  // Narrow elements stand in int32 lists, sign- or zero-extended: writers differ.
  private static short[] shorts(TensorProto proto, String name) {
    short[] values = new short[proto.getInt32DataCount()];
    for (int i = 0; i < values.length; i++) {
      int value = proto.getInt32Data(i);
      if (value < Short.MIN_VALUE || value > 0xffff) {
        throw outOfRange(name, value);
      }
      values[i] = (short) value;
    }
    return values;
  }

  private static byte[] bytes(TensorProto proto, String name) {
    byte[] values = new byte[proto.getInt32DataCount()];
    for (int i = 0; i < values.length; i++) {
      int value = proto.getInt32Data(i);
      if (value < Byte.MIN_VALUE || value > 0xff) {
        throw outOfRange(name, value);
      }
      values[i] = (byte) value;
    }
    return values;
  }

  private static OnnxModelException outOfRange(String name, long value) {
    return new OnnxModelException(
        "tensor '" + name + "': element " + value + " does not fit its type");
  }
}
