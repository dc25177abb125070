package dev.autograd.onnx.eval;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Operators that make tensors of attributes and sizes.
final class ConstantImporters {
  private static final OnnxTensor ZERO = OnnxTensor.of("", new float[] {0}, 1);

  private ConstantImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put("Constant", Importer.of(ConstantImporters::constant));
    all.put("ConstantOfShape", Importer.of(ConstantImporters::ofShape));
    all.put("Shape", Importer.of(ConstantImporters::shape));
    all.put("Size", Importer.of(c -> NodeCall.vector(c.in(0).numel()).reshape()));
    all.put("Range", Importer.of(ConstantImporters::range));
    all.put("EyeLike", Importer.of(ConstantImporters::eyeLike));
  }

  private static Tensor constant(NodeCall c) {
    OnnxNode node = c.node();
    if (node.hasAttribute("value_float")) {
      return Tensor.scalar(node.requireFloat("value_float"));
    }
    if (node.hasAttribute("value_floats")) {
      List<Float> values = node.floatsOr("value_floats", List.of());
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values.get(i);
      }
      return Tensor.of(Storage.of(floats, DType.F32), Shape.of(floats.length));
    }
    if (node.hasAttribute("value_int")) {
      return NodeCall.vector(node.requireInt("value_int")).reshape();
    }
    if (node.hasAttribute("value_ints")) {
      return NodeCall.vector(node.requireInts("value_ints"));
    }
    return OnnxTensors.toTensor(node.requireTensor("value"));
  }

  private static Tensor ofShape(NodeCall c) {
    OnnxTensor given = c.node().tensorOrNull("value");
    Tensor value = OnnxTensors.toTensor(given == null ? ZERO : given);
    Shape shape = OnnxTensors.shape(c.in(0).toLongArray());
    return value.reshape().expand(shape.dims()).clone();
  }

  private static Tensor shape(NodeCall c) {
    long[] dims = OnnxTensors.dims(c.in(0).shape());
    int from = place(c.attribute("start", 0), dims.length);
    int to = place(c.attribute("end", dims.length), dims.length);
    return NodeCall.vector(Arrays.copyOfRange(dims, from, Math.max(from, to)));
  }

  private static int place(int limit, int rank) {
    return Math.clamp(limit < 0 ? limit + rank : limit, 0, rank);
  }

  private static Tensor range(NodeCall c) {
    Tensor start = c.in(0);
    Tensor step = c.in(2);
    if (start.dtype().isInteger()) {
      long first = start.itemLong();
      long by = step.itemLong();
      long span = c.in(1).itemLong() - first;
      long count = Math.max(0, Math.ceilDiv(span, by));
      long[] values = new long[Math.toIntExact(count)];
      Arrays.setAll(values, i -> first + i * by);
      return NodeCall.vector(values).to(start.dtype());
    }
    double count = Math.max(0, Math.ceil((c.in(1).item() - start.item()) / step.item()));
    return Tensor.arange((int) count).to(start.dtype()).mul(step).add(start);
  }

  private static Tensor eyeLike(NodeCall c) {
    Shape shape = c.in(0).shape();
    DType dtype =
        c.node().hasAttribute("dtype")
            ? OnnxTensors.dtype(c.node().requireElementType("dtype"))
            : c.in(0).dtype();
    int k = c.attribute("k", 0);
    Tensor rows = Tensor.arange(shape.size(0)).unsqueeze(1);
    return Tensor.arange(shape.size(1)).sub(k).eq(rows).to(dtype);
  }
}
