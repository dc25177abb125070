package dev.autograd.ops.pointwise;

import dev.autograd.Tensor;
import dev.autograd.spi.Samples;

/// Samples for operations that compare two elements: no two of them are near each other.
final class PairSamples {
  private PairSamples() {}

  static void distinct(Samples samples, Pointwise op) {
    pair(samples, op, new int[] {2, 3}, new int[] {2, 3});
    pair(samples, op, new int[] {3, 1}, new int[] {2});
    pair(samples, op, new int[] {}, new int[] {3});
    pair(samples, op, new int[] {1}, new int[] {});
    pair(samples, op, new int[] {0, 2}, new int[] {2});
    Tensor both = samples.distinct(2, 3, 2);
    samples.add(op, both.select(0, 0).transpose(0, 1).detach(), both.select(0, 1).detach().transpose(0, 1));
    samples.reject(op, "broadcast", samples.distinct(2), samples.distinct(3));
  }

  private static void pair(Samples samples, Pointwise op, int[] a, int[] b) {
    int n = count(a);
    Tensor both = samples.distinct(n + count(b));
    samples.add(
        op,
        both.slice(0, 0, n, 1).reshape(a).detach(),
        both.slice(0, n, n + count(b), 1).reshape(b).detach());
  }

  private static int count(int[] shape) {
    int n = 1;
    for (int d : shape) {
      n *= d;
    }
    return n;
  }
}
