package dev.autograd.method;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;

/// Operations that write into the tensor and return it. They count as writes for whoever saved it.
public sealed interface InPlaceMethods extends Self permits Tensor {
  /// Adds in place.
  default Tensor add_(Tensor other) {
    return Self.self(this).update("add_", x -> Self.ops().add(x, other));
  }

  /// Adds in place.
  default Tensor add_(double other) {
    return Self.self(this).update("add_", x -> Self.ops().add(x, other));
  }

  /// Subtracts in place.
  default Tensor sub_(Tensor other) {
    return Self.self(this).update("sub_", x -> Self.ops().sub(x, other));
  }

  /// Subtracts in place.
  default Tensor sub_(double other) {
    return Self.self(this).update("sub_", x -> Self.ops().sub(x, other));
  }

  /// Multiplies in place.
  default Tensor mul_(Tensor other) {
    return Self.self(this).update("mul_", x -> Self.ops().mul(x, other));
  }

  /// Multiplies in place.
  default Tensor mul_(double other) {
    return Self.self(this).update("mul_", x -> Self.ops().mul(x, other));
  }

  /// Divides in place.
  default Tensor div_(Tensor other) {
    return Self.self(this).update("div_", x -> Self.ops().div(x, other));
  }

  /// Divides in place.
  default Tensor div_(double other) {
    return Self.self(this).update("div_", x -> Self.ops().div(x, other));
  }

  /// Negates in place.
  default Tensor neg_() {
    return Self.self(this).update("neg_", x -> Self.ops().neg(x));
  }

  /// Exponentiates in place.
  default Tensor exp_() {
    return Self.self(this).update("exp_", x -> Self.ops().exp(x));
  }

  /// Takes the square root in place.
  default Tensor sqrt_() {
    return Self.self(this).update("sqrt_", x -> Self.ops().sqrt(x));
  }

  /// Takes the sine in place.
  default Tensor sin_() {
    return Self.self(this).update("sin_", x -> Self.ops().sin(x));
  }

  /// Applies [ActivationMethods#relu] in place.
  default Tensor relu_() {
    return Self.self(this).update("relu_", x -> Self.ops().relu(x));
  }

  /// Applies [ActivationMethods#sigmoid] in place.
  default Tensor sigmoid_() {
    return Self.self(this).update("sigmoid_", x -> Self.ops().sigmoid(x));
  }

  /// Applies [ActivationMethods#tanh] in place.
  default Tensor tanh_() {
    return Self.self(this).update("tanh_", x -> Self.ops().tanh(x));
  }

  /// Limits in place.
  default Tensor clamp_(double low, double high) {
    return Self.self(this).update("clamp_", x -> Self.ops().clamp(x, low, high));
  }

  /// Moves towards `end` in place.
  default Tensor lerp_(Tensor end, double weight) {
    return Self.self(this).update("lerp_", x -> Self.ops().lerp(x, end, weight));
  }

  /// Writes `value` where `mask` is true.
  default Tensor maskedFill_(Tensor mask, double value) {
    return Self.self(this).update("masked_fill_", x -> Self.ops().maskedFill(x, mask, value));
  }

  /// Copies `source`, broadcast and cast as needed; differentiable with respect to it.
  default Tensor copy_(Tensor source) {
    return Self.self(this)
        .update("copy_", x -> Self.ops().copy(source.to(x.dtype()).expand(x.shape().dims())));
  }

  /// Sets every element; the gradient to the old contents is 0.
  default Tensor fill_(double value) {
    return filled(this, "fill_", value);
  }

  /// Sets every element to 0; the gradient to the old contents is 0.
  default Tensor zero_() {
    return filled(this, "zero_", 0);
  }

  /// Raises to a power in place.
  default Tensor pow_(double exponent) {
    return Self.self(this).update("pow_", x -> Self.ops().pow(x, exponent));
  }

  /// Squares in place.
  default Tensor square_() {
    return Self.self(this).update("square_", x -> Self.ops().square(x));
  }

  /// Takes the reciprocal in place.
  default Tensor reciprocal_() {
    return Self.self(this).update("reciprocal_", x -> Self.ops().reciprocal(x));
  }

  /// Takes the natural logarithm in place.
  default Tensor log_() {
    return Self.self(this).update("log_", x -> Self.ops().log(x));
  }

  /// Takes the cosine in place.
  default Tensor cos_() {
    return Self.self(this).update("cos_", x -> Self.ops().cos(x));
  }

  /// Takes the absolute value in place.
  default Tensor abs_() {
    return Self.self(this).update("abs_", x -> Self.ops().abs(x));
  }

  /// Rounds down in place; the gradient to the old contents is 0.
  default Tensor floor_() {
    return Self.self(this).update("floor_", x -> Self.ops().floor(x));
  }

  /// Rounds up in place; the gradient to the old contents is 0.
  default Tensor ceil_() {
    return Self.self(this).update("ceil_", x -> Self.ops().ceil(x));
  }

  /// Rounds to the nearest whole number in place; the gradient to the old contents is 0.
  default Tensor round_() {
    return Self.self(this).update("round_", x -> Self.ops().round(x));
  }

  /// Rounds toward zero in place; the gradient to the old contents is 0.
  default Tensor trunc_() {
    return Self.self(this).update("trunc_", x -> Self.ops().trunc(x));
  }

  /// Writes `source` at the places of `index` along `dim`; differentiable with respect to it.
  default Tensor scatter_(int dim, Tensor index, Tensor source) {
    return Self.self(this).update("scatter_", x -> Self.ops().scatter(x, dim, index, source));
  }

  /// Adds `source` at the places of `index` along `dim`; differentiable with respect to it.
  default Tensor scatterAdd_(int dim, Tensor index, Tensor source) {
    return Self.self(this)
        .update("scatter_add_", x -> Self.ops().scatterAdd(x, dim, index, source));
  }

  private static Tensor filled(InPlaceMethods self, String name, double value) {
    return Self.self(self)
        .update(name, x -> Self.ops().maskedFill(x, Tensor.ones(Shape.SCALAR, DType.BOOL), value));
  }
}
