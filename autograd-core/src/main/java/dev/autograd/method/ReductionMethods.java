package dev.autograd.method;

import dev.autograd.Tensor;

/// Reductions. Negative dimensions count from the end.
public sealed interface ReductionMethods extends Self permits Tensor {
  /// Sums over the given dimensions, or over all if none are given.
  default Tensor sum(int... dims) {
    return Self.ops().sum(Self.self(this), dims, false);
  }

  /// Sums over the given dimensions; `keepDim` leaves them with size 1.
  default Tensor sum(int[] dims, boolean keepDim) {
    return Self.ops().sum(Self.self(this), dims, keepDim);
  }

  /// Averages over the given dimensions, or over all if none are given.
  default Tensor mean(int... dims) {
    return Self.ops().mean(Self.self(this), dims, false);
  }

  /// Averages over the given dimensions; `keepDim` leaves them with size 1.
  default Tensor mean(int[] dims, boolean keepDim) {
    return Self.ops().mean(Self.self(this), dims, keepDim);
  }

  /// Takes the maximum, its gradient spread evenly over ties, over the given dimensions, or over
  /// all if none are given.
  default Tensor amax(int... dims) {
    return Self.ops().amax(Self.self(this), dims, false);
  }

  /// Takes the maximum, its gradient spread evenly over ties, over the given dimensions; `keepDim`
  /// leaves them with size 1.
  default Tensor amax(int[] dims, boolean keepDim) {
    return Self.ops().amax(Self.self(this), dims, keepDim);
  }

  /// Takes the minimum, its gradient spread evenly over ties, over the given dimensions, or over
  /// all if none are given.
  default Tensor amin(int... dims) {
    return Self.ops().amin(Self.self(this), dims, false);
  }

  /// Takes the minimum, its gradient spread evenly over ties, over the given dimensions; `keepDim`
  /// leaves them with size 1.
  default Tensor amin(int[] dims, boolean keepDim) {
    return Self.ops().amin(Self.self(this), dims, keepDim);
  }

  /// Multiplies all elements; the gradient is exact with zeros among them.
  default Tensor prod() {
    return Self.ops().prod(Self.self(this));
  }

  /// Returns the maximum of all elements; ties share the gradient.
  default Tensor max() {
    return Self.ops().amax(Self.self(this), new int[0], false);
  }

  /// Returns the minimum of all elements; ties share the gradient.
  default Tensor min() {
    return Self.ops().amin(Self.self(this), new int[0], false);
  }

  /// Returns the maxima along `dim` and where they are; the gradient goes to the index returned.
  default ValuesAndIndices max(int dim) {
    return Self.ops().max(Self.self(this), dim, false);
  }

  /// Returns the maxima along `dim` and where they are; `keepDim` leaves the dimension with size 1.
  default ValuesAndIndices max(int dim, boolean keepDim) {
    return Self.ops().max(Self.self(this), dim, keepDim);
  }

  /// Returns the minima along `dim` and where they are; the gradient goes to the index returned.
  default ValuesAndIndices min(int dim) {
    return Self.ops().min(Self.self(this), dim, false);
  }

  /// Returns the minima along `dim` and where they are; `keepDim` leaves the dimension with size 1.
  default ValuesAndIndices min(int dim, boolean keepDim) {
    return Self.ops().min(Self.self(this), dim, keepDim);
  }

  /// Returns the flat index of the greatest element, `i64`, the first on ties.
  default Tensor argmax() {
    return Self.ops().argmax(Self.self(this), null, false);
  }

  /// Returns the index of the greatest element along `dim`, `i64`, the first on ties.
  default Tensor argmax(int dim) {
    return Self.ops().argmax(Self.self(this), dim, false);
  }

  /// Returns the flat index of the smallest element, `i64`, the first on ties.
  default Tensor argmin() {
    return Self.ops().argmin(Self.self(this), null, false);
  }

  /// Returns the index of the smallest element along `dim`, `i64`, the first on ties.
  default Tensor argmin(int dim) {
    return Self.ops().argmin(Self.self(this), dim, false);
  }

  /// Returns the unbiased variance over the given dimensions, or over all if none are given.
  default Tensor var(int... dims) {
    return Self.ops().var(Self.self(this), dims, 1, false);
  }

  /// Returns the variance with `n − correction` as the divisor.
  default Tensor var(int[] dims, int correction, boolean keepDim) {
    return Self.ops().var(Self.self(this), dims, correction, keepDim);
  }

  /// Returns the unbiased standard deviation over the given dimensions, or over all if none are
  /// given.
  default Tensor std(int... dims) {
    return Self.ops().std(Self.self(this), dims, 1, false);
  }

  /// Returns the standard deviation with `n − correction` as the divisor.
  default Tensor std(int[] dims, int correction, boolean keepDim) {
    return Self.ops().std(Self.self(this), dims, correction, keepDim);
  }

  /// Returns the Euclidean norm of all elements; its gradient at the zero vector is 0.
  default Tensor norm() {
    return Self.ops().norm(Self.self(this), 2, new int[0], false);
  }

  /// Returns the `p`-norm over the given dimensions, or over all if none are given.
  default Tensor norm(double p, int... dims) {
    return Self.ops().norm(Self.self(this), p, dims, false);
  }

  /// Returns `ln Σ e^x` over the given dimensions, without overflow.
  default Tensor logsumexp(int... dims) {
    return Self.ops().logsumexp(Self.self(this), dims, false);
  }

  /// Returns the running sum along `dim`.
  default Tensor cumsum(int dim) {
    return Self.ops().cumsum(Self.self(this), dim);
  }

  /// Tells whether all elements are true.
  default Tensor all() {
    return Self.ops().all(Self.self(this));
  }

  /// Tells whether some element is true.
  default Tensor any() {
    return Self.ops().any(Self.self(this));
  }
}
