package dev.autograd.gradcheck;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.functional.Functional;
import dev.autograd.functional.Functional.ValueAndTangent;
import dev.autograd.functional.Pullback;
import dev.autograd.functional.TensorFunction;
import dev.autograd.gradcheck.difference.Weights;
import java.util.List;

/// Holds forward mode against reverse mode: `⟨J v, u⟩ = ⟨v, Jᵀ u⟩` for directions `v` of the inputs
/// and weights `u` of the outputs.
///
/// Both sides are exact, so that a rule for tangents that is off by little is seen; the gradients
/// were held against finite differences before.
final class AdjointIdentity {
  private final Case c;
  private final Tolerance tolerance;
  private final Tally tally;

  AdjointIdentity(Case c, Tolerance tolerance, Tally tally) {
    this.c = c;
    this.tolerance = tolerance;
    this.tally = tally;
  }

  /// Checks the tangents of the outputs.
  ///
  /// @param demanded whether an operation must have tangents at all
  void ofOutputs(boolean demanded) {
    TensorFunction f = c.differentiated();
    try {
      check("", f, c.variables());
    } catch (AutogradException e) {
      // Whoever checks first derivatives only may have a backward that has none.
      if (demanded || e.kind() != ErrorKind.NO_JVP) {
        throw e;
      }
    }
  }

  /// Checks the tangents of the gradients: forward mode over reverse mode, as Hessian-vector
  /// products use it, where backward runs unrecorded on dual tensors.
  void ofGradients() {
    TensorFunction f = c.differentiated();
    List<Tensor> outputs = List.of(f.apply(c.variables()));
    if (outputs.stream().noneMatch(y -> y.dtype().isFloating())) {
      return;
    }
    Tensor[] seeds = Weights.likeTyped(outputs, c.seed() + 2).toArray(Tensor[]::new);
    check(
        "of the gradient, ",
        TensorFunction.ofAll(x -> Functional.vjp(f, x).apply(seeds)),
        c.variables());
  }

  private void check(String whose, TensorFunction f, Tensor[] x) {
    if (x.length == 0) {
      return;
    }
    Pullback at = Functional.vjp(f, x);
    Tensor[] u = Weights.likeTyped(List.of(at.outputs()), c.seed() + 3).toArray(Tensor[]::new);
    Tensor[] v = Weights.likeTyped(List.of(x), c.seed() + 4).toArray(Tensor[]::new);
    Tensor[] gradients = at.apply(u);
    double sum = 0;
    double size = 0;
    for (int i = 0; i < x.length; i++) {
      Sides sides = sides(alone(f, x, i), x[i], v[i], gradients[i], u);
      tally.compared(1);
      if (!sides.agree(tolerance)) {
        blame(whose, i, alone(f, x, i), x[i], gradients[i], u, sides);
        return;
      }
      sum += sides.backward();
      size += sides.size();
    }
    if (x.length > 1) {
      List<ValueAndTangent> together = Functional.jvp(f, x, v);
      Sides all = new Sides(0, sum, size).plus(together, u);
      tally.compared(1);
      if (!all.agree(tolerance)) {
        tally
            .of(c)
            .add(
                new Fault(
                    Finding.Kind.FORWARD_MISMATCH,
                    -1,
                    null,
                    all.forward(),
                    all.backward(),
                    "forward mode "
                        + whose
                        + "where all inputs have tangents: "
                        + all
                        + ", though each input's tangent by itself agrees"));
      }
    }
  }

  private static TensorFunction alone(TensorFunction f, Tensor[] x, int i) {
    return TensorFunction.ofAll(
        one -> {
          Tensor[] all = x.clone();
          all[i] = one[0];
          return f.apply(all);
        });
  }

  private static Sides sides(TensorFunction f, Tensor x, Tensor v, Tensor gradient, Tensor[] u) {
    double backward = 0;
    double size = 0;
    double[] g = gradient.toDoubleArray();
    double[] along = v.toDoubleArray();
    for (int e = 0; e < g.length; e++) {
      backward += g[e] * along[e];
      size += Math.abs(g[e] * along[e]);
    }
    List<ValueAndTangent> tangents = Functional.jvp(f, new Tensor[] {x}, new Tensor[] {v});
    return new Sides(0, backward, size).plus(tangents, u);
  }

  /// Finds the element of the input that has the wrong tangents.
  private void blame(
      String whose, int i, TensorFunction f, Tensor x, Tensor gradient, Tensor[] u, Sides sides) {
    int n = x.numel();
    double[] analytic = new double[n];
    for (int e = 0; e < n; e++) {
      double[] unit = new double[n];
      unit[e] = 1;
      Tensor v = Tensor.of(Storage.of(unit, DType.F64), Shape.of(x.shape().dims())).to(x.dtype());
      analytic[e] = sides(f, x, v, gradient, u).forward();
    }
    int input = c.compared().get(i);
    int before = tally.findings().size();
    String rule =
        c.operation().linear() ? "linear() makes the operation its own rule for tangents; " : "";
    tally.compare(
        Finding.Kind.FORWARD_MISMATCH,
        c,
        tolerance,
        input,
        x.shape(),
        analytic,
        gradient.toDoubleArray(),
        "the tangent "
            + whose
            + "in forward mode, weighted and summed, against the gradient; "
            + rule);
    if (tally.findings().size() == before) {
      tally
          .of(c)
          .add(
              Fault.of(
                  Finding.Kind.FORWARD_MISMATCH,
                  input,
                  "the tangent "
                      + whose
                      + "in forward mode is not linear in the direction: "
                      + sides
                      + ", though every single element agrees; "
                      + rule));
    }
  }

  /// Both sides of the identity.
  ///
  /// @param forward `⟨J v, u⟩`
  /// @param backward `⟨v, Jᵀ u⟩`
  /// @param size the sum of the magnitudes that they are sums of
  private record Sides(double forward, double backward, double size) {
    Sides plus(List<ValueAndTangent> tangents, Tensor[] u) {
      double sum = forward;
      double magnitude = size;
      for (int k = 0; k < u.length; k++) {
        if (!u[k].dtype().isFloating()) {
          continue;
        }
        double[] t = tangents.get(k).tangent().toDoubleArray();
        double[] w = u[k].toDoubleArray();
        for (int e = 0; e < t.length; e++) {
          sum += t[e] * w[e];
          magnitude += Math.abs(t[e] * w[e]);
        }
      }
      return new Sides(sum, backward, magnitude);
    }

    boolean agree(Tolerance tolerance) {
      if (!Double.isFinite(forward) || !Double.isFinite(backward)) {
        // Which of NaN and the infinities a sum gives is a matter of its order.
        return Double.isFinite(forward) == Double.isFinite(backward);
      }
      return Math.abs(forward - backward) <= tolerance.absolute() + tolerance.relative() * size;
    }

    @Override
    public String toString() {
      return "⟨J v, u⟩ = " + forward + ", but ⟨v, Jᵀ u⟩ = " + backward;
    }
  }
}
