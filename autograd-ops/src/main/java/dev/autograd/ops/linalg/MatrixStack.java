package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.operand.Operands;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// The matrices of a tensor `[*, rows, columns]` in f64, copied: what factorisations work in for
/// either type.
///
/// @param shape the shape of the tensor
/// @param values its elements, contiguous
record MatrixStack(Shape shape, double[] values) {
  private static final double PRODUCTS_PER_CHUNK = 1 << 16;

  static MatrixStack of(Tensor x) {
    return new MatrixStack(x.shape(), TensorCast.cast(x, DType.F64).memory().doubles());
  }

  /// Returns the matrices of a tensor whose matrices are square.
  ///
  /// @throws AutogradException (`DTYPE`) if it is not floating, (`SHAPE`) if they are not
  static MatrixStack square(String who, Tensor x) {
    requireSquare(who, x);
    return of(x);
  }

  /// Returns the symmetric parts `(A + Aᵀ) / 2`.
  static MatrixStack symmetric(String who, Tensor x) {
    MatrixStack a = square(who, x);
    int n = a.order();
    for (int m = 0; m < a.count(); m++) {
      int at = m * n * n;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
          double mean = (a.values[at + i * n + j] + a.values[at + j * n + i]) / 2;
          a.values[at + i * n + j] = mean;
          a.values[at + j * n + i] = mean;
        }
      }
    }
    return a;
  }

  static void requireSquare(String who, Tensor x) {
    Operands.floating(who, x);
    requireSquare(who, x.shape());
  }

  private static void requireSquare(String who, Shape x) {
    if (x.rank() < 2 || x.size(-1) != x.size(-2)) {
      throw Operands.shape(
          who
              + ": takes square matrices in the last two dimensions, got shape "
              + x
              + (x.rank() < 2 ? "" : " (" + x.size(-2) + " != " + x.size(-1) + ")"));
    }
  }

  /// Checks a sample of a batch, whose matrices are a stack then.
  static void requireSquareSamples(String who, Tensor x) {
    Operands.floating(who, x);
    requireSquare(who, Batch.sampleShape(x));
  }

  /// Returns the number of columns.
  int order() {
    return shape.size(-1);
  }

  /// Returns how many matrices there are.
  int count() {
    return leading(shape).numel();
  }

  /// Returns the dimensions that are stacked.
  static Shape leading(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 2));
  }

  /// Returns these dimensions with more after them.
  static Shape extended(Shape lead, int... more) {
    int[] sizes = Arrays.copyOf(lead.dims(), lead.rank() + more.length);
    System.arraycopy(more, 0, sizes, lead.rank(), more.length);
    return Shape.of(sizes);
  }

  /// Returns f64 elements as a tensor of another type.
  static Tensor tensor(double[] values, Shape shape, DType dtype) {
    return TensorCast.to(Tensor.of(Storage.of(values, DType.F64), shape), dtype);
  }

  /// Does something for each of `count` matrices, several at a time.
  ///
  /// @param products about how many multiplications one takes
  static void each(int count, double products, IntConsumer task) {
    int grain = (int) Math.clamp(PRODUCTS_PER_CHUNK / Math.max(1, products), 1, 1 << 20);
    Workers.forRange(
        count,
        grain,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            task.accept(i);
          }
        });
  }

  /// Returns, for each index of the broadcast dimensions `to`, which matrix of `from` stands there.
  static int[] places(Shape from, Shape to) {
    int[] strides = new int[to.rank()];
    int[] own = from.strides();
    for (int d = 0; d < own.length; d++) {
      int at = to.rank() - own.length + d;
      strides[at] = from.size(d) == 1 ? 0 : own[d];
    }
    int[] places = new int[to.numel()];
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      for (int d = strides.length - 1; d >= 0; d--) {
        places[i] += rest % to.size(d) * strides[d];
        rest /= to.size(d);
      }
    }
    return places;
  }

  /// Names a matrix of a stack for a message.
  static String which(Shape lead, int index) {
    if (lead.rank() == 0) {
      return "the matrix";
    }
    int[] at = new int[lead.rank()];
    for (int d = at.length - 1; d >= 0; d--) {
      at[d] = index % lead.size(d);
      index /= lead.size(d);
    }
    return "matrix " + Arrays.toString(at);
  }
}
