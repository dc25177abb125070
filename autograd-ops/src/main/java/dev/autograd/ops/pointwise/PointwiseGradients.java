package dev.autograd.ops.pointwise;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The gradients of a formula with respect to several inputs, in one pass over the memory: what
/// backward uses while its own steps are not recorded.
///
/// - **Formula** `dxᵢ = g · ∂y/∂xᵢ`, each as [PointwiseGradient] computes it, to the bit
/// - **Shapes** `g: [*], saved: [*]… → dxᵢ: [*]`, broadcast
/// - **DType** f32, f64
/// - **Smooth** as the derivatives are
/// - **ONNX** the formulas in primitive operators
/// - **Source** the chain rule
///
/// @param of the operation whose gradients these are
/// @param wanted the inputs with respect to which, one bit each
public record PointwiseGradients(Pointwise of, int wanted) implements MultiFunction {

  @Override
  public String name() {
    return of.name() + "_gradients";
  }

  @Override
  public String nodeName() {
    return of.nodeName() + "Backward";
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... inputs) {
    CompiledFormulas formulas = group().fused();
    DType type = Typing.FLOATING.compute(formulas.name(), CompiledFormulas.common(inputs));
    Tensor[] dx = formulas.run(type, type, of.params(), inputs);
    for (int i = 0; i < inputs.length; i++) {
      if (ctx.needs(i)) {
        Tensor[] all = Arrays.copyOf(inputs, inputs.length + dx.length);
        System.arraycopy(dx, 0, all, inputs.length, dx.length);
        ctx.save(all);
        ctx.materializeGrads(false);
        break;
      }
    }
    return dx;
  }

  /// Adds up, over the outputs, what [PointwiseGradient] gives for each.
  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    GradientGroup group = group();
    int inputs = group.saved().length + 1;
    Tensor[] all = new Tensor[inputs];
    for (int i = 0; i < inputs; i++) {
      all[i] = ctx.saved(i);
    }
    @Nullable Tensor[] total = new Tensor[inputs];
    for (int k = 0; k < g.length; k++) {
      Tensor incoming = g[k];
      if (incoming == null) {
        continue;
      }
      var output = new PointwiseGradient(of, group.computed()[k]);
      PointwisePlan plan = PointwisePlan.of(output);
      int[] places = group.places(k);
      for (int i = 0; i < places.length; i++) {
        if (ctx.needs(places[i]) && !plan.gradient(i).isZero()) {
          int[] symbols = plan.gradient(i).saved();
          Tensor[] own = new Tensor[symbols.length + 1];
          own[0] = incoming;
          for (int j = 0; j < symbols.length; j++) {
            own[j + 1] =
                symbols[j] < places.length ? all[places[symbols[j]]] : ctx.saved(inputs + k);
          }
          Tensor d =
              plan.gradient(i).isComputed()
                  ? new PointwiseGradient(output, i).apply(own)
                  : incoming;
          Tensor sum = total[places[i]];
          total[places[i]] = sum == null ? d : sum.add(d);
        }
      }
    }
    return total;
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... inputs) {
    return apply(batch.aligned(inputs));
  }

  @Override
  public OnnxGraph.Value @Nullable [] onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return ExprOnnx.gradients(graph, this, inputs);
  }

  GradientGroup group() {
    return PointwisePlan.of(of).group(wanted);
  }
}
