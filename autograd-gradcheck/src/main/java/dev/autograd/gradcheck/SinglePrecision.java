package dev.autograd.gradcheck;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.difference.Layouts;
import dev.autograd.gradcheck.difference.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares results and gradients in single precision with those in double.
///
/// Finite differences are useless in single precision; the kernels' own double form is the
/// reference.
final class SinglePrecision {
  private final Case c;
  private final Tally tally;

  SinglePrecision(Case c, Tally tally) {
    this.c = c;
    this.tally = tally;
  }

  void check() {
    if (c.inputs().stream().noneMatch(t -> t.dtype() == DType.F64)) {
      return;
    }
    // Both start from the values that single precision can hold.
    List<Tensor> narrow = new ArrayList<>();
    List<Tensor> wide = new ArrayList<>();
    for (int i = 0; i < c.inputs().size(); i++) {
      Tensor x = c.inputs().get(i);
      if (x.dtype() != DType.F64) {
        narrow.add(x);
        wide.add(x);
        continue;
      }
      Tensor f = Layouts.as(x, x.to(DType.F32).contiguous().clone());
      narrow.add(f.detach().requiresGrad(c.compares(i)));
      wide.add(f.to(DType.F64).detach().requiresGrad(c.compares(i)));
    }
    List<Tensor> yNarrow = Case.apply(c.operation(), narrow);
    List<Tensor> yWide = Case.apply(c.operation(), wide);
    for (int k = 0; k < yNarrow.size(); k++) {
      near("output " + k, -1, yNarrow.get(k), yWide.get(k));
    }
    List<Integer> compared = c.compared();
    List<Tensor> inNarrow = compared.stream().map(narrow::get).toList();
    List<Tensor> inWide = compared.stream().map(wide::get).toList();
    List<Tensor> rootsNarrow = yNarrow.stream().filter(Tensor::requiresGrad).toList();
    List<Tensor> rootsWide = yWide.stream().filter(Tensor::requiresGrad).toList();
    if (inNarrow.isEmpty() || rootsNarrow.isEmpty()) {
      return;
    }
    List<Tensor> seeds = Weights.like(rootsWide, c.seed());
    GradOptions options = GradOptions.defaults().allowingUnused();
    List<@Nullable Tensor> gNarrow = Autograd.grad(rootsNarrow, inNarrow, seeds, options);
    List<@Nullable Tensor> gWide = Autograd.grad(rootsWide, inWide, seeds, options);
    for (int k = 0; k < gNarrow.size(); k++) {
      Tensor a = gNarrow.get(k);
      Tensor b = gWide.get(k);
      if (a != null && b != null) {
        near("the gradient", compared.get(k), a, b);
      }
    }
  }

  private void near(String what, int input, Tensor narrow, Tensor wide) {
    double[] a = narrow.toDoubleArray();
    double[] b = wide.toDoubleArray();
    // Sums can cancel: an element is compared on the scale of the whole tensor.
    double scale = 0;
    for (double v : b) {
      if (Double.isFinite(v)) {
        scale = Math.max(scale, Math.abs(v));
      }
    }
    Tolerance tolerance =
        new Tolerance(
            Tolerance.SINGLE.absolute() * Math.max(1, scale), Tolerance.SINGLE.relative());
    for (int e = 0; e < a.length; e++) {
      if (!tolerance.accepts(a[e], b[e])) {
        tally
            .of(c)
            .add(
                Fault.at(
                    Finding.Kind.SINGLE_PRECISION,
                    input,
                    narrow.shape(),
                    e,
                    a[e],
                    b[e],
                    what + " in f32, against f64"));
        return;
      }
    }
    tally.compared(a.length);
  }
}
