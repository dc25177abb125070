package dev.autograd.ops.reduction;

import dev.autograd.DType;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.IntegerReduce;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.pointwise.Fusion;
import java.util.function.Consumer;

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
        Storage y = Storage.empty(DType.F32, axes.outputs());
        read(x, axes, all -> Reduce.sum(all, axes, y.floats(), 0));
        yield y;
      }
      case F64 -> {
        Storage y = Storage.empty(DType.F64, axes.outputs());
        read(x, axes, all -> Reduce.sum(all, axes, y.doubles(), 0));
        yield y;
      }
      case I64 -> {
        Storage y = Storage.empty(DType.I64, axes.outputs());
        IntegerReduce.sum(v.longs(), x.offset(), axes, y.longs(), 0);
        yield y;
      }
      case BOOL -> {
        Storage y = Storage.empty(DType.I64, axes.outputs());
        IntegerReduce.count(v.bytes(), x.offset(), axes, y.longs(), 0);
        yield y;
      }
      case I32, U8, F16, BF16 -> sum(who, TensorCast.cast(x, DType.I64), gone);
    };
  }

  /// Lets `fold` read a tensor, which may be computed meanwhile.
  static void read(Tensor x, Axes axes, Consumer<Inflow> fold) {
    Fusion.read(x, false, axes.stretch(), fold);
  }

  /// Multiplies; integers and truth values give `i64`.
  static Storage prod(String who, Tensor x, boolean[] gone) {
    Dims.requireComputed(who, x);
    Axes axes = Dims.axes(x, gone);
    Storage v = x.memory();
    return switch (x.dtype()) {
      case F32 -> {
        Storage y = Storage.empty(DType.F32, axes.outputs());
        Reduce.prod(v.floats(), x.offset(), axes, y.floats(), 0);
        yield y;
      }
      case F64 -> {
        Storage y = Storage.empty(DType.F64, axes.outputs());
        Reduce.prod(v.doubles(), x.offset(), axes, y.doubles(), 0);
        yield y;
      }
      case I64 -> {
        Storage y = Storage.empty(DType.I64, axes.outputs());
        IntegerReduce.prod(v.longs(), x.offset(), axes, y.longs(), 0);
        yield y;
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
        Storage y = Storage.empty(DType.F32, axes.outputs());
        if (greatest) {
          Reduce.max(v.floats(), x.offset(), axes, y.floats(), 0);
        } else {
          Reduce.min(v.floats(), x.offset(), axes, y.floats(), 0);
        }
        yield y;
      }
      case F64 -> {
        Storage y = Storage.empty(DType.F64, axes.outputs());
        if (greatest) {
          Reduce.max(v.doubles(), x.offset(), axes, y.doubles(), 0);
        } else {
          Reduce.min(v.doubles(), x.offset(), axes, y.doubles(), 0);
        }
        yield y;
      }
      case I64 -> {
        Storage y = Storage.empty(DType.I64, axes.outputs());
        if (greatest) {
          IntegerReduce.max(v.longs(), x.offset(), axes, y.longs(), 0);
        } else {
          IntegerReduce.min(v.longs(), x.offset(), axes, y.longs(), 0);
        }
        yield y;
      }
      case I32 -> {
        Storage y = Storage.empty(DType.I32, axes.outputs());
        if (greatest) {
          IntegerReduce.max(v.ints(), x.offset(), axes, y.ints(), 0);
        } else {
          IntegerReduce.min(v.ints(), x.offset(), axes, y.ints(), 0);
        }
        yield y;
      }
      case BOOL -> {
        Storage y = Storage.empty(DType.BOOL, axes.outputs());
        if (greatest) {
          IntegerReduce.any(v.bytes(), x.offset(), axes, y.bytes(), 0);
        } else {
          IntegerReduce.all(v.bytes(), x.offset(), axes, y.bytes(), 0);
        }
        yield y;
      }
      case U8, F16, BF16 -> {
        Tensor wide = TensorCast.cast(x, DType.I32);
        Tensor y = Tensor.of(extreme(who, wide, gone, greatest), Dims.left(x.shape(), gone, false));
        yield TensorCast.cast(y, DType.U8).memory();
      }
    };
  }
}
