package dev.autograd.ops.pointwise;

import dev.autograd.Tensor;
import dev.autograd.spi.Samples;

/// The samples of a formula from the domains of its inputs: equal shapes, broadcast ones, corner
/// shapes and layouts that are not contiguous.
final class PointwiseSamples {
  /// For each case the shapes of the inputs, in turn; a shorter row repeats.
  private static final int[][][] SHAPES = {
    {{2, 3}},
    {{}},
    {{1}},
    {{0}},
    {{2, 0, 3}},
    {{3, 1}, {2}, {3, 2}},
    {{2, 1, 2}, {3, 1}, {}},
    {{}, {2, 2}, {1}},
  };

  private PointwiseSamples() {}

  static void add(Samples samples, Pointwise op) {
    int n = op.arity();
    for (int[][] shapes : SHAPES) {
      if (n == 1 && shapes.length > 1) {
        continue;
      }
      Tensor[] inputs = new Tensor[n];
      for (int i = 0; i < n; i++) {
        inputs[i] = op.domain(i).sample(samples, shapes[i % shapes.length]);
      }
      samples.add(op, inputs);
    }
    Tensor[] permuted = new Tensor[n];
    for (int i = 0; i < n; i++) {
      permuted[i] = op.domain(i).sample(samples, i % 2 == 0 ? new int[] {3, 2} : new int[] {2, 3});
      if (i % 2 == 0) {
        permuted[i] = permuted[i].transpose(0, 1);
      }
    }
    samples.add(op, permuted);
    if (n > 1) {
      Tensor[] unlike = new Tensor[n];
      for (int i = 0; i < n; i++) {
        unlike[i] = op.domain(i).sample(samples, 2 + i);
      }
      samples.reject(op, "broadcast", unlike);
    }
  }
}
