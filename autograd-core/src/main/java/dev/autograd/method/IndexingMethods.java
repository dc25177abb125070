package dev.autograd.method;

import dev.autograd.Tensor;
import java.util.List;

/// Parts of a tensor, and writes into copies of it.
public sealed interface IndexingMethods extends Self permits Tensor {
  /// Returns entry `index` along `dim`, which disappears; a view.
  default Tensor select(int dim, int index) {
    return Self.ops().select(Self.self(this), dim, index);
  }

  /// Returns entry `index` along the first dimension; a view.
  default Tensor get(int index) {
    return Self.ops().select(Self.self(this), 0, index);
  }

  /// Returns `length` entries along `dim` from `start` on; a view.
  default Tensor narrow(int dim, int start, int length) {
    return Self.ops().slice(Self.self(this), dim, start, start + length, 1);
  }

  /// Returns every `step`-th entry of `[start, end)` along `dim`; a view. Limits count from the end
  /// if negative and are clipped.
  default Tensor slice(int dim, int start, int end, int step) {
    return Self.ops().slice(Self.self(this), dim, start, end, step);
  }

  /// Cuts into pieces of `size` along `dim`, the last one perhaps shorter; views of one function.
  default List<Tensor> split(int size, int dim) {
    return Self.ops()
        .split(Self.self(this), ShapeArithmetic.pieces(Self.self(this), size, dim), dim);
  }

  /// Cuts into pieces of the given sizes along `dim`; views of one function.
  default List<Tensor> split(int[] sizes, int dim) {
    return Self.ops().split(Self.self(this), sizes, dim);
  }

  /// Cuts into `count` pieces along `dim`, the last one perhaps shorter; views of one function.
  default List<Tensor> chunk(int count, int dim) {
    return Self.ops()
        .split(Self.self(this), ShapeArithmetic.chunks(Self.self(this), count, dim), dim);
  }

  /// Returns every entry along `dim`; views of one function.
  default List<Tensor> unbind(int dim) {
    return Self.ops().unbind(Self.self(this), dim);
  }

  /// Returns the entries that a one-dimensional `i64` tensor names along `dim`; copies.
  default Tensor indexSelect(int dim, Tensor index) {
    return Self.ops().indexSelect(Self.self(this), dim, index);
  }

  /// Returns `x[.., index[.., i, ..], ..]` along `dim`; copies.
  default Tensor gather(int dim, Tensor index) {
    return Self.ops().gather(Self.self(this), dim, index);
  }

  /// Returns a copy with `source` written at `index` along `dim`.
  default Tensor scatter(int dim, Tensor index, Tensor source) {
    return Self.ops().scatter(Self.self(this), dim, index, source);
  }

  /// Returns a copy with `source` added at `index` along `dim`.
  default Tensor scatterAdd(int dim, Tensor index, Tensor source) {
    return Self.ops().scatterAdd(Self.self(this), dim, index, source);
  }

  /// Returns the lower triangle of the last two dimensions, zeros elsewhere.
  default Tensor tril(int diagonal) {
    return Self.ops().tril(Self.self(this), diagonal);
  }

  /// Returns the upper triangle of the last two dimensions, zeros elsewhere.
  default Tensor triu(int diagonal) {
    return Self.ops().triu(Self.self(this), diagonal);
  }
}
