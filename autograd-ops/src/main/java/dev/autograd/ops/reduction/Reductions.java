package dev.autograd.ops.reduction;

import dev.autograd.DType;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.IntegerReduce;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.ops.memory.TensorCast;

/// The kernels of sums, products and extremes, by element type.
final class Reductions {
  private Reductions() {}

  /// Sums; integers and truth values give `i64`.
  static Storage sum(String who, Tensor x, boolean[] gone) {
    Dims.requireComputed(who, x);
    Axes axes = Dims.axes(x, gone);
    Storage v = x.memory();
    return switch (x.dtype()) {
      case F32 -> {
        float[] y = new float[axes.outputs()];
        Reduce.sum(v.floats(), x.offset(), axes, y, 0);
        yield Storage.of(y, DType.F32);
      }
      case F64 -> {
        double[] y = new double[axes.outputs()];
        Reduce.sum(v.doubles(), x.offset(), axes, y, 0);
        yield Storage.of(y, DType.F64);
      }
      case I64 -> {
        long[] y = new long[axes.outputs()];
        IntegerReduce.sum(v.longs(), x.offset(), axes, y, 0);
        yield Storage.of(y, DType.I64);
      }
      case BOOL -> {
        long[] y = new long[axes.outputs()];
        IntegerReduce.count(v.bytes(), x.offset(), axes, y, 0);
        yield Storage.of(y, DType.I64);
      }
      case I32, U8, F16, BF16 -> sum(who, TensorCast.cast(x, DType.I64), gone);
    };
  }

  /// Multiplies; integers and truth values give `i64`.
  static Storage prod(String who, Tensor x, boolean[] gone) {
    Dims.requireComputed(who, x);
    Axes axes = Dims.axes(x, gone);
    Storage v = x.memory();
    return switch (x.dtype()) {
      case F32 -> {
        float[] y = new float[axes.outputs()];
        Reduce.prod(v.floats(), x.offset(), axes, y, 0);
        yield Storage.of(y, DType.F32);
      }
      case F64 -> {
        double[] y = new double[axes.outputs()];
        Reduce.prod(v.doubles(), x.offset(), axes, y, 0);
        yield Storage.of(y, DType.F64);
      }
      case I64 -> {
        long[] y = new long[axes.outputs()];
        IntegerReduce.prod(v.longs(), x.offset(), axes, y, 0);
        yield Storage.of(y, DType.I64);
      }
      case I32, U8, BOOL, F16, BF16 -> prod(who, TensorCast.cast(x, DType.I64), gone);
    };
  }

  /// Takes the greatest or the least element, in the type of `x`.
  static Storage extreme(String who, Tensor x, boolean[] gone, boolean greatest) {
    Dims.requireComputed(who, x);
    Dims.requireElements(who, x.shape(), gone);
    Axes axes = Dims.axes(x, gone);
    Storage v = x.memory();
    return switch (x.dtype()) {
      case F32 -> {
        float[] y = new float[axes.outputs()];
        if (greatest) {
          Reduce.max(v.floats(), x.offset(), axes, y, 0);
        } else {
          Reduce.min(v.floats(), x.offset(), axes, y, 0);
        }
        yield Storage.of(y, DType.F32);
      }
      case F64 -> {
        double[] y = new double[axes.outputs()];
        if (greatest) {
          Reduce.max(v.doubles(), x.offset(), axes, y, 0);
        } else {
          Reduce.min(v.doubles(), x.offset(), axes, y, 0);
        }
        yield Storage.of(y, DType.F64);
      }
      case I64 -> {
        long[] y = new long[axes.outputs()];
        if (greatest) {
          IntegerReduce.max(v.longs(), x.offset(), axes, y, 0);
        } else {
          IntegerReduce.min(v.longs(), x.offset(), axes, y, 0);
        }
        yield Storage.of(y, DType.I64);
      }
      case I32 -> {
        int[] y = new int[axes.outputs()];
        if (greatest) {
          IntegerReduce.max(v.ints(), x.offset(), axes, y, 0);
        } else {
          IntegerReduce.min(v.ints(), x.offset(), axes, y, 0);
        }
        yield Storage.of(y, DType.I32);
      }
      case BOOL -> {
        byte[] y = new byte[axes.outputs()];
        if (greatest) {
          IntegerReduce.any(v.bytes(), x.offset(), axes, y, 0);
        } else {
          IntegerReduce.all(v.bytes(), x.offset(), axes, y, 0);
        }
        yield Storage.of(y, DType.BOOL);
      }
      case U8, F16, BF16 -> {
        Tensor wide = TensorCast.cast(x, DType.I32);
        Tensor y = Tensor.of(extreme(who, wide, gone, greatest), Dims.left(x.shape(), gone, false));
        yield TensorCast.cast(y, DType.U8).memory();
      }
    };
  }
}
