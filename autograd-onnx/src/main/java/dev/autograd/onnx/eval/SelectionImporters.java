package dev.autograd.onnx.eval;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/// Operators that choose elements by their values or by several coordinates.
final class SelectionImporters {
  private SelectionImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put("TopK", SelectionImporters::topK);
    all.put("GatherND", Importer.of(SelectionImporters::gatherNd));
    all.put("Compress", Importer.of(SelectionImporters::compress));
  }

  private static Tensor[] topK(NodeCall c) {
    Tensor x = c.in(0);
    int axis = x.shape().axis("TopK", c.attribute("axis", -1));
    int k = (int) c.in(1).reshape().itemLong();
    boolean largest = c.flag("largest", true);
    Tensor last = x.transpose(axis, -1).contiguous().clone();
    int n = last.size(-1);
    int rows = n == 0 ? 0 : last.numel() / n;
    long[] chosen = new long[rows * k];
    Storage values = last.memory();
    for (int r = 0; r < rows; r++) {
      int first = r * n;
      // Among equal elements the lower index comes first, whichever end is wanted.
      Comparator<Integer> order =
          values.dtype() == DType.I64
              ? Comparator.comparingLong(i -> values.getLong(first + i))
              : Comparator.comparingDouble(i -> values.getDouble(first + i));
      Integer[] at = new Integer[n];
      Arrays.setAll(at, i -> i);
      Arrays.sort(at, largest ? order.reversed() : order);
      for (int i = 0; i < k; i++) {
        chosen[r * k + i] = at[i];
      }
    }
    Shape shape = last.shape().with(last.rank() - 1, k);
    Tensor index = Tensor.of(Storage.of(chosen, DType.I64), shape);
    return new Tensor[] {last.gather(-1, index).transpose(axis, -1), index.transpose(axis, -1)};
  }

  private static Tensor gatherNd(NodeCall c) {
    Tensor x = c.in(0);
    Tensor index = c.in(1);
    int batch = c.attribute("batch_dims", 0);
    int depth = index.size(-1);
    int[] dims = x.shape().dims();
    int batches = product(dims, 0, batch);
    int rows = product(dims, batch, batch + depth);
    int inner = product(dims, batch + depth, dims.length);
    long[] coordinates = index.toLongArray();
    int count = depth == 0 ? 0 : coordinates.length / depth;
    long[] at = new long[count];
    for (int i = 0; i < count; i++) {
      long row = 0;
      for (int d = 0; d < depth; d++) {
        int size = dims[batch + d];
        long coordinate = coordinates[i * depth + d];
        row = row * size + (coordinate < 0 ? coordinate + size : coordinate);
      }
      at[i] = row + (long) rows * (i / (count / batches));
    }
    Tensor taken = x.reshape(batches * rows, inner).indexSelect(0, NodeCall.vector(at));
    int[] outer = Arrays.copyOf(index.shape().dims(), index.rank() - 1);
    int[] to = Arrays.copyOf(outer, outer.length + dims.length - batch - depth);
    System.arraycopy(dims, batch + depth, to, outer.length, dims.length - batch - depth);
    return taken.reshape(to);
  }

  private static int product(int[] dims, int from, int to) {
    int product = 1;
    for (int d = from; d < to; d++) {
      product *= dims[d];
    }
    return product;
  }

  private static Tensor compress(NodeCall c) {
    boolean all = !c.node().hasAttribute("axis");
    Tensor x = all ? c.in(0).flatten() : c.in(0);
    long[] keep = c.in(1).to(DType.I64).toLongArray();
    long[] at = new long[keep.length];
    int count = 0;
    for (int i = 0; i < keep.length; i++) {
      if (keep[i] != 0) {
        at[count++] = i;
      }
    }
    int axis = all ? 0 : (int) c.node().requireInt("axis");
    return x.indexSelect(axis, NodeCall.vector(Arrays.copyOf(at, count)));
  }
}
