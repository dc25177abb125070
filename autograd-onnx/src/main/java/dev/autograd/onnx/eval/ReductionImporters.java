package dev.autograd.onnx.eval;

import dev.autograd.Tensor;
import dev.autograd.ops.reduction.Cumsum;
import dev.autograd.ops.reduction.Prod;
import java.util.Map;

/// Operators that combine the elements along dimensions.
final class ReductionImporters {
  private ReductionImporters() {}

  private interface Reduction {
    Tensor apply(Tensor x, int[] axes, boolean keep);
  }

  static void addTo(Map<String, Importer> all) {
    reduce(all, "ReduceSum", Tensor::sum);
    reduce(all, "ReduceMean", Tensor::mean);
    reduce(all, "ReduceMax", (x, axes, keep) -> extreme(x, axes, keep, true));
    reduce(all, "ReduceMin", (x, axes, keep) -> extreme(x, axes, keep, false));
    reduce(all, "ReduceProd", Prod::prod);
    reduce(all, "ReduceL1", (x, axes, keep) -> x.abs().sum(axes, keep));
    reduce(all, "ReduceL2", (x, axes, keep) -> x.square().sum(axes, keep).sqrt());
    reduce(all, "ReduceSumSquare", (x, axes, keep) -> x.square().sum(axes, keep));
    reduce(all, "ReduceLogSum", (x, axes, keep) -> x.sum(axes, keep).log());
    reduce(all, "ReduceLogSumExp", (x, axes, keep) -> Tensor.operations().logsumexp(x, axes, keep));
    all.put("ArgMax", Importer.of(c -> position(c, true)));
    all.put("ArgMin", Importer.of(c -> position(c, false)));
    all.put(
        "CumSum",
        Importer.of(
            c -> {
              boolean reverse = c.flag("reverse", false);
              Tensor sums = new Cumsum((int) c.in(1).itemLong(), reverse).apply(c.in(0));
              Tensor y = c.flag("exclusive", false) ? sums.sub(c.in(0)) : sums;
              return y.to(c.in(0).dtype());
            }));
  }

  private static Tensor position(NodeCall c, boolean greatest) {
    int axis = c.attribute("axis", 0);
    boolean keep = c.flag("keepdims", true);
    boolean last = c.flag("select_last_index", false);
    // The first of equal ones is found: seen from the other end, that is the last.
    Tensor x = last ? c.in(0).flip(axis) : c.in(0);
    Tensor at =
        greatest
            ? Tensor.operations().argmax(x, axis, keep)
            : Tensor.operations().argmin(x, axis, keep);
    return last ? at.rsub(x.size(axis) - 1) : at;
  }

  private static void reduce(Map<String, Importer> all, String opType, Reduction f) {
    all.put(
        opType,
        Importer.of(
            c -> {
              int[] axes = c.ints(1, "axes");
              if (axes.length == 0 && c.flag("noop_with_empty_axes", false)) {
                return c.in(0);
              }
              Tensor y = f.apply(c.in(0), axes, c.flag("keepdims", true));
              // This library sums integers in i64.
              return y.to(c.in(0).dtype());
            }));
  }

  // The maximum of nothing is the least value of its type, the minimum the greatest.
  private static Tensor extreme(Tensor x, int[] axes, boolean keep, boolean greatest) {
    if (x.numel() > 0) {
      return greatest ? x.amax(axes, keep) : x.amin(axes, keep);
    }
    Tensor empty = x.sum(axes, keep);
    double least =
        switch (x.dtype()) {
          case F16, BF16, F32, F64 -> Double.NEGATIVE_INFINITY;
          case I64 -> Long.MIN_VALUE;
          case I32 -> Integer.MIN_VALUE;
          case U8, BOOL -> 0;
        };
    double most =
        switch (x.dtype()) {
          case F16, BF16, F32, F64 -> Double.POSITIVE_INFINITY;
          case I64 -> Long.MAX_VALUE;
          case I32 -> Integer.MAX_VALUE;
          case U8 -> 255;
          case BOOL -> 1;
        };
    return Tensor.full(empty.shape(), greatest ? least : most, x.dtype());
  }
}
