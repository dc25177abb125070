package dev.autograd.method;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The sizes and orders behind methods that are others in disguise.
final class ShapeArithmetic {
  private ShapeArithmetic() {}

  static Tensor transpose(Tensor x, int a, int b) {
    int i = x.shape().axis("transpose", a);
    int j = x.shape().axis("transpose", b);
    int[] order = IntStream.range(0, x.rank()).toArray();
    if (order.length == 0) {
      return x;
    }
    order[i] = j;
    order[j] = i;
    return x.permute(order);
  }

  static Tensor flatten(Tensor x, int start, int end) {
    int from = x.shape().axis("flatten", start);
    int to = x.shape().axis("flatten", end);
    if (from > to) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "flatten: start must not come after end, got " + start + " and " + end);
    }
    int[] dims = x.shape().dims();
    if (dims.length == 0) {
      return x.reshape(1);
    }
    int joined = 1;
    for (int i = from; i <= to; i++) {
      joined *= dims[i];
    }
    return x.reshape(
        IntStream.concat(
                IntStream.concat(Arrays.stream(dims, 0, from), IntStream.of(joined)),
                Arrays.stream(dims, to + 1, dims.length))
            .toArray());
  }

  /// Returns the sizes of pieces of `size`, the last one perhaps shorter.
  static int[] pieces(Tensor x, int size, int dim) {
    int n = x.size(dim);
    if (size <= 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "split: the size of a piece must be positive, got " + size);
    }
    int count = Math.max(1, (n + size - 1) / size);
    int[] sizes = new int[count];
    Arrays.fill(sizes, size);
    sizes[count - 1] = n - size * (count - 1);
    return sizes;
  }

  /// Returns the sizes of at most `count` pieces, as equal as whole pieces can be.
  static int[] chunks(Tensor x, int count, int dim) {
    if (count <= 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "chunk: the number of pieces must be positive, got " + count);
    }
    return pieces(x, Math.max(1, (x.size(dim) + count - 1) / count), dim);
  }
}
