package dev.autograd;

import org.jspecify.annotations.Nullable;

/// A shape and an element type; as a slot, that of an input or output without gradient.
///
/// A shape keeps those that were asked for, see [Shape#as]: tensors that share their shape share
/// them too.
final class TensorType extends Slot {
  private final Shape shape;
  private final DType dtype;

  /// Another one of the same shape, if the shape keeps several.
  private final @Nullable TensorType next;

  TensorType(Shape shape, DType dtype, @Nullable TensorType next) {
    this.shape = shape;
    this.dtype = dtype;
    this.next = next;
  }

  static TensorType of(Tensor t) {
    return t.shape().as(t.dtype());
  }

  /// Returns the one of `dtype` among this and the ones behind it, or `null` if there is none.
  @Nullable TensorType find(DType dtype) {
    for (TensorType t = this; t != null; t = t.next) {
      if (t.dtype == dtype) {
        return t;
      }
    }
    return null;
  }

  @Override
  @Nullable Node node() {
    return null;
  }

  @Override
  int outputNr() {
    return 0;
  }

  @Override
  Shape shape() {
    return shape;
  }

  @Override
  DType dtype() {
    return dtype;
  }
}
