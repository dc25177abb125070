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
import java.util.function.Function;

/// The kernels of sums, products and extremes, by element type.
final class Reductions {
  private Reductions() {}

  /// Sums; integers and truth values give `i64`.
  static Storage sum(String who, Tensor x, boolean[] gone) {
    Dims.requireComputed(who, x);
    Axes axes = Dims.axes(x, gone);
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
      case I64 -> fold(x, axes, Storage::longs, IntegerReduce::sum);
      case BOOL -> {
        Storage y = Storage.empty(DType.I64, axes.outputs());
        IntegerReduce.count(x.memory().bytes(), x.offset(), axes, y.longs(), 0);
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
    return switch (x.dtype()) {
      case F32 -> fold(x, axes, Storage::floats, Reduce::prod);
      case F64 -> fold(x, axes, Storage::doubles, Reduce::prod);
      case I64 -> fold(x, axes, Storage::longs, IntegerReduce::prod);
      case I32, U8, BOOL, F16, BF16 -> prod(who, TensorCast.cast(x, DType.I64), gone);
    };
  }

  /// Takes the greatest or the least element, in the type of `x`.
  static Storage extreme(String who, Tensor x, boolean[] gone, boolean greatest) {
    Dims.requireComputed(who, x);
    Dims.requireElements(who, x.shape(), gone);
    Axes axes = Dims.axes(x, gone);
    return switch (x.dtype()) {
      case F32 -> fold(x, axes, Storage::floats, greatest ? Reduce::max : Reduce::min);
      case F64 -> fold(x, axes, Storage::doubles, greatest ? Reduce::max : Reduce::min);
      case I64 -> fold(x, axes, Storage::longs, greatest ? IntegerReduce::max : IntegerReduce::min);
      case I32 -> fold(x, axes, Storage::ints, greatest ? IntegerReduce::max : IntegerReduce::min);
      case BOOL ->
          fold(x, axes, Storage::bytes, greatest ? IntegerReduce::any : IntegerReduce::all);
      case U8, F16, BF16 -> {
        Tensor wide = TensorCast.cast(x, DType.I32);
        Tensor y = Tensor.of(extreme(who, wide, gone, greatest), Dims.left(x.shape(), gone, false));
        yield TensorCast.cast(y, DType.U8).memory();
      }
    };
  }

  private static <A> Storage fold(Tensor x, Axes axes, Function<Storage, A> array, Fold<A> fold) {
    Storage y = Storage.empty(x.dtype(), axes.outputs());
    fold.run(array.apply(x.memory()), x.offset(), axes, array.apply(y), 0);
    return y;
  }

  /// A kernel whose results have the type of what it reads.
  private interface Fold<A> {
    void run(A x, int xOffset, Axes axes, A y, int yOffset);
  }
}
