package dev.autograd.ops.linalg;

import dev.autograd.Tensor;
import dev.autograd.ops.shape.Undiagonal;
import dev.autograd.spi.Samples;
import java.util.Arrays;

/// Matrices far from where the functions of this package are not smooth.
final class SampleMatrices {
  private SampleMatrices() {}

  /// Returns matrices of order `n`, the last size, whose diagonals outweigh their rows.
  static Tensor regular(Samples s, int... sizes) {
    Tensor a = s.uniform(-1, 1, square(sizes));
    return a.div(sizes[sizes.length - 1]).add(diagonal(s, 1.5, 2.5, sizes));
  }

  /// Returns symmetric positive definite matrices.
  static Tensor definite(Samples s, int... sizes) {
    Tensor a = regular(s, sizes);
    return a.add(a.transpose(-2, -1)).div(2);
  }

  /// Returns matrices whose symmetric parts have eigenvalues well apart.
  static Tensor spread(Samples s, int... sizes) {
    int n = sizes[sizes.length - 1];
    double[] steps = new double[n];
    Arrays.setAll(steps, i -> 2.0 * i - n);
    Tensor a = s.uniform(-0.6, 0.6, square(sizes));
    return a.add(Undiagonal.diagEmbed(Tensor.of(steps).to(a.dtype()), 0));
  }

  private static Tensor diagonal(Samples s, double low, double high, int... sizes) {
    return Undiagonal.diagEmbed(s.uniform(low, high, sizes), 0);
  }

  private static int[] square(int... sizes) {
    int[] all = Arrays.copyOf(sizes, sizes.length + 1);
    all[sizes.length] = sizes[sizes.length - 1];
    return all;
  }
}
