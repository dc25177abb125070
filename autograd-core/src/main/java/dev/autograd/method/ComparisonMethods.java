package dev.autograd.method;

import dev.autograd.Tensor;

/// Comparisons and selections, element by element. Truth values never require grad.
public sealed interface ComparisonMethods extends Self permits Tensor {
  /// Tells where the elements are equal.
  default Tensor eq(Tensor other) {
    return Self.ops().eq(Self.self(this), other);
  }

  /// Tells where the elements are equal.
  default Tensor eq(double other) {
    return Self.ops().eq(Self.self(this), other);
  }

  /// Tells where the elements differ.
  default Tensor ne(Tensor other) {
    return Self.ops().ne(Self.self(this), other);
  }

  /// Tells where the elements differ.
  default Tensor ne(double other) {
    return Self.ops().ne(Self.self(this), other);
  }

  /// Tells where this is less.
  default Tensor lt(Tensor other) {
    return Self.ops().lt(Self.self(this), other);
  }

  /// Tells where this is less.
  default Tensor lt(double other) {
    return Self.ops().lt(Self.self(this), other);
  }

  /// Tells where this is less or equal.
  default Tensor le(Tensor other) {
    return Self.ops().le(Self.self(this), other);
  }

  /// Tells where this is less or equal.
  default Tensor le(double other) {
    return Self.ops().le(Self.self(this), other);
  }

  /// Tells where this is greater.
  default Tensor gt(Tensor other) {
    return Self.ops().gt(Self.self(this), other);
  }

  /// Tells where this is greater.
  default Tensor gt(double other) {
    return Self.ops().gt(Self.self(this), other);
  }

  /// Tells where this is greater or equal.
  default Tensor ge(Tensor other) {
    return Self.ops().ge(Self.self(this), other);
  }

  /// Tells where this is greater or equal.
  default Tensor ge(double other) {
    return Self.ops().ge(Self.self(this), other);
  }

  /// Tells where elements are NaN.
  default Tensor isNan() {
    return Self.ops().isNan(Self.self(this));
  }

  /// Returns `this and other`.
  default Tensor logicalAnd(Tensor other) {
    return Self.ops().logicalAnd(Self.self(this), other);
  }

  /// Returns `this or other`.
  default Tensor logicalOr(Tensor other) {
    return Self.ops().logicalOr(Self.self(this), other);
  }

  /// Returns `not this`.
  default Tensor logicalNot() {
    return Self.ops().logicalNot(Self.self(this));
  }

  /// Returns `a` where this is true, `b` elsewhere; this is a `bool` tensor.
  default Tensor where(Tensor a, Tensor b) {
    return Self.ops().where(Self.self(this), a, b);
  }

  /// Returns this with `value` wherever `mask` is true.
  default Tensor maskedFill(Tensor mask, double value) {
    return Self.ops().maskedFill(Self.self(this), mask, value);
  }
}
