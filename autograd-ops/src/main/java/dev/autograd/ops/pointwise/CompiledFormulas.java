package dev.autograd.ops.pointwise;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.expr.BinaryOp;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Operand;
import dev.autograd.kernel.expr.PointwiseKernel;
import dev.autograd.kernel.expr.UnaryOp;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Formulas that share their inputs, with a kernel for each type they have been computed in.
///
/// The way of same-shaped contiguous inputs of one type is kept short: it decides how fast models
/// of small tensors are.
final class CompiledFormulas {
  private static final int COMPUTE_TYPES = 4;

  /// What a root or a transcendental function costs, in simple operations.
  private static final int COSTLY = 10;

  /// Up to this many elements an application costs what its objects cost, and is never put off.
  private static final int FEW =
      Math.min(1024, Integer.getInteger("autograd.fusion.elements", 1 << 14) - 1);

  /// Offsets of operands that begin at their arrays' beginnings, by number of operands.
  private static final int[][] NO_OFFSETS = {{}, {0}, {0, 0}, {0, 0, 0}, {0, 0, 0, 0}};

  private final String name;
  private final List<Expr> outputs;
  private final BitSet conditions;

  /// By [#slot] of the compute type, and behind those the ones whose results are truth values.
  private final AtomicReferenceArray<@Nullable PointwiseKernel> kernels =
      new AtomicReferenceArray<>(2 * COMPUTE_TYPES);

  private int cost;

  private final @Nullable OperandArrays[] arrays = OperandArrays.places();

  CompiledFormulas(String name, List<Expr> outputs) {
    this.name = name;
    this.outputs = outputs;
    this.conditions = ExprWalk.conditions(outputs);
  }

  List<Expr> outputs() {
    return outputs;
  }

  String name() {
    return name;
  }

  /// Computes all formulas in one pass, whatever the layouts and types of the inputs.
  Tensor[] run(DType compute, DType result, double[] params, Tensor... in) {
    checkConditions(in);
    if (compute == result && compute.isFloating()) {
      Tensor[] later = Chain.apply(this, compute, params, in);
      if (later != null) {
        return later;
      }
    }
    try {
      return isPlain(compute, in)
          ? runPlain(compute, result, params, in)
          : runStrided(compute, result, params, in);
    } catch (ArithmeticException e) {
      throw divided(e);
    }
  }

  /// Computes the formula, if it is only one.
  Tensor runOne(DType compute, DType result, double[] params, Tensor... in) {
    checkConditions(in);
    if (in[0].numel() > FEW || in.length >= NO_OFFSETS.length || !isPlain(compute, in)) {
      return run(compute, result, params, in)[0];
    }
    try {
      return runFew(compute, result, params, in);
    } catch (ArithmeticException e) {
      throw divided(e);
    }
  }

  private AutogradException divided(ArithmeticException e) {
    return new AutogradException(
        ErrorKind.ARGUMENT,
        name + ": an integer cannot be divided by 0. Cast to a floating type for inf and NaN",
        e);
  }

  /// Computes `n` contiguous elements into given arrays.
  void runInto(
      DType type,
      int n,
      double[] params,
      Object[] out,
      int[] outOffsets,
      Object[] in,
      int[] inOffsets) {
    kernel(type, type).runContiguous(n, params, out, outOffsets, in, inOffsets);
  }

  /// Returns about how many simple operations an element costs.
  int cost() {
    int known = cost;
    if (known == 0) {
      known = 1;
      for (Expr e : ExprWalk.bottomUp(outputs)) {
        known +=
            switch (e) {
              case Expr.Input _, Expr.Param _, Expr.Constant _ -> 0;
              case Expr.Unary u -> u.op().compareTo(UnaryOp.SQRT) < 0 ? 1 : COSTLY;
              case Expr.Binary b -> b.op() == BinaryOp.POW ? COSTLY : 1;
              case Expr.Select _, Expr.Fma _ -> 1;
            };
      }
      cost = known;
    }
    return known;
  }

  private Tensor[] runPlain(DType compute, DType result, double[] params, Tensor[] in) {
    Shape shape = in[0].shape();
    int n = shape.numel();
    Object[] arrays = new Object[in.length];
    boolean shifted = in.length >= NO_OFFSETS.length;
    for (int i = 0; i < in.length; i++) {
      arrays[i] = in[i].memory().array();
      shifted |= in[i].offset() != 0;
    }
    int[] offsets = shifted ? offsets(in) : NO_OFFSETS[in.length];
    int count = outputs.size();
    Object[] out = new Object[count];
    Tensor[] results = new Tensor[count];
    for (int k = 0; k < count; k++) {
      Storage y = Storage.empty(result, n);
      out[k] = y.array();
      results[k] = Tensor.of(y, shape);
    }
    int[] outOffsets = count < NO_OFFSETS.length ? NO_OFFSETS[count] : new int[count];
    kernel(compute, result).runContiguous(n, params, out, outOffsets, arrays, offsets);
    return results;
  }

  /// Computes one formula as [#runPlain] does, with nothing made but the result.
  private Tensor runFew(DType compute, DType result, double[] params, Tensor[] in) {
    Shape shape = in[0].shape();
    Storage y = Storage.empty(result, shape.numel());
    OperandArrays own = OperandArrays.ofThisThread(arrays, in.length);
    Object[] values = own.in();
    Object[] out = own.out();
    boolean shifted = false;
    for (int i = 0; i < in.length; i++) {
      values[i] = in[i].memory().array();
      shifted |= in[i].offset() != 0;
    }
    out[0] = y.array();
    int[] offsets = shifted ? offsets(in) : NO_OFFSETS[in.length];
    try {
      kernel(compute, result)
          .runContiguous(shape.numel(), params, out, NO_OFFSETS[1], values, offsets);
    } finally {
      own.release();
    }
    return Tensor.of(y, shape);
  }

  private static int[] offsets(Tensor[] in) {
    int[] offsets = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      offsets[i] = in[i].offset();
    }
    return offsets;
  }

  /// Tells whether all inputs are contiguous, of one shape, and of the types that the kernel reads.
  private boolean isPlain(DType compute, Tensor[] in) {
    Shape shape = in[0].shape();
    for (int i = 0; i < in.length; i++) {
      Tensor t = in[i];
      if (!t.shape().equals(shape) || !t.isContiguous()) {
        return false;
      }
      DType type = t.dtype();
      if (type != compute && (type != DType.BOOL || !conditions.get(i))) {
        return false;
      }
    }
    return true;
  }

  private Tensor[] runStrided(DType compute, DType result, double[] params, Tensor[] in) {
    Shape shape = in[0].shape();
    for (int i = 1; i < in.length; i++) {
      shape = Shape.broadcast(name, shape, in[i].shape());
    }
    int rank = shape.rank();
    Operand[] ins = new Operand[in.length];
    for (int i = 0; i < in.length; i++) {
      ins[i] = operand(in[i], rank);
    }
    Tensor[] results = new Tensor[outputs.size()];
    Operand[] outs = new Operand[results.length];
    int[] strides = shape.strides();
    for (int k = 0; k < results.length; k++) {
      Storage y = Storage.empty(result, shape.numel());
      outs[k] = new Operand(y.array(), 0, strides);
      results[k] = Tensor.of(y, shape);
    }
    kernel(compute, result).run(shape.dims(), params, outs, ins);
    return results;
  }

  /// Sees a tensor as one of `rank` dimensions; a dimension of size 1 repeats.
  private static Operand operand(Tensor t, int rank) {
    int[] own = t.strides();
    int[] strides = new int[rank];
    int lead = rank - own.length;
    for (int d = 0; d < own.length; d++) {
      strides[lead + d] = t.size(d) == 1 ? 0 : own[d];
    }
    return new Operand(t.memory().array(), t.offset(), strides);
  }

  private void checkConditions(Tensor[] in) {
    for (int i = conditions.nextSetBit(0); i >= 0; i = conditions.nextSetBit(i + 1)) {
      if (in[i].dtype() != DType.BOOL) {
        throw new AutogradException(
            ErrorKind.DTYPE,
            name
                + ": input "
                + i
                + " is a condition and must be bool, got "
                + in[i].dtype()
                + ". Compare it first, as in x.ne(0)");
      }
    }
  }

  /// Tells whether an input is used as a truth value.
  boolean isCondition(int input) {
    return conditions.get(input);
  }

  PointwiseKernel kernel(DType compute, DType result) {
    // A formula that is not a truth value itself becomes one for a result of that type.
    int slot = slot(compute) + (result == DType.BOOL ? COMPUTE_TYPES : 0);
    PointwiseKernel kernel = kernels.getAcquire(slot);
    if (kernel == null) {
      List<Expr> formulas = outputs;
      if (result == DType.BOOL) {
        formulas = outputs.stream().map(e -> e.logical() ? e : e.ne(0)).toList();
      }
      kernel = PointwiseKernel.of(elementType(compute), formulas);
      kernels.setRelease(slot, kernel);
    }
    return kernel;
  }

  private static int slot(DType compute) {
    return switch (compute) {
      case F32 -> 0;
      case F64 -> 1;
      case I64 -> 2;
      case I32 -> 3;
      case U8, BOOL, F16, BF16 ->
          throw new IllegalStateException("formula: nothing is computed in " + compute);
    };
  }

  private static ElementType elementType(DType type) {
    return switch (type) {
      case F32 -> ElementType.F32;
      case F64 -> ElementType.F64;
      case I64 -> ElementType.I64;
      case I32 -> ElementType.I32;
      case U8, BOOL, F16, BF16 ->
          throw new IllegalStateException("formula: nothing is computed in " + type);
    };
  }

  /// Returns the common type of the inputs, as PyTorch finds it: a tensor without dimensions counts
  /// only if its category (truth values, integers, floating) is above that of the others.
  static DType common(Tensor... in) {
    DType type = in[0].dtype();
    boolean same = true;
    for (int i = 1; i < in.length; i++) {
      same &= in[i].dtype() == type;
    }
    if (same) {
      return type;
    }
    DType[] types = new DType[in.length];
    int[] ranks = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      types[i] = in[i].dtype();
      ranks[i] = in[i].rank();
    }
    return common(types, ranks);
  }

  /// Returns the common type of inputs of these types and numbers of dimensions.
  static DType common(DType[] types, int[] ranks) {
    DType sized = DType.BOOL;
    DType scalar = DType.BOOL;
    for (int i = 0; i < types.length; i++) {
      if (ranks[i] == 0) {
        scalar = DType.promote(scalar, types[i]);
      } else {
        sized = DType.promote(sized, types[i]);
      }
    }
    boolean anySized = false;
    for (int r : ranks) {
      anySized |= r > 0;
    }
    if (!anySized) {
      return scalar;
    }
    return category(scalar) > category(sized) ? scalar : sized;
  }

  private static int category(DType type) {
    return type.isFloating() ? 2 : type.isInteger() ? 1 : 0;
  }
}
