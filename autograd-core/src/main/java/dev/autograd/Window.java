package dev.autograd;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where in the storage of its base a view lies, and how the base itself lies there.
///
/// @param shape the sizes of the view
/// @param strides in elements, one for each dimension
/// @param offset of the first element
/// @param whole where the base lies; `null` if it fills its storage in row-major order
record Window(Shape shape, List<Integer> strides, int offset, @Nullable Window whole) {
  static Window of(Tensor view) {
    Tensor base = view.base();
    return at(view, base == null || base.ownsWholeStorage() ? null : at(base, null));
  }

  private static Window at(Tensor t, @Nullable Window whole) {
    List<Integer> strides = Arrays.stream(t.sharedStrides()).boxed().toList();
    return new Window(t.shape(), strides, t.offset(), whole);
  }

  /// Returns this part of the base itself.
  Tensor of(Shape shape, Tensor base) {
    return base.alias(shape, steps(), offset);
  }

  /// Returns this part of the base itself.
  Tensor in(Tensor base) {
    return of(shape, base);
  }

  /// Returns a copy of the elements that `values`, which has the shape of the base, holds for this
  /// part of it.
  Tensor copyFrom(Tensor values) {
    return in(laidOut(values)).clone();
  }

  /// Returns a copy of `values`, which has the shape of the base, with zeros in this part.
  Tensor clearedCopyOf(Tensor values) {
    Tensor laid = laidOut(values);
    Tensor.operations().fillInto(0, in(laid));
    return whole == null ? laid : whole.in(laid).clone();
  }

  /// Returns zeros of the base's shape with `part` in this part; where several elements of the view
  /// are one of the base, their sum.
  Tensor placed(Tensor part, Shape base) {
    Tensor laid = Tensor.zeros(Shape.of(extent(base)), part.dtype());
    int[] once = shape.dims();
    for (int i = 0; i < once.length; i++) {
      if (strides.get(i) == 0 && once[i] > 1) {
        once[i] = 1;
      }
    }
    Shape distinct = Shape.of(once);
    Tensor.operations().copyInto(Tensor.operations().sumTo(part, distinct), of(distinct, laid));
    return whole == null ? laid.alias(base, base.strides(), 0).detach() : whole.in(laid).clone();
  }

  /// Returns a fresh tensor that holds `values` as the base lies in its storage.
  private Tensor laidOut(Tensor values) {
    Tensor laid = Tensor.zeros(Shape.of(extent(values.shape())), values.dtype());
    Tensor place =
        whole == null
            ? laid.alias(values.shape(), values.shape().strides(), 0).detach()
            : whole.in(laid);
    Tensor.operations().copyInto(values, place);
    return whole == null ? place : laid;
  }

  /// Returns how long a storage must be to hold the base.
  private int extent(Shape base) {
    if (whole == null || base.numel() == 0) {
      return whole == null ? base.numel() : whole.offset;
    }
    int last = whole.offset;
    for (int i = 0; i < whole.strides.size(); i++) {
      last += (whole.shape.sizeAt(i) - 1) * whole.strides.get(i);
    }
    return last + 1;
  }

  private int[] steps() {
    return strides.stream().mapToInt(i -> i).toArray();
  }
}
