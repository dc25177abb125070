package dev.autograd.onnx.eval;

import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.ops.conv.AvgPool2d;
import dev.autograd.ops.conv.Conv2d;
import dev.autograd.ops.conv.ConvGeometry;
import dev.autograd.ops.conv.ConvTranspose2d;
import dev.autograd.ops.conv.Extent;
import dev.autograd.ops.conv.MaxPool2d;
import dev.autograd.ops.conv.Padding;
import dev.autograd.ops.conv.PoolGeometry;
import dev.autograd.ops.shape.Pad;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/// Convolutions and pools over one or two dimensions; one is taken as an image of one row.
final class WindowImporters {
  private WindowImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put("Conv", Importer.of(WindowImporters::conv));
    all.put("ConvTranspose", Importer.of(WindowImporters::convTranspose));
    all.put("MaxPool", WindowImporters::maxPool);
    all.put("AveragePool", Importer.of(WindowImporters::averagePool));
    all.put("GlobalAveragePool", Importer.of(c -> c.in(0).mean(inner(c.in(0)), true)));
    all.put("GlobalMaxPool", Importer.of(c -> c.in(0).amax(inner(c.in(0)), true)));
  }

  private static int[] inner(Tensor x) {
    return IntStream.range(2, x.rank()).toArray();
  }

  /// How a node's window moves, in two dimensions.
  private record Window(
      boolean line, int[] kernel, int[] strides, int[] dilations, Padding padding) {

    Tensor image(Tensor x) {
      return line ? x.unsqueeze(2) : x;
    }

    Tensor result(Tensor y) {
      return line ? y.squeeze(2) : y;
    }

    Extent stride() {
      return new Extent(strides[0], strides[1]);
    }

    Extent dilation() {
      return new Extent(dilations[0], dilations[1]);
    }
  }

  private static Window window(NodeCall c, int[] kernel) {
    int spatial = c.in(0).rank() - 2;
    if (spatial < 1 || spatial > 2) {
      throw c.refuse(
          "only windows over one or two dimensions are evaluated, got " + c.in(0).shape());
    }
    boolean line = spatial == 1;
    int[] size = images(line, kernel, 1);
    int[] strides = images(line, c.intAttribute("strides", ones(spatial)), 1);
    int[] dilations = images(line, c.intAttribute("dilations", ones(spatial)), 1);
    int[] input = images(line, Arrays.copyOfRange(c.in(0).shape().dims(), 2, spatial + 2), 1);
    String auto = c.node().stringOr("auto_pad", "NOTSET");
    Padding padding =
        switch (auto) {
          case "NOTSET" -> {
            int[] pads = c.intAttribute("pads", new long[2 * spatial]);
            yield line
                ? new Padding(0, pads[0], 0, pads[1])
                : new Padding(pads[0], pads[1], pads[2], pads[3]);
          }
          case "VALID" -> Padding.NONE;
          case "SAME_UPPER" -> same(input, size, strides, dilations, false);
          case "SAME_LOWER" -> same(input, size, strides, dilations, true);
          default -> throw c.refuse("auto_pad '" + auto + "' is not evaluated");
        };
    return new Window(line, size, strides, dilations, padding);
  }

  // As many results as strides fit into the input; what does not divide by two goes to one end.
  private static Padding same(
      int[] input, int[] kernel, int[] strides, int[] dilations, boolean lower) {
    int[] before = new int[2];
    int[] after = new int[2];
    for (int d = 0; d < 2; d++) {
      int results = Math.ceilDiv(input[d], strides[d]);
      int reach = dilations[d] * (kernel[d] - 1) + 1;
      int total = Math.max(0, (results - 1) * strides[d] + reach - input[d]);
      before[d] = lower ? Math.ceilDiv(total, 2) : total / 2;
      after[d] = total - before[d];
    }
    return new Padding(before[0], before[1], after[0], after[1]);
  }

  private static long[] ones(int n) {
    long[] ones = new long[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static int[] images(boolean line, int[] sizes, int row) {
    return line ? new int[] {row, sizes[0]} : sizes;
  }

  private static int[] kernelOf(Tensor weight) {
    return Arrays.copyOfRange(weight.shape().dims(), 2, weight.rank());
  }

  private static Tensor conv(NodeCall c) {
    Window w = window(c, kernelOf(c.in(1)));
    ConvGeometry geometry =
        new ConvGeometry(w.stride(), w.padding(), w.dilation(), c.attribute("group", 1));
    return w.result(Conv2d.conv2d(w.image(c.in(0)), w.image(c.in(1)), c.orNull(2), geometry));
  }

  private static Tensor convTranspose(NodeCall c) {
    if (c.node().hasAttribute("output_shape")
        || !c.node().stringOr("auto_pad", "NOTSET").equals("NOTSET")) {
      throw c.refuse("output_shape and auto_pad are not evaluated, give pads");
    }
    Window w = window(c, kernelOf(c.in(1)));
    ConvGeometry geometry =
        new ConvGeometry(w.stride(), w.padding(), w.dilation(), c.attribute("group", 1));
    int[] extra =
        images(w.line(), c.intAttribute("output_padding", new long[c.in(0).rank() - 2]), 0);
    return w.result(
        ConvTranspose2d.convTranspose2d(
            w.image(c.in(0)),
            w.image(c.in(1)),
            c.orNull(2),
            geometry,
            new Extent(extra[0], extra[1])));
  }

  private static PoolGeometry pool(NodeCall c, Window w, Padding padding) {
    return new PoolGeometry(
        new Extent(w.kernel()[0], w.kernel()[1]),
        w.stride(),
        padding,
        w.dilation(),
        c.flag("ceil_mode", false));
  }

  // ONNX pads as far as the window reaches, this library's pools half as far.
  private static boolean wide(Window w) {
    int h = (w.dilations()[0] * (w.kernel()[0] - 1) + 1) / 2;
    int v = (w.dilations()[1] * (w.kernel()[1] - 1) + 1) / 2;
    Padding p = w.padding();
    return Math.max(p.top(), p.bottom()) > h || Math.max(p.left(), p.right()) > v;
  }

  private static Tensor padded(Tensor x, Padding p, double value) {
    return Pad.pad(x, new int[] {p.left(), p.right(), p.top(), p.bottom()}, value);
  }

  private static Tensor[] maxPool(NodeCall c) {
    Window w = window(c, c.intAttribute("kernel_shape"));
    boolean integer = !c.in(0).dtype().isFloating();
    Tensor x = w.image(integer ? c.in(0).to(DType.F64) : c.in(0));
    if (!c.node().hasOutput(1)) {
      Tensor y =
          wide(w)
              ? MaxPool2d.maxPool2d(
                  padded(x, w.padding(), Double.NEGATIVE_INFINITY), pool(c, w, Padding.NONE))
              : MaxPool2d.maxPool2d(x, pool(c, w, w.padding()));
      return new Tensor[] {w.result(y).to(c.in(0).dtype())};
    }
    c.require("storage_order", 0);
    if (wide(w)) {
      throw c.refuse("indices with padding of more than half a window are not evaluated");
    }
    var both = MaxPool2d.maxPool2dWithIndices(x, pool(c, w, w.padding()));
    // ONNX counts over the whole input, this library within a plane.
    int[] dims = x.shape().dims();
    long[] firsts = new long[dims[0] * dims[1]];
    Arrays.setAll(firsts, i -> (long) i * dims[2] * dims[3]);
    Tensor planes = NodeCall.vector(firsts).reshape(dims[0], dims[1], 1, 1);
    return new Tensor[] {
      w.result(both.values()).to(c.in(0).dtype()), w.result(both.indices().add(planes))
    };
  }

  private static Tensor averagePool(NodeCall c) {
    Window w = window(c, c.intAttribute("kernel_shape"));
    boolean counted = c.flag("count_include_pad", false);
    Tensor x = w.image(c.in(0));
    if (!wide(w)) {
      return w.result(AvgPool2d.avgPool2d(x, pool(c, w, w.padding()), counted, 0));
    }
    PoolGeometry plain = pool(c, w, Padding.NONE);
    Tensor sums = AvgPool2d.avgPool2d(padded(x, w.padding(), 0), plain, true, 0);
    if (counted) {
      return w.result(sums);
    }
    Tensor ones = Tensor.ones(x.shape(), x.dtype());
    Tensor shares = AvgPool2d.avgPool2d(padded(ones, w.padding(), 0), plain, true, 0);
    return w.result(sums.div(shares));
  }
}
