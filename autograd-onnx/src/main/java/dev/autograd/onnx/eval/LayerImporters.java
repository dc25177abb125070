package dev.autograd.onnx.eval;

import dev.autograd.Tensor;
import dev.autograd.ops.linalg.Det;
import dev.autograd.ops.normalization.BatchNorm;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/// Products and normalizations.
final class LayerImporters {
  private LayerImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put("MatMul", Importer.of(c -> c.in(0).matmul(c.in(1))));
    all.put("Det", Importer.of(c -> Det.det(c.in(0))));
    all.put("Gemm", Importer.of(LayerImporters::gemm));
    all.put("Softmax", Importer.of(c -> c.in(0).softmax(c.attribute("axis", -1))));
    all.put("LogSoftmax", Importer.of(c -> c.in(0).logSoftmax(c.attribute("axis", -1))));
    all.put("BatchNormalization", Importer.of(LayerImporters::batchNorm));
    all.put("LayerNormalization", LayerImporters::layerNorm);
    all.put("InstanceNormalization", Importer.of(LayerImporters::instanceNorm));
    all.put("MeanVarianceNormalization", Importer.of(LayerImporters::meanVariance));
  }

  private static Tensor gemm(NodeCall c) {
    Tensor a = c.flag("transA", false) ? c.in(0).t() : c.in(0);
    Tensor b = c.flag("transB", false) ? c.in(1).t() : c.in(1);
    Tensor y = a.matmul(b).mul(c.node().floatOr("alpha", 1));
    return c.has(2) ? y.add(c.in(2).mul(c.node().floatOr("beta", 1))) : y;
  }

  private static Tensor batchNorm(NodeCall c) {
    c.require("training_mode", 0);
    return BatchNorm.batchNorm(
        c.in(0), c.in(3), c.in(4), c.in(1), c.in(2), false, 0, c.node().floatOr("epsilon", 1e-5f));
  }

  private static Tensor[] layerNorm(NodeCall c) {
    Tensor x = c.in(0);
    int axis = x.shape().axis("LayerNormalization", c.attribute("axis", -1));
    int[] axes = new int[x.rank() - axis];
    Arrays.setAll(axes, i -> axis + i);
    Tensor mean = x.mean(axes, true);
    Tensor centred = x.sub(mean);
    Tensor scale =
        centred.square().mean(axes, true).add(c.node().floatOr("epsilon", 1e-5f)).rsqrt();
    Tensor y = centred.mul(scale).mul(c.in(1));
    return new Tensor[] {c.has(2) ? y.add(c.in(2)) : y, mean, scale};
  }

  private static Tensor instanceNorm(NodeCall c) {
    Tensor x = c.in(0);
    int[] axes = IntStream.range(2, x.rank()).toArray();
    int[] perChannel = new int[x.rank()];
    Arrays.fill(perChannel, 1);
    perChannel[1] = x.size(1);
    return normalized(x, axes, c.node().floatOr("epsilon", 1e-5f))
        .mul(c.in(1).reshape(perChannel))
        .add(c.in(2).reshape(perChannel));
  }

  private static Tensor meanVariance(NodeCall c) {
    return normalized(c.in(0), c.intAttribute("axes", 0, 2, 3), 1e-9);
  }

  private static Tensor normalized(Tensor x, int[] axes, double epsilon) {
    Tensor centred = x.sub(x.mean(axes, true));
    return centred.mul(centred.square().mean(axes, true).add(epsilon).rsqrt());
  }
}
