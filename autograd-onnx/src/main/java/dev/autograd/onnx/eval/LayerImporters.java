package dev.autograd.onnx.eval;

import dev.autograd.Tensor;
import dev.autograd.ops.conv.AvgPool2d;
import dev.autograd.ops.conv.Conv2d;
import dev.autograd.ops.conv.ConvGeometry;
import dev.autograd.ops.conv.ConvTranspose2d;
import dev.autograd.ops.conv.Extent;
import dev.autograd.ops.conv.MaxPool2d;
import dev.autograd.ops.conv.Padding;
import dev.autograd.ops.conv.PoolGeometry;
import dev.autograd.ops.normalization.BatchNorm;
import java.util.Arrays;
import java.util.Map;

/// Products, convolutions, pools and normalizations.
final class LayerImporters {
  private LayerImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put("MatMul", Importer.of(c -> c.in(0).matmul(c.in(1))));
    all.put("Gemm", Importer.of(LayerImporters::gemm));
    all.put(
        "Conv",
        Importer.of(
            c -> Conv2d.conv2d(c.in(0), c.in(1), c.orNull(2), geometry(c))));
    all.put("ConvTranspose", Importer.of(LayerImporters::convTranspose));
    all.put("MaxPool", LayerImporters::maxPool);
    all.put(
        "AveragePool",
        Importer.of(
            c -> AvgPool2d.avgPool2d(c.in(0), pool(c), c.flag("count_include_pad", false), 0)));
    all.put("GlobalAveragePool", Importer.of(c -> c.in(0).mean(new int[] {2, 3}, true)));
    all.put("Softmax", Importer.of(c -> c.in(0).softmax(c.attribute("axis", -1))));
    all.put("LogSoftmax", Importer.of(c -> c.in(0).logSoftmax(c.attribute("axis", -1))));
    all.put("BatchNormalization", Importer.of(LayerImporters::batchNorm));
    all.put("LayerNormalization", LayerImporters::layerNorm);
  }

  private static Tensor gemm(NodeCall c) {
    Tensor a = c.flag("transA", false) ? c.in(0).t() : c.in(0);
    Tensor b = c.flag("transB", false) ? c.in(1).t() : c.in(1);
    Tensor y = a.matmul(b).mul(c.node().floatOr("alpha", 1));
    return c.has(2) ? y.add(c.in(2).mul(c.node().floatOr("beta", 1))) : y;
  }

  private static Extent extent(NodeCall c, String attribute, long... otherwise) {
    int[] sizes = c.intAttribute(attribute, otherwise);
    return new Extent(sizes[0], sizes[1]);
  }

  private static Padding padding(NodeCall c) {
    if (!c.node().stringOr("auto_pad", "NOTSET").equals("NOTSET")) {
      throw c.refuse("auto_pad is not evaluated, give pads");
    }
    int[] pads = c.intAttribute("pads", 0, 0, 0, 0);
    return new Padding(pads[0], pads[1], pads[2], pads[3]);
  }

  private static void requireImages(NodeCall c) {
    if (c.in(0).rank() != 4) {
      throw c.refuse("only inputs [N, C, H, W] are evaluated, got " + c.in(0).shape());
    }
  }

  private static ConvGeometry geometry(NodeCall c) {
    requireImages(c);
    return new ConvGeometry(
        extent(c, "strides", 1, 1), padding(c), extent(c, "dilations", 1, 1), c.attribute("group", 1));
  }

  private static PoolGeometry pool(NodeCall c) {
    requireImages(c);
    return new PoolGeometry(
        extent(c, "kernel_shape"),
        extent(c, "strides", 1, 1),
        padding(c),
        extent(c, "dilations", 1, 1),
        c.flag("ceil_mode", false));
  }

  private static Tensor convTranspose(NodeCall c) {
    if (c.node().hasAttribute("output_shape")) {
      throw c.refuse("output_shape is not evaluated, give pads");
    }
    return ConvTranspose2d.convTranspose2d(
        c.in(0), c.in(1), c.orNull(2), geometry(c), extent(c, "output_padding", 0, 0));
  }

  private static Tensor[] maxPool(NodeCall c) {
    PoolGeometry geometry = pool(c);
    if (!c.node().hasOutput(1)) {
      return new Tensor[] {MaxPool2d.maxPool2d(c.in(0), geometry)};
    }
    c.require("storage_order", 0);
    var both = MaxPool2d.maxPool2dWithIndices(c.in(0), geometry);
    // ONNX counts over the whole input, this library within a plane.
    int[] dims = c.in(0).shape().dims();
    long[] firsts = new long[dims[0] * dims[1]];
    Arrays.setAll(firsts, i -> (long) i * dims[2] * dims[3]);
    Tensor planes = Tensor.of(firsts, dims[0], dims[1], 1, 1);
    return new Tensor[] {both.values(), both.indices().add(planes)};
  }

  private static Tensor batchNorm(NodeCall c) {
    c.require("training_mode", 0);
    return BatchNorm.batchNorm(
        c.in(0),
        c.in(3),
        c.in(4),
        c.in(1),
        c.in(2),
        false,
        0,
        c.node().floatOr("epsilon", 1e-5f));
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
}
