package dev.autograd.ops.loss;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.norm.Softmax;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The gradient of [CrossEntropy] by the scores in one pass, for a walk that records nothing.
///
/// Takes g, the scores, the target and class weights if there are any. Where gradients are
/// recorded, [CrossEntropy] writes this as operations instead.
record CrossEntropyGrad(CrossEntropy loss) implements Function {
  private static final int CHUNK = 1 << 14;

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor[] operands = new Tensor[in.length - 1];
    System.arraycopy(in, 1, operands, 0, operands.length);
    Rows rows = Rows.of(loss, operands);
    // Detached: their arrays are asked for on threads that do not know that nothing is recorded.
    Tensor g = in[0].contiguous().detach();
    double total = rows.total();
    boolean lines = rows.inner() == 1;
    Tensor x = in[1].contiguous().detach();
    Tensor dx = lines ? Tensor.empty(x.shape(), x.dtype()) : x.softmax(1);
    Workers.forRange(
        rows.count(),
        Math.max(1, CHUNK / Math.max(1, rows.classes())),
        (from, to) -> {
          if (lines) {
            softmax(x, dx, from, to);
          }
          rows.gradient(g, dx, from, to, total);
        });
    return dx;
  }

  /// Takes the softmax of rows `[from, to)`, which the gradient then finds in the cache.
  private static void softmax(Tensor x, Tensor dx, int from, int to) {
    int n = x.size(1);
    int at = from * n;
    Inflow rows = Inflow.of(x.memory().array(), x.offset() + at);
    if (x.dtype() == DType.F32) {
      Softmax.forward(rows, to - from, n, 1, dx.memory().floats(), at);
    } else {
      Softmax.forward(rows, to - from, n, 1, dx.memory().doubles(), at);
    }
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    throw new IllegalStateException("cross_entropy_grad is never recorded");
  }

  @Override
  public @Nullable Tensor batched(Batch batch, Tensor... in) {
    if (loss.weighted() && batch.has(3)) {
      return null;
    }
    Tensor[] all = ClassIndices.examples(batch, 1, in);
    Tensor each = batch.repeated(in)[0];
    if (loss.reduction() == Reduction.MEAN) {
      each = each.div(loss.totals(batch, Arrays.copyOfRange(all, 1, all.length)));
    }
    int[] positions = ClassIndices.withoutClasses("cross_entropy", all[1].shape()).dims();
    if (loss.reduction() == Reduction.NONE) {
      all[0] = Batch.folded(each, 0);
    } else {
      positions[0] /= batch.size();
      int[] ones = new int[positions.length + 1];
      Arrays.fill(ones, 1);
      ones[0] = batch.size();
      int[] spread = Ints.of(positions).after(batch.size()).toArray();
      all[0] = Batch.folded(each.reshape(ones).expand(spread), 0);
    }
    var op =
        new CrossEntropyGrad(
            new CrossEntropy(
                Reduction.NONE, loss.ignoreIndex(), loss.labelSmoothing(), loss.weighted()));
    return batch.unfolded(op.apply(all), 0);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    Value x = in[1];
    Value t = in[2];
    Value w = loss.weighted() ? in[3] : null;
    Shape shape = x.shape();
    Value p = graph.node("Softmax", Map.of("axis", 1L), x.dtype(), shape, x);
    Value q = loss.shares(graph, x, t, w);
    Value dx = f.sub(f.mul(p, f.sum(q, 1)), q);
    Value each = in[0];
    if (loss.reduction() == Reduction.NONE) {
      each = f.reshape(each, shape.with(1, 1).dims());
    } else if (loss.reduction() == Reduction.MEAN) {
      if (t.dtype() == DType.I64) {
        each = f.div(each, Reduction.SUM.onnx(graph, loss.counted(graph, x, t, w)));
      } else {
        Value positions =
            graph.constant(ClassIndices.withoutClasses("cross_entropy", shape).numel());
        each = f.div(each, f.cast(positions, x.dtype()));
      }
    }
    return f.mul(dx, each);
  }
}
