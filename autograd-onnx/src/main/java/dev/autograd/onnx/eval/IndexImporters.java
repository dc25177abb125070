package dev.autograd.onnx.eval;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.util.Arrays;
import java.util.Map;

/// Operators that take and place elements by index.
final class IndexImporters {
  private IndexImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put("Slice", Importer.of(IndexImporters::slice));
    all.put("Gather", Importer.of(IndexImporters::gather));
    all.put(
        "GatherElements",
        Importer.of(
            c -> {
              int axis = c.attribute("axis", 0);
              return c.in(0).gather(axis, positive(c.in(1), c.in(0).size(axis)));
            }));
    all.put("ScatterElements", Importer.of(IndexImporters::scatterElements));
    all.put("ScatterND", Importer.of(IndexImporters::scatterNd));
    all.put("NonZero", Importer.of(IndexImporters::nonZero));
    all.put("OneHot", Importer.of(IndexImporters::oneHot));
  }

  static Tensor positive(Tensor index, int size) {
    long[] at = index.to(DType.I64).toLongArray();
    for (int i = 0; i < at.length; i++) {
      at[i] = at[i] < 0 ? at[i] + size : at[i];
    }
    return Tensor.of(Storage.of(at, DType.I64), index.shape());
  }

  private static Tensor slice(NodeCall c) {
    Tensor y = c.in(0);
    long[] starts = c.in(1).toLongArray();
    long[] ends = c.in(2).toLongArray();
    for (int i = 0; i < starts.length; i++) {
      int axis = c.has(3) ? y.shape().axis("Slice", (int) c.in(3).toLongArray()[i]) : i;
      long step = c.has(4) ? c.in(4).toLongArray()[i] : 1;
      int n = y.size(axis);
      // Going down, one may end before the first element, and starts at the last at most.
      long low = step > 0 ? 0 : -1;
      long high = step > 0 ? n : n - 1;
      long start = Math.clamp(starts[i] < 0 ? starts[i] + n : starts[i], Math.min(0, high), high);
      long end = Math.clamp(ends[i] < 0 ? ends[i] + n : ends[i], low, high);
      long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
      long[] at = new long[(int) Math.max(0, count)];
      for (int k = 0; k < at.length; k++) {
        at[k] = start + k * step;
      }
      y = y.indexSelect(axis, NodeCall.vector(at));
    }
    return y;
  }

  private static Tensor gather(NodeCall c) {
    Tensor x = c.in(0);
    int axis = x.shape().axis("Gather", c.attribute("axis", 0));
    Tensor index = positive(c.in(1), x.size(axis));
    int[] from = x.shape().dims();
    int[] taken = index.shape().dims();
    int[] to = new int[from.length - 1 + taken.length];
    System.arraycopy(from, 0, to, 0, axis);
    System.arraycopy(taken, 0, to, axis, taken.length);
    System.arraycopy(from, axis + 1, to, axis + taken.length, from.length - axis - 1);
    return x.indexSelect(axis, index.reshape(index.numel())).reshape(to);
  }

  private static boolean adds(NodeCall c) {
    String reduction = c.node().stringOr("reduction", "none");
    return switch (reduction) {
      case "none" -> false;
      case "add" -> true;
      default -> throw c.refuse("reduction '" + reduction + "' is not evaluated");
    };
  }

  private static Tensor scatterElements(NodeCall c) {
    Tensor x = c.in(0);
    int axis = c.attribute("axis", 0);
    Tensor index = positive(c.in(1), x.size(axis));
    return adds(c) ? x.scatterAdd(axis, index, c.in(2)) : x.scatter(axis, index, c.in(2));
  }

  private static Tensor scatterNd(NodeCall c) {
    Tensor x = c.in(0);
    Tensor index = c.in(1);
    int depth = index.size(-1);
    int rows = 1;
    for (int d = 0; d < depth; d++) {
      rows *= x.size(d);
    }
    int inner = 1;
    for (int d = depth; d < x.rank(); d++) {
      inner *= x.size(d);
    }
    long[] coordinates = index.toLongArray();
    int count = 1;
    for (int d = 0; d < index.rank() - 1; d++) {
      count *= index.size(d);
    }
    long[] at = new long[count * inner];
    for (int k = 0; k < count; k++) {
      long row = 0;
      for (int d = 0; d < depth; d++) {
        long coordinate = coordinates[k * depth + d];
        row = row * x.size(d) + (coordinate < 0 ? coordinate + x.size(d) : coordinate);
      }
      Arrays.fill(at, k * inner, (k + 1) * inner, row);
    }
    Tensor flat = x.reshape(rows, inner);
    Tensor where = Tensor.of(at, count, inner);
    Tensor updates = c.in(2).reshape(count, inner);
    Tensor y = adds(c) ? flat.scatterAdd(0, where, updates) : flat.scatter(0, where, updates);
    return y.reshape(x.shape().dims());
  }

  private static Tensor nonZero(NodeCall c) {
    double[] x = c.in(0).to(DType.F64).toDoubleArray();
    int[] dims = c.in(0).shape().dims();
    int count = (int) Arrays.stream(x).filter(v -> v != 0).count();
    long[] at = new long[dims.length * count];
    int k = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] == 0) {
        continue;
      }
      int rest = i;
      for (int d = dims.length - 1; d >= 0; d--) {
        at[d * count + k] = rest % dims[d];
        rest /= dims[d];
      }
      k++;
    }
    return Tensor.of(Storage.of(at, DType.I64), Shape.of(dims.length, count));
  }

  private static Tensor oneHot(NodeCall c) {
    Tensor at = c.in(0).to(DType.I64);
    int depth = (int) c.in(1).reshape().itemLong();
    int axis = c.attribute("axis", -1);
    // Below 0 indices count from the end; those beyond name no class at all.
    Tensor wrapped = at.lt(0).where(at.add(depth), at);
    Tensor hot = wrapped.unsqueeze(-1).eq(Tensor.arange(depth));
    Tensor y = hot.where(c.in(2).select(0, 1), c.in(2).select(0, 0));
    int place = axis < 0 ? axis + y.rank() : axis;
    int[] order = new int[y.rank()];
    for (int d = 0; d < order.length; d++) {
      order[d] = d < place ? d : d == place ? y.rank() - 1 : d - 1;
    }
    return y.permute(order);
  }
}
