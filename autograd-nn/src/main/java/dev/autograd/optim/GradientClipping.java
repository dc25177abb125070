package dev.autograd.optim;

import dev.autograd.GradMode;
import dev.autograd.Tensor;
import java.util.Collection;

/// Limits gradients before a step.
public final class GradientClipping {
  private GradientClipping() {}

  /// Scales all gradients so that their joint Euclidean norm is at most `maxNorm`.
  ///
  /// @return the norm before; a norm that is not finite leaves the gradients as they are
  public static double byNorm(Collection<Tensor> parameters, double maxNorm) {
    try (var _ = GradMode.noGrad()) {
      double sum = 0;
      for (Tensor p : parameters) {
        Tensor g = p.grad();
        if (g != null) {
          double n = g.norm().item();
          sum += n * n;
        }
      }
      double norm = Math.sqrt(sum);
      if (norm > maxNorm && Double.isFinite(norm)) {
        double scale = maxNorm / norm;
        for (Tensor p : parameters) {
          Tensor g = p.grad();
          if (g != null) {
            g.mul_(scale);
          }
        }
      }
      return norm;
    }
  }

  /// Limits every element of every gradient to `[-limit, limit]`.
  public static void byValue(Collection<Tensor> parameters, double limit) {
    try (var _ = GradMode.noGrad()) {
      for (Tensor p : parameters) {
        Tensor g = p.grad();
        if (g != null) {
          g.clamp_(-limit, limit);
        }
      }
    }
  }
}
