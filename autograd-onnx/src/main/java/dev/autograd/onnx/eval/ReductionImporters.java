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
    reduce(all, "ReduceMax", Tensor::amax);
    reduce(all, "ReduceMin", Tensor::amin);
    reduce(all, "ReduceProd", Prod::prod);
    reduce(all, "ReduceL1", (x, axes, keep) -> x.abs().sum(axes, keep));
    reduce(all, "ReduceL2", (x, axes, keep) -> x.square().sum(axes, keep).sqrt());
    reduce(all, "ReduceSumSquare", (x, axes, keep) -> x.square().sum(axes, keep));
    reduce(all, "ReduceLogSumExp", (x, axes, keep) -> Tensor.operations().logsumexp(x, axes, keep));
    all.put("ArgMax", Importer.of(c -> position(c, true)));
    all.put("ArgMin", Importer.of(c -> position(c, false)));
    all.put(
        "CumSum",
        Importer.of(
            c -> {
              c.require("exclusive", 0);
              boolean reverse = c.flag("reverse", false);
              return new Cumsum((int) c.in(1).itemLong(), reverse).apply(c.in(0));
            }));
  }

  private static Tensor position(NodeCall c, boolean greatest) {
    c.require("select_last_index", 0);
    int axis = c.attribute("axis", 0);
    boolean keep = c.flag("keepdims", true);
    return greatest
        ? Tensor.operations().argmax(c.in(0), axis, keep)
        : Tensor.operations().argmin(c.in(0), axis, keep);
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
              return f.apply(c.in(0), axes, c.flag("keepdims", true));
            }));
  }
}
