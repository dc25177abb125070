package dev.autograd;

import java.util.Arrays;
import java.util.function.IntFunction;

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
        all[i] = Batching.expanded(all[i], size);
      }
    }
    return all;
  }

  /// Returns `x`, which has the batch as its first dimension, with the samples joined along
  /// dimension `dim` of a sample: as more images, say, or as more channels of them.
  public static Tensor folded(Tensor x, int dim) {
    int[] dims = sampleShape(x).dims();
    dims[dim] *= x.size(0);
    return Tensor.operations().reshape(Batching.movedDim(x, 0, dim), dims);
  }

  /// Returns `y` with the batch as its first dimension, given the samples joined along `dim`; the
  /// inverse of [#folded].
  public Tensor unfolded(Tensor y, int dim) {
    int[] dims = new int[y.rank() + 1];
    for (int d = 0; d < y.rank(); d++) {
      dims[d < dim ? d : d + 1] = y.size(d);
    }
    dims[dim] = size;
    dims[dim + 1] = y.size(dim) / size;
    return Batching.movedDim(Tensor.operations().reshape(y, dims), dim, 0);
  }

  /// Applies a function that works along one dimension of inputs of one rank, and keeps that
  /// dimension; a scalar counts as one element along dimension 0.
  ///
  /// @param op who asks, for messages
  /// @param dim the dimension of a sample; negative counts from the end
  /// @param along returns the function for a dimension of the whole batch
  /// @throws AutogradException (`INDEX`) if a sample of the first input has no such dimension
  public Tensor along(String op, int dim, IntFunction<Function> along, Tensor... inputs) {
    Tensor[] all = repeated(inputs);
    int axis = dim(op, dim, all[0]);
    if (all[0].rank() > 1) {
      return along.apply(axis).apply(all);
    }
    for (int i = 0; i < all.length; i++) {
      all[i] = Tensor.operations().unsqueeze(all[i], 1);
    }
    return Tensor.operations().squeeze(along.apply(1).apply(all), 1);
  }
}
