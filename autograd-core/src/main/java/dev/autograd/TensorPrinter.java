package dev.autograd;

import java.util.Locale;

/// Prints tensors: all of a small one, the edges of a large one.
final class TensorPrinter {
  private static final int EDGE = 3;
  private static final int SMALL = 1000;

  private TensorPrinter() {}

  static String print(Tensor t) {
    StringBuilder b = new StringBuilder("tensor(");
    Vmap.Batched batch = t.batch();
    if (batch != null) {
      // Its values are those of many; what is printed must not be taken for one of them.
      return b.append("one of ")
          .append(batch.physical().size(0))
          .append(" of shape ")
          .append(t.shape())
          .append(", dtype=")
          .append(t.dtype())
          .append(')')
          .toString();
    }
    if (t.sharedStorage().isExpired()) {
      return b.append("of a closed scope, shape=").append(t.shape()).append(')').toString();
    }
    append(b, t, 0, t.offset(), t.numel() > SMALL);
    if (t.dtype() != DType.F32) {
      b.append(", dtype=").append(t.dtype());
    }
    if (t.numel() == 0) {
      b.append(", shape=").append(t.shape());
    }
    if (Tangent.live(t.tangents()) != null) {
      b.append(", dual");
    }
    return b.append(history(t)).append(')').toString();
  }

  private static String history(Tensor t) {
    try {
      Node gradFn = t.gradFn();
      return gradFn != null ? ", gradFn=" + gradFn : t.requiresGrad() ? ", requiresGrad=true" : "";
    } catch (AutogradException e) {
      return ", gradFn=<Invalid>"; // a view made without recording whose base was written since
    }
  }

  /// Recursion here is over dimensions, not over the graph.
  private static void append(StringBuilder b, Tensor t, int dim, int position, boolean abridged) {
    if (dim == t.rank()) {
      b.append(format(t.sharedStorage(), position));
      return;
    }
    int n = t.shape().sizeAt(dim);
    int stride = t.sharedStrides()[dim];
    boolean rows = dim < t.rank() - 1;
    b.append('[');
    for (int i = 0; i < n; i++) {
      if (i > 0) {
        b.append(rows ? ",\n" + " ".repeat("tensor(".length() + dim + 1) : ", ");
      }
      if (abridged && n > 2 * EDGE && i == EDGE) {
        b.append("...");
        i = n - EDGE - 1;
        continue;
      }
      append(b, t, dim + 1, position + i * stride, abridged);
    }
    b.append(']');
  }

  private static String format(Storage s, int position) {
    if (s.dtype() == DType.BOOL) {
      return s.getLong(position) != 0 ? "true" : "false";
    }
    if (!s.dtype().isFloating()) {
      return Long.toString(s.getLong(position));
    }
    double v = s.getDouble(position);
    if (v == Math.rint(v) && Math.abs(v) < 1e6) {
      return String.format(Locale.ROOT, "%.1f", v);
    }
    return Math.abs(v) >= 1e6 || Math.abs(v) < 1e-4
        ? String.format(Locale.ROOT, "%.4e", v)
        : String.format(Locale.ROOT, "%.4f", v);
  }
}
