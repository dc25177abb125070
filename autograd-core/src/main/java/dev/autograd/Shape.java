package dev.autograd;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The sizes of a tensor's dimensions, outermost first. Immutable.
///
/// A shape of no dimensions is a scalar's. A tensor holds at most 2³¹ − 1 elements.
public final class Shape {
  /// The shape of a scalar.
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final int numel;
  private final int[] strides;

  /// The types of tensors of this shape, as far as they were asked for. One that is lost in a race
  /// is made again.
  private @Nullable TensorType types;

  private Shape(int[] dims) {
    this.dims = dims;
    boolean empty = false;
    for (int d : dims) {
      if (d < 0) {
        throw new AutogradException(
            ErrorKind.SHAPE, "shape: sizes cannot be negative, got " + Arrays.toString(dims));
      }
      empty |= d == 0;
    }
    long n = empty ? 0 : 1;
    for (int d : dims) {
      n *= d;
      if (n > Integer.MAX_VALUE) {
        throw new AutogradException(
            ErrorKind.SHAPE,
            "shape: a tensor holds at most 2147483647 elements, got "
                + Arrays.toString(dims)
                + ". Split it along its first dimension.");
      }
    }
    this.numel = (int) n;
    this.strides = new int[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = (int) stride;
      // Only the strides of an empty tensor, which nobody steps along, can grow past an int.
      stride = Math.min(Integer.MAX_VALUE, stride * Math.max(1, dims[i]));
    }
  }

  /// Makes a shape of these sizes.
  ///
  /// @throws AutogradException (`SHAPE`) if a size is negative or the elements are too many
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /// Returns the number of dimensions.
  public int rank() {
    return dims.length;
  }

  /// Returns the number of elements.
  public int numel() {
    return numel;
  }

  /// Returns the size of dimension `dim`; negative dimensions count from the end.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension
  public int size(int dim) {
    return dims[axis("size", dim)];
  }

  /// Returns the size of a dimension that is known to exist.
  int sizeAt(int axis) {
    return dims[axis];
  }

  /// Returns the sizes, a fresh array.
  public int[] dims() {
    return dims.clone();
  }

  /// Returns the strides, in elements, of a contiguous tensor of this shape, a fresh array.
  public int[] strides() {
    return strides.clone();
  }

  /// Returns the contiguous strides without a copy; callers must not write into them.
  int[] sharedStrides() {
    return strides;
  }

  /// Returns the type of a tensor of this shape and of these elements.
  TensorType as(DType dtype) {
    TensorType known = types;
    TensorType found = known == null ? null : known.find(dtype);
    if (found == null) {
      found = new TensorType(this, dtype, known);
      types = found;
    }
    return found;
  }

  /// Turns a dimension that may be negative into its index.
  ///
  /// @param op who asks, for the message
  /// @throws AutogradException (`INDEX`) if there is no such dimension
  public int axis(String op, int dim) {
    int rank = Math.max(1, dims.length);
    if (dim < -rank || dim >= rank) {
      throw new AutogradException(
          ErrorKind.INDEX,
          op
              + ": dimension must lie in ["
              + -rank
              + ", "
              + (rank - 1)
              + "] for a tensor of shape "
              + this
              + ", got "
              + dim);
    }
    return dim < 0 ? dim + rank : dim;
  }

  /// Returns this shape with a dimension of `size` in front of the others.
  public Shape prepended(int size) {
    int[] all = new int[dims.length + 1];
    all[0] = size;
    System.arraycopy(dims, 0, all, 1, dims.length);
    return of(all);
  }

  /// Returns this shape with dimension `axis` set to `size`.
  public Shape with(int axis, int size) {
    int[] d = dims.clone();
    d[axis] = size;
    return new Shape(d);
  }

  /// Returns the shape that both broadcast to: aligned at the end, sizes equal or one of them 1.
  ///
  /// @param op who asks, for the message
  /// @throws AutogradException (`SHAPE`) if they do not broadcast
  public static Shape broadcast(String op, Shape a, Shape b) {
    if (a == b || a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] d = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      if (x != y && x != 1 && y != 1) {
        throw new AutogradException(
            ErrorKind.SHAPE,
            op
                + ": sizes must be equal or 1 to broadcast, got "
                + a
                + " and "
                + b
                + " ("
                + x
                + " != "
                + y
                + " at dimension "
                + -i
                + "). Reshape or unsqueeze one of them?");
      }
      d[rank - i] = x == 1 ? y : x;
    }
    return new Shape(d);
  }

  /// Tells whether a tensor of this shape can be broadcast to `target`.
  public boolean broadcastsTo(Shape target) {
    if (rank() > target.rank()) {
      return false;
    }
    int lead = target.rank() - rank();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != target.dims[lead + i] && dims[i] != 1) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object o) {
    return this == o || (o instanceof Shape s && Arrays.equals(dims, s.dims));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /// Returns the sizes as `[2, 3]`.
  @Override
  public String toString() {
    return Arrays.stream(dims)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
