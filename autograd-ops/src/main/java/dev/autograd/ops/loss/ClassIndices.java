package dev.autograd.ops.loss;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Targets that name classes, checked against scores `[N, C, *]`.
final class ClassIndices {
  private final long[] index;
  private final int classes;
  private final int inner;

  private ClassIndices(long[] index, int classes, int inner) {
    this.index = index;
    this.classes = classes;
    this.inner = inner;
  }

  /// Returns the classes in row-major order.
  long[] index() {
    return index;
  }

  /// Returns C.
  int classes() {
    return classes;
  }

  /// Returns the number of positions of one example.
  int inner() {
    return inner;
  }

  /// Checks shape, type and range of a target.
  static ClassIndices of(String op, Shape x, Tensor target, long ignore) {
    if (target.dtype() != DType.I64) {
      throw new AutogradException(
          ErrorKind.DTYPE, op + ": class indices must be i64, got " + target.dtype());
    }
    Shape want = withoutClasses(op, x);
    if (!target.shape().equals(want)) {
      throw Operands.shape(
          op
              + ": the target must have the shape of the scores without their classes (dimension"
              + " 1), "
              + want
              + ", got scores "
              + x
              + " and target "
              + target.shape());
    }
    int classes = x.size(1);
    long[] index = target.toLongArray();
    for (int i = 0; i < index.length; i++) {
      if ((index[i] < 0 || index[i] >= classes) && index[i] != ignore) {
        throw new AutogradException(
            ErrorKind.INDEX,
            op
                + ": a target must lie in [0, "
                + classes
                + ") or be the ignored index "
                + ignore
                + ", got "
                + index[i]
                + " at position "
                + Arrays.toString(position(want, i))
                + ". Are there more classes than scores?");
      }
    }
    int n = x.size(0);
    return new ClassIndices(index, classes, n == 0 ? 0 : want.numel() / n);
  }

  static Shape withoutClasses(String op, Shape x) {
    if (x.rank() < 2) {
      throw Operands.shape(op + ": takes scores [N, C, *], got " + x);
    }
    int[] dims = x.dims();
    int[] rest = new int[dims.length - 1];
    rest[0] = dims[0];
    System.arraycopy(dims, 2, rest, 1, dims.length - 2);
    return Shape.of(rest);
  }

  /// Returns the index along every dimension of element `flat`.
  static int[] position(Shape shape, int flat) {
    int[] at = new int[shape.rank()];
    for (int d = at.length - 1; d >= 0; d--) {
      at[d] = flat % shape.size(d);
      flat /= shape.size(d);
    }
    return at;
  }

  /// Returns the shape `[1, C, 1…]` of a vector of classes beside scores x.
  static int[] perClass(Shape x) {
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[1] = x.size(1);
    return dims;
  }

  /// Returns operands with the examples of all samples beneath each other: scores and target.
  ///
  /// @param first the place of the scores
  static Tensor[] examples(Batch batch, int first, Tensor... in) {
    Tensor[] repeated = batch.repeated(in);
    Tensor[] all = in.clone();
    for (int i = first; i < first + 2; i++) {
      if (repeated[i].rank() < 2) {
        // Refused by the loss itself, in its words.
        return in;
      }
      all[i] = Batch.folded(repeated[i], 0);
    }
    return all;
  }

  /// Returns the sum of the weights of each sample's targets, leaving out the ignored ones.
  ///
  /// @param x the shape of the scores of all samples
  static Tensor totals(
      Batch batch, long ignore, Shape x, Tensor target, @Nullable Tensor weight, DType dtype) {
    Tensor each;
    if (weight == null) {
      each = target.ne((double) ignore).to(dtype);
    } else {
      Tensor minusOnes = Tensor.full(Shape.SCALAR, -1, dtype).expand(x.dims());
      each = new NllLoss(Reduction.NONE, ignore, true).apply(minusOnes, target, weight);
    }
    return Reduction.SUM.reduceSamples(batch.unfolded(each, 0));
  }

  /// Returns 1 at the class of each target and 0 elsewhere, also where it is ignored.
  static Tensor oneHot(Shape x, Tensor target, long ignore, DType dtype) {
    Tensor column = target.unsqueeze(1);
    Tensor classes = Tensor.arange(x.size(1)).reshape(perClass(x));
    Tensor hot = column.eq(classes).to(dtype);
    boolean isClass = ignore >= 0 && ignore < x.size(1);
    return isClass ? hot.mul(column.ne((double) ignore).to(dtype)) : hot;
  }

  /// Adds the nodes of [#oneHot].
  static Value oneHot(OnnxGraph graph, Shape x, Value target, long ignore, DType dtype) {
    var f = new OnnxFormula(graph);
    Value column = column(f, x, target);
    Tensor classes = Tensor.arange(x.size(1)).reshape(perClass(x));
    Value hot = f.cast(f.equal(column, graph.constant(classes)), dtype);
    boolean isClass = ignore >= 0 && ignore < x.size(1);
    return isClass ? f.mul(hot, valid(graph, x, target, ignore, dtype)) : hot;
  }

  /// Adds nodes for 1 where a target counts and 0 where it is ignored, `[N, 1, *]`.
  static Value valid(OnnxGraph graph, Shape x, Value target, long ignore, DType dtype) {
    var f = new OnnxFormula(graph);
    Value same = f.equal(column(f, x, target), graph.scalar(DType.I64, (double) ignore));
    return f.cast(f.unary("Not", same), dtype);
  }

  private static Value column(OnnxFormula f, Shape x, Value target) {
    return f.reshape(target, x.with(1, 1).dims());
  }
}
