package dev.autograd.method;

import dev.autograd.Tensor;

/// Other shapes of the same elements. All are views unless they say that they copy.
public sealed interface ShapeMethods extends Self permits Tensor {
  /// Returns the elements in another shape, one size of which may be −1; copies if it cannot be a
  /// view.
  default Tensor reshape(int... shape) {
    return Self.ops().reshape(Self.self(this), shape);
  }

  /// Joins the dimensions `start` to `end` into one.
  default Tensor flatten(int start, int end) {
    return ShapeArithmetic.flatten(Self.self(this), start, end);
  }

  /// Returns all elements in one dimension.
  default Tensor flatten() {
    return Self.self(this).reshape(-1);
  }

  /// Swaps two dimensions.
  default Tensor transpose(int a, int b) {
    return ShapeArithmetic.transpose(Self.self(this), a, b);
  }

  /// Puts the dimensions into another order.
  default Tensor permute(int... dims) {
    return Self.ops().permute(Self.self(this), dims);
  }

  /// Repeats dimensions of size 1 without copying; −1 keeps a size.
  default Tensor expand(int... shape) {
    return Self.ops().expand(Self.self(this), shape);
  }

  /// Repeats the whole along each dimension; copies.
  default Tensor repeat(int... times) {
    return Self.ops().repeat(Self.self(this), times);
  }

  /// Removes the given dimensions of size 1, or all such if none are given.
  default Tensor squeeze(int... dims) {
    return Self.ops().squeeze(Self.self(this), dims);
  }

  /// Inserts a dimension of size 1.
  default Tensor unsqueeze(int dim) {
    return Self.ops().unsqueeze(Self.self(this), dim);
  }

  /// Reverses the order along the given dimensions; copies.
  default Tensor flip(int... dims) {
    return Self.ops().flip(Self.self(this), dims);
  }
}
