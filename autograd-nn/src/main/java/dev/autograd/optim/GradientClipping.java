package dev.autograd.optim;

import dev.autograd.DType;
import dev.autograd.GradMode;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Limits gradients before a step.
public final class GradientClipping {
  private GradientClipping() {}

  /// Scales all gradients so that their joint Euclidean norm is at most `maxNorm`; a parameter that
  /// is given twice counts once.
  ///
  /// @return the norm before; a norm that is not finite leaves the gradients as they are
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if `maxNorm` is negative or NaN
  public static double byNorm(Collection<Tensor> parameters, double maxNorm) {
    Range.notNegative("clipping", "greatest norm", maxNorm);
    try (var _ = GradMode.noGrad()) {
      List<Tensor> grads = gradients(parameters);
      double sum = 0;
      for (Tensor g : grads) {
        double n = g.norm().item();
        if (!Double.isFinite(n)) {
          n =
              g.to(DType.F64)
                  .norm()
                  .item(); // squares of floats can overflow where the norm does not
        }
        sum += n * n;
      }
      double norm = Math.sqrt(sum);
      if (norm > maxNorm && Double.isFinite(norm)) {
        double scale = maxNorm / norm;
        for (Tensor g : grads) {
          g.mul_(scale);
        }
      }
      return norm;
    }
  }

  /// Limits every element of every gradient to `[-limit, limit]`.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if `limit` is negative or NaN
  public static void byValue(Collection<Tensor> parameters, double limit) {
    Range.notNegative("clipping", "limit", limit);
    try (var _ = GradMode.noGrad()) {
      for (Tensor g : gradients(parameters)) {
        g.clamp_(-limit, limit);
      }
    }
  }

  private static List<Tensor> gradients(Collection<Tensor> parameters) {
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Tensor> grads = new ArrayList<>(parameters.size());
    for (Tensor p : parameters) {
      Tensor g = p.grad();
      if (g != null && seen.add(g)) {
        grads.add(g);
      }
    }
    return grads;
  }
}
