package dev.autograd.ops.reduction;

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
