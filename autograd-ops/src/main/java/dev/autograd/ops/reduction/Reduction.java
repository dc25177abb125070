package dev.autograd.ops.reduction;

import dev.autograd.Batch;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Reshape;

/// A function that folds dimensions into one value each.
///
/// Dimensions may be negative, counting from the end; naming none folds all.
public interface Reduction extends Function {

  /// Returns the dimensions to fold, as they were given.
  Ints dims();

  /// Tells whether folded dimensions stay, with size 1.
  boolean keepDim();

  /// Returns the same reduction over other dimensions.
  Reduction over(Ints dims, boolean keepDim);

  @Override
  default Tensor batched(Batch batch, Tensor... in) {
    boolean[] gone = gone(Batch.sampleShape(in[0]));
    if (gone.length == 0) {
      // Of a scalar nothing is folded; with a dimension of size 1 there is something to name.
      return over(Ints.of(1), false).apply(in[0].unsqueeze(1));
    }
    int[] dims = Dims.list(gone);
    for (int d = 0; d < dims.length; d++) {
      dims[d]++;
    }
    return over(Ints.of(dims), keepDim()).apply(in);
  }

  /// Marks the dimensions of a tensor of `shape` that are folded.
  default boolean[] gone(Shape shape) {
    return Dims.gone(name(), shape, dims());
  }

  /// Returns the shape of the result for a tensor of `shape`.
  default Shape left(Shape shape) {
    return Dims.left(shape, gone(shape), keepDim());
  }

  /// Returns a tensor of the shape of the result in the form that broadcasts with the input: folded
  /// dimensions of size 1.
  default Tensor restored(Tensor y, Shape shape) {
    return keepDim() ? y : Reshape.reshape(y, Dims.kept(shape, gone(shape)).dims());
  }
}
