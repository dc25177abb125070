package dev.autograd.onnx.forms;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Runs models in ONNX Runtime, which shares no code with us.
public final class Oracle implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /// Opens a model; declared shapes must be those that ONNX Runtime infers.
  public Oracle(byte[] model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addConfigEntry("session.strict_shape_type_inference", "1");
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model, options);
    }
  }

  /// Runs the model and returns its outputs by name, in order.
  public Map<String, Tensor> run(Map<String, Tensor> inputs) throws OrtException {
    Map<String, OnnxTensorLike> given = new LinkedHashMap<>();
    try {
      for (var input : inputs.entrySet()) {
        given.put(input.getKey(), tensor(input.getValue()));
      }
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(given)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), tensor((OnnxTensor) output.getValue()));
        }
      }
      return outputs;
    } finally {
      given.values().forEach(OnnxTensorLike::close);
    }
  }

  private OnnxTensor tensor(Tensor t) throws OrtException {
    long[] shape = Arrays.stream(t.shape().dims()).asLongStream().toArray();
    Object array = t.toArray();
    return switch (t.dtype()) {
      case F32 -> OnnxTensor.createTensor(environment, FloatBuffer.wrap((float[]) array), shape);
      case F64 -> OnnxTensor.createTensor(environment, DoubleBuffer.wrap((double[]) array), shape);
      case I64 -> OnnxTensor.createTensor(environment, LongBuffer.wrap((long[]) array), shape);
      case I32 -> OnnxTensor.createTensor(environment, IntBuffer.wrap((int[]) array), shape);
      case BOOL -> OnnxTensor.createTensor(environment, direct(array), shape, OnnxJavaType.BOOL);
      case U8 -> OnnxTensor.createTensor(environment, direct(array), shape, OnnxJavaType.UINT8);
      case F16, BF16 -> throw new AssertionError(t.dtype() + " is not computed in");
    };
  }

  private static ByteBuffer direct(Object array) {
    byte[] bytes = (byte[]) array;
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    return buffer.put(bytes).flip();
  }

  private static Tensor tensor(OnnxTensor t) {
    Shape shape =
        Shape.of(Arrays.stream(t.getInfo().getShape()).mapToInt(Math::toIntExact).toArray());
    int n = shape.numel();
    return switch (t.getInfo().type) {
      case FLOAT -> {
        float[] values = new float[n];
        t.getFloatBuffer().get(values);
        yield Tensor.of(Storage.of(values, DType.F32), shape);
      }
      case DOUBLE -> {
        double[] values = new double[n];
        t.getDoubleBuffer().get(values);
        yield Tensor.of(Storage.of(values, DType.F64), shape);
      }
      case INT64 -> {
        long[] values = new long[n];
        t.getLongBuffer().get(values);
        yield Tensor.of(Storage.of(values, DType.I64), shape);
      }
      case INT32 -> {
        int[] values = new int[n];
        t.getIntBuffer().get(values);
        yield Tensor.of(Storage.of(values, DType.I32), shape);
      }
      case BOOL -> Tensor.of(Storage.of(bytes(t, n), DType.BOOL), shape);
      case UINT8 -> Tensor.of(Storage.of(bytes(t, n), DType.U8), shape);
      default -> throw new AssertionError("no tensors of " + t.getInfo().type);
    };
  }

  private static byte[] bytes(OnnxTensor t, int n) {
    byte[] values = new byte[n];
    t.getByteBuffer().get(values);
    return values;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
