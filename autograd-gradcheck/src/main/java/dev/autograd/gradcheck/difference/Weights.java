package dev.autograd.gradcheck.difference;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Random weights that make one number of several tensors, so that one walk through the graph
/// checks all outputs at once. A wrong gradient goes unseen only where the weights cancel its
/// error, which has probability zero.
public final class Weights {
  private Weights() {}

  /// Returns a weight for every element of every tensor, from a seed.
  public static List<Tensor> like(List<Tensor> all, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Tensor> weights = new ArrayList<>(all.size());
    for (Tensor t : all) {
      double[] w = new double[t.numel()];
      for (int i = 0; i < w.length; i++) {
        // Away from zero, so that no output is checked weakly.
        w[i] = (0.5 + random.nextDouble()) * (random.nextBoolean() ? 1 : -1);
      }
      weights.add(Tensor.of(Storage.of(w, DType.F64), Shape.of(t.shape().dims())));
    }
    return weights;
  }

  /// Returns the same in the element types of the tensors.
  public static List<Tensor> likeTyped(List<Tensor> all, long seed) {
    List<Tensor> weights = like(all, seed);
    return IntStream.range(0, all.size())
        .mapToObj(k -> weights.get(k).to(all.get(k).dtype()))
        .toList();
  }

  /// Returns a direction of unit length in the space of a tensor's elements.
  public static double[] unit(Tensor like, long seed) {
    double[] w = like(List.of(like), seed).getFirst().toDoubleArray();
    double length = Math.sqrt(Arrays.stream(w).map(v -> v * v).sum());
    return Arrays.stream(w).map(v -> v / length).toArray();
  }

  /// Returns the sum of the products, in plain arithmetic.
  public static double dot(List<Tensor> values, List<Tensor> weights) {
    double sum = 0;
    for (int k = 0; k < values.size(); k++) {
      double[] v = values.get(k).toDoubleArray();
      double[] w = weights.get(k).toDoubleArray();
      for (int i = 0; i < v.length; i++) {
        sum += v[i] * w[i];
      }
    }
    return sum;
  }
}
