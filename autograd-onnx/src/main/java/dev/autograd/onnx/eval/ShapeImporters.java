package dev.autograd.onnx.eval;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Operators that rearrange elements.
final class ShapeImporters {
  private ShapeImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put("Reshape", Importer.of(ShapeImporters::reshape));
    all.put("Flatten", Importer.of(ShapeImporters::flatten));
    all.put("Transpose", Importer.of(ShapeImporters::transpose));
    all.put("Squeeze", Importer.of(c -> c.in(0).squeeze(c.ints(1, "axes"))));
    all.put("Unsqueeze", Importer.of(ShapeImporters::unsqueeze));
    all.put(
        "Expand",
        Importer.of(
            c -> {
              Shape wanted = OnnxTensors.shape(c.in(1).toLongArray());
              Shape to = Shape.broadcast("Expand", c.in(0).shape(), wanted);
              return c.in(0).expand(to.dims());
            }));
    all.put("Tile", Importer.of(c -> c.in(0).repeat(NodeCall.narrow(c.in(1).toLongArray()))));
    all.put(
        "Concat",
        Importer.of(
            c -> {
              List<Tensor> parts = new ArrayList<>();
              for (int i = 0; i < c.inputs().size(); i++) {
                parts.add(c.in(i));
              }
              return Tensor.cat(parts, (int) c.node().requireInt("axis"));
            }));
    all.put("Split", ShapeImporters::split);
    all.put(
        "Trilu",
        Importer.of(
            c -> {
              int k = c.has(1) ? (int) c.in(1).itemLong() : 0;
              return c.flag("upper", true) ? c.in(0).triu(k) : c.in(0).tril(k);
            }));
    all.put("DepthToSpace", Importer.of(ShapeImporters::depthToSpace));
    all.put("SpaceToDepth", Importer.of(ShapeImporters::spaceToDepth));
  }

  private static Tensor reshape(NodeCall c) {
    Tensor x = c.in(0);
    int[] sizes = NodeCall.narrow(c.in(1).toLongArray());
    if (!c.flag("allowzero", false)) {
      for (int d = 0; d < sizes.length; d++) {
        sizes[d] = sizes[d] == 0 ? x.size(d) : sizes[d];
      }
    }
    return x.reshape(sizes);
  }

  private static Tensor flatten(NodeCall c) {
    Tensor x = c.in(0);
    int axis = c.attribute("axis", 1);
    int rows = 1;
    for (int d = 0; d < (axis < 0 ? axis + x.rank() : axis); d++) {
      rows *= x.size(d);
    }
    return x.reshape(rows, rows == 0 ? 0 : x.numel() / rows);
  }

  private static Tensor transpose(NodeCall c) {
    int rank = c.in(0).rank();
    long[] reversed = new long[rank];
    for (int d = 0; d < rank; d++) {
      reversed[d] = rank - 1L - d;
    }
    return c.in(0).permute(c.intAttribute("perm", reversed));
  }

  private static Tensor unsqueeze(NodeCall c) {
    int[] axes = c.ints(1, "axes");
    Tensor y = c.in(0);
    int rank = y.rank() + axes.length;
    int[] places = Arrays.stream(axes).map(a -> a < 0 ? a + rank : a).sorted().toArray();
    for (int place : places) {
      y = y.unsqueeze(place);
    }
    return y;
  }

  private static Tensor[] split(NodeCall c) {
    int axis = c.attribute("axis", 0);
    int[] sizes = c.ints(1, "split");
    if (sizes.length == 0) {
      int count = c.node().outputs().size();
      int whole = c.in(0).size(axis);
      int each = (whole + count - 1) / count;
      sizes = new int[count];
      for (int i = 0; i < count; i++) {
        sizes[i] = Math.max(0, Math.min(each, whole - i * each));
      }
    }
    return c.in(0).split(sizes, axis).toArray(Tensor[]::new);
  }

  private static Tensor depthToSpace(NodeCall c) {
    Tensor x = c.in(0);
    int b = (int) c.node().requireInt("blocksize");
    int n = x.size(0);
    int rest = x.size(1) / (b * b);
    int h = x.size(2);
    int w = x.size(3);
    boolean columnsFirst = c.node().stringOr("mode", "DCR").equals("CRD");
    Tensor blocks =
        columnsFirst
            ? x.reshape(n, rest, b, b, h, w).permute(0, 1, 4, 2, 5, 3)
            : x.reshape(n, b, b, rest, h, w).permute(0, 3, 4, 1, 5, 2);
    return blocks.reshape(n, rest, h * b, w * b);
  }

  private static Tensor spaceToDepth(NodeCall c) {
    Tensor x = c.in(0);
    int b = (int) c.node().requireInt("blocksize");
    int n = x.size(0);
    int h = x.size(2) / b;
    int w = x.size(3) / b;
    return x.reshape(n, x.size(1), h, b, w, b)
        .permute(0, 3, 5, 1, 2, 4)
        .reshape(n, x.size(1) * b * b, h, w);
  }
}
