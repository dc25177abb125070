package dev.autograd.ops.pointwise;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;

/// The samples of a formula from the domains of its inputs: equal shapes, broadcast ones, corner
/// shapes and layouts that are not contiguous.
public final class PointwiseSamples {
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

  /// Adds the cases of `op`, with values of its domains.
  public static void add(Samples samples, Pointwise op) {
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

  /// Adds cases of `op`, of two inputs, in which no two elements are near each other: for
  /// operations that compare.
  public static void addDistinct(Samples samples, Pointwise op) {
    distinct(samples, op, new int[] {2, 3}, new int[] {2, 3});
    distinct(samples, op, new int[] {3, 1}, new int[] {2});
    distinct(samples, op, new int[] {}, new int[] {3});
    distinct(samples, op, new int[] {1}, new int[] {});
    distinct(samples, op, new int[] {0, 2}, new int[] {2});
    Tensor both = samples.distinct(2, 3, 2);
    samples.add(op, both.select(0, 0).transpose(0, 1), both.select(0, 1).transpose(0, 1));
    samples.reject(op, "broadcast", samples.distinct(2), samples.distinct(3));
  }

  private static void distinct(Samples samples, Pointwise op, int[] a, int[] b) {
    int n = Shape.of(a).numel();
    int m = Shape.of(b).numel();
    Tensor both = samples.distinct(n + m);
    samples.add(op, both.slice(0, 0, n, 1).reshape(a), both.slice(0, n, n + m, 1).reshape(b));
  }

  /// Adds cases of `op`, of a dividend and a divisor, whose quotients are between 2.1 and 2.9 in
  /// size: for operations that jump where the quotient is whole.
  public static void addQuotients(Samples samples, Pointwise op) {
    Tensor b = samples.uniform(1, 2, 2, 3);
    Tensor quotient = samples.uniform(2.1, 2.9, 2, 3);
    samples.add(op, quotient.mul(b), b);
    samples.add(op, quotient.mul(b).neg(), b);
    samples.add(op, quotient.mul(b).transpose(0, 1), b.neg().transpose(0, 1));
    samples.add(op, samples.uniform(2.2, 2.8), samples.uniform(1, 1.01));
    samples.add(op, samples.uniform(2.2, 2.8, 3, 1), samples.uniform(0.99, 1.01, 2));
    samples.add(op, samples.uniform(0, 1, 0, 2), samples.uniform(1, 2, 2));
    samples.reject(op, "broadcast", samples.uniform(0, 1, 2), samples.uniform(1, 2, 3));
  }
}
