package dev.autograd.method;

import dev.autograd.Tensor;

/// Element-by-element arithmetic. Operands broadcast against each other and are promoted to one
/// type.
public sealed interface ArithmeticMethods extends Self permits Tensor {
  /// Returns `this + other`.
  default Tensor add(Tensor other) {
    return Self.ops().add(Self.self(this), other);
  }

  /// Returns `this + other`.
  default Tensor add(double other) {
    return Self.ops().add(Self.self(this), other);
  }

  /// Returns `this − other`.
  default Tensor sub(Tensor other) {
    return Self.ops().sub(Self.self(this), other);
  }

  /// Returns `this − other`.
  default Tensor sub(double other) {
    return Self.ops().sub(Self.self(this), other);
  }

  /// Returns `other − this`.
  default Tensor rsub(double other) {
    return Self.ops().rsub(Self.self(this), other);
  }

  /// Returns `this · other`.
  default Tensor mul(Tensor other) {
    return Self.ops().mul(Self.self(this), other);
  }

  /// Returns `this · other`.
  default Tensor mul(double other) {
    return Self.ops().mul(Self.self(this), other);
  }

  /// Returns `this / other`; integers are divided as `f32`.
  default Tensor div(Tensor other) {
    return Self.ops().div(Self.self(this), other);
  }

  /// Returns `this / other`; integers are divided as `f32`.
  default Tensor div(double other) {
    return Self.ops().div(Self.self(this), other);
  }

  /// Returns the remainder of the division, with the sign of the divisor.
  default Tensor remainder(Tensor other) {
    return Self.ops().remainder(Self.self(this), other);
  }

  /// Returns `−this`.
  default Tensor neg() {
    return Self.ops().neg(Self.self(this));
  }

  /// Returns `this^exponent`.
  default Tensor pow(double exponent) {
    return Self.ops().pow(Self.self(this), exponent);
  }

  /// Returns `this^exponent`, element by element.
  default Tensor pow(Tensor exponent) {
    return Self.ops().pow(Self.self(this), exponent);
  }

  /// Returns `this²`.
  default Tensor square() {
    return Self.ops().square(Self.self(this));
  }

  /// Returns `1 / this`.
  default Tensor reciprocal() {
    return Self.ops().reciprocal(Self.self(this));
  }

  /// Returns the square root.
  default Tensor sqrt() {
    return Self.ops().sqrt(Self.self(this));
  }

  /// Returns `1 / √this`.
  default Tensor rsqrt() {
    return Self.ops().rsqrt(Self.self(this));
  }

  /// Returns `e^this`.
  default Tensor exp() {
    return Self.ops().exp(Self.self(this));
  }

  /// Returns `e^this − 1`, exact for tiny values.
  default Tensor expm1() {
    return Self.ops().expm1(Self.self(this));
  }

  /// Returns the natural logarithm.
  default Tensor log() {
    return Self.ops().log(Self.self(this));
  }

  /// Returns `ln(1 + this)`, exact for tiny values.
  default Tensor log1p() {
    return Self.ops().log1p(Self.self(this));
  }

  /// Returns the sine.
  default Tensor sin() {
    return Self.ops().sin(Self.self(this));
  }

  /// Returns the cosine.
  default Tensor cos() {
    return Self.ops().cos(Self.self(this));
  }

  /// Returns the error function.
  default Tensor erf() {
    return Self.ops().erf(Self.self(this));
  }

  /// Returns the absolute value; its gradient at 0 is 0.
  default Tensor abs() {
    return Self.ops().abs(Self.self(this));
  }

  /// Returns −1, 0 or 1; its gradient is 0.
  default Tensor sign() {
    return Self.ops().sign(Self.self(this));
  }

  /// Rounds down; the gradient is 0.
  default Tensor floor() {
    return Self.ops().floor(Self.self(this));
  }

  /// Rounds up; the gradient is 0.
  default Tensor ceil() {
    return Self.ops().ceil(Self.self(this));
  }

  /// Rounds to the nearest integer, ties to even; the gradient is 0.
  default Tensor round() {
    return Self.ops().round(Self.self(this));
  }

  /// Rounds toward zero; the gradient is 0.
  default Tensor trunc() {
    return Self.ops().trunc(Self.self(this));
  }

  /// Returns the greater element; at ties each gets half the gradient; NaN wins.
  default Tensor maximum(Tensor other) {
    return Self.ops().maximum(Self.self(this), other);
  }

  /// Returns the smaller element; at ties each gets half the gradient; NaN wins.
  default Tensor minimum(Tensor other) {
    return Self.ops().minimum(Self.self(this), other);
  }

  /// Limits every element to `[low, high]`; the gradient is 0 at and beyond the limits.
  default Tensor clamp(double low, double high) {
    return Self.ops().clamp(Self.self(this), low, high);
  }

  /// Limits every element from below.
  default Tensor clampMin(double low) {
    return Self.ops().clamp(Self.self(this), low, Double.POSITIVE_INFINITY);
  }

  /// Limits every element from above.
  default Tensor clampMax(double high) {
    return Self.ops().clamp(Self.self(this), Double.NEGATIVE_INFINITY, high);
  }

  /// Returns `this + weight · (end − this)`.
  default Tensor lerp(Tensor end, double weight) {
    return Self.ops().lerp(Self.self(this), end, weight);
  }
}
