package dev.autograd;

import java.util.Arrays;

/// A batch that an operation is applied to at once, see [Function#batched].
///
/// @param size how many samples there are
/// @param mapped which inputs are different for the samples; not to be changed
public record Batch(int size, boolean[] mapped) {
  /// Tells whether input `index` has the batch as its first dimension.
  public boolean has(int index) {
    return mapped[index];
  }

  /// Returns the shape of one sample of `x`, which has the batch as its first dimension.
  public static Shape sampleShape(Tensor x) {
    int[] dims = x.shape().dims();
    return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
  }

  /// Returns which dimension of `x`, which has the batch as its first, is dimension `dim` of a
  /// sample.
  ///
  /// @param dim negative counts from the end
  /// @throws AutogradException (`INDEX`) if a sample has no such dimension; the message names `op`
  public static int dim(String op, int dim, Tensor x) {
    return sampleShape(x).axis(op, dim) + 1;
  }

  /// Returns the inputs such that broadcasting pairs the dimensions of their samples: those of few
  /// dimensions get new ones of size 1 between the batch and the rest.
  public Tensor[] aligned(Tensor... inputs) {
    int rank = 0;
    for (int i = 0; i < inputs.length; i++) {
      rank = Math.max(rank, inputs[i].rank() - (mapped[i] ? 1 : 0));
    }
    Tensor[] all = inputs.clone();
    for (int i = 0; i < all.length; i++) {
      while (mapped[i] && all[i].rank() - 1 < rank) {
        all[i] = Tensor.operations().unsqueeze(all[i], 1);
      }
    }
    return all;
  }

  /// Returns the inputs with those that all samples share repeated for each, without copies.
  public Tensor[] repeated(Tensor... inputs) {
    Tensor[] all = inputs.clone();
    for (int i = 0; i < all.length; i++) {
      if (!mapped[i]) {
        int[] dims = new int[all[i].rank() + 1];
        dims[0] = size;
        System.arraycopy(all[i].shape().dims(), 0, dims, 1, all[i].rank());
        all[i] = Tensor.operations().expand(all[i], dims);
      }
    }
    return all;
  }
}
