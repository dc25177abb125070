package dev.autograd.ops.random;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;

/// Fills tensors with random numbers, which depend on the generator's seed and position only.
///
/// Every kind of number has a stream of its own: numbers of two kinds never share the random bits
/// they are made of, and elements take one position each whatever their kind.
public final class RandomFill {
  private static final long UNIFORM_F32 = 0;
  private static final long UNIFORM_F64 = 1;
  private static final long NORMAL_F32 = 2;
  private static final long NORMAL_F64 = 3;

  /// A permutation has a stream of its own, told apart by the position where it was drawn.
  private static final long PERMUTATIONS = 1L << 62;

  private RandomFill() {}

  /// Fills `target` with numbers uniform in `[low, high)`; records nothing.
  ///
  /// @throws AutogradException (`DTYPE`) if `target` is not `f32` or `f64`, (`ARGUMENT`) if `low`
  ///   is greater than `high` or one of them is not finite
  public static void uniform(Tensor target, double low, double high, Generator generator) {
    if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "uniform: low must be at most high, both finite, got " + low + " and " + high);
    }
    int n = target.numel();
    Storage y = drawn("uniform", target);
    long first = generator.take(n);
    if (y.dtype() == DType.F32) {
      float[] v = y.floats();
      dev.autograd.kernel.random.RandomFill.uniform(generator.seed(), UNIFORM_F32, first, v, 0, n);
      if (low != 0 || high != 1) {
        float below = Math.nextDown((float) high);
        for (int i = 0; i < n; i++) {
          // Rounding may reach the limit, which is not part of the range.
          v[i] = (float) Math.min(low + (high - low) * v[i], Math.max(below, (float) low));
        }
      }
    } else {
      double[] v = y.doubles();
      dev.autograd.kernel.random.RandomFill.uniform(generator.seed(), UNIFORM_F64, first, v, 0, n);
      if (low != 0 || high != 1) {
        double below = Math.max(Math.nextDown(high), low);
        for (int i = 0; i < n; i++) {
          v[i] = Math.min(low + (high - low) * v[i], below);
        }
      }
    }
    write(y, target);
  }

  /// Fills `target` with numbers of the normal distribution; records nothing.
  ///
  /// @throws AutogradException (`DTYPE`) if `target` is not `f32` or `f64`, (`ARGUMENT`) if `std`
  ///   is negative
  public static void normal(Tensor target, double mean, double std, Generator generator) {
    if (!(std >= 0)) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "normal: std must not be negative, got " + std);
    }
    int n = target.numel();
    Storage y = drawn("normal", target);
    long first = generator.take(n);
    if (y.dtype() == DType.F32) {
      float[] v = y.floats();
      dev.autograd.kernel.random.RandomFill.normal(generator.seed(), NORMAL_F32, first, v, 0, n);
      if (mean != 0 || std != 1) {
        for (int i = 0; i < n; i++) {
          v[i] = (float) (mean + std * v[i]);
        }
      }
    } else {
      double[] v = y.doubles();
      dev.autograd.kernel.random.RandomFill.normal(generator.seed(), NORMAL_F64, first, v, 0, n);
      if (mean != 0 || std != 1) {
        for (int i = 0; i < n; i++) {
          v[i] = mean + std * v[i];
        }
      }
    }
    write(y, target);
  }

  /// Returns the numbers `0 … n − 1` in random order, as `i64`.
  ///
  /// @throws AutogradException (`ARGUMENT`) if `n` is negative
  public static Tensor permutation(int n, Generator generator) {
    if (n < 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "permutation: n must not be negative, got " + n);
    }
    long[] y = new long[n];
    long first = generator.take(n);
    dev.autograd.kernel.random.RandomFill.permutation(
        generator.seed(), PERMUTATIONS + first, y, 0, n);
    return Tensor.of(Storage.of(y, DType.I64), Shape.of(n));
  }

  /// Returns where to draw to: the target's own array if its elements lie there in order.
  private static Storage drawn(String who, Tensor target) {
    if (target.dtype() != DType.F32 && target.dtype() != DType.F64) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          who + ": random numbers are f32 or f64, got " + target.dtype() + ". Cast them after.");
    }
    target.memory().aboutToWrite();
    boolean whole =
        target.isContiguous() && target.offset() == 0 && target.memory().length() == target.numel();
    return whole ? target.memory() : Storage.empty(target.dtype(), target.numel());
  }

  private static void write(Storage y, Tensor target) {
    if (y != target.memory()) {
      TensorCopy.into(
          Tensor.of(y, target.shape()), target.memory(), target.offset(), target.strides());
    }
  }
}
