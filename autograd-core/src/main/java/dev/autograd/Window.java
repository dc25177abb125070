package dev.autograd;

import java.util.Arrays;
import java.util.List;

/// Where in its base a view lies.
///
/// @param shape the sizes of the view
/// @param strides in elements, one for each dimension
/// @param offset of the first element
record Window(Shape shape, List<Integer> strides, int offset) {
  static Window of(Tensor view) {
    List<Integer> strides = Arrays.stream(view.sharedStrides()).boxed().toList();
    return new Window(view.shape(), strides, view.offset());
  }

  /// Returns this part of `whole`, which is contiguous.
  Tensor in(Tensor whole) {
    return whole.alias(shape, strides.stream().mapToInt(i -> i).toArray(), offset);
  }

  /// Returns this window with every dimension along which all elements are one reduced to it.
  Window withoutRepeats() {
    int[] dims = shape.dims();
    for (int i = 0; i < dims.length; i++) {
      if (strides.get(i) == 0 && dims[i] > 1) {
        dims[i] = 1;
      }
    }
    return new Window(Shape.of(dims), strides, offset);
  }
}
