package dev.autograd.functional;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.ForwardMode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.Vmap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whole Jacobians, as vector products with all unit vectors.
final class Jacobians {
  private Jacobians() {}

  /// Returns the Jacobians by reverse mode, `[result][argument]`.
  ///
  /// @param chunkSize how many rows are computed in one backward; 0 for all
  static Tensor[][] reverse(TensorFunction f, Tensor[] x, int chunkSize, boolean strict) {
    Pullback at = Functional.vjp(f, x);
    Tensor[][] all = new Tensor[at.outputCount()][];
    for (int o = 0; o < all.length; o++) {
      all[o] = rows(at, o, x, chunkSize, strict);
    }
    return all;
  }

  private static Tensor[] rows(Pullback at, int o, Tensor[] x, int chunkSize, boolean strict) {
    Tensor y = at.rawOutput(o);
    int n = y.numel();
    int chunk = chunkSize <= 0 ? n : chunkSize;
    List<List<Tensor>> parts = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      parts.add(new ArrayList<>());
    }
    for (int start = 0; start < n; start += chunk) {
      int size = Math.min(chunk, n - start);
      try (Vmap.Level level = Vmap.openForDirections(size)) {
        Tensor[] seeds = new Tensor[at.outputCount()];
        for (int s = 0; s < seeds.length; s++) {
          Tensor other = at.rawOutput(s);
          seeds[s] =
              s == o
                  ? level.batch(directions(y, start, size), 0)
                  : Tensor.zeros(other.shape(), other.dtype());
        }
        @Nullable Tensor[] found = at.products(GradOptions.retainGraph(), seeds);
        for (int i = 0; i < x.length; i++) {
          Tensor g = found[i];
          if (g == null && strict) {
            throw independent(o, i);
          }
          Tensor rows = level.unbatch(g == null ? Tensor.zeros(x[i].shape(), x[i].dtype()) : g, 0);
          parts.get(i).add(rows);
        }
      }
    }
    Tensor[] jacobians = new Tensor[x.length];
    for (int i = 0; i < x.length; i++) {
      int[] dims = joined(y, x[i]);
      jacobians[i] =
          n == 0 ? Tensor.zeros(dims).to(x[i].dtype()) : Tensor.cat(parts.get(i), 0).reshape(dims);
    }
    return jacobians;
  }

  /// Returns the Jacobians by forward mode, `[result][argument]`.
  ///
  /// @param chunkSize how many columns are computed in one forward; 0 for all
  static Tensor[][] forward(TensorFunction f, Tensor[] x, int chunkSize, boolean strict) {
    List<Tensor[]> byArgument = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      byArgument.add(columns(f, x, i, chunkSize, strict));
    }
    Tensor[][] all = new Tensor[byArgument.getFirst().length][x.length];
    for (int o = 0; o < all.length; o++) {
      for (int i = 0; i < x.length; i++) {
        all[o][i] = byArgument.get(i)[o];
      }
    }
    return all;
  }

  private static Tensor[] columns(
      TensorFunction f, Tensor[] x, int i, int chunkSize, boolean strict) {
    int n = x[i].numel();
    int chunk = chunkSize <= 0 ? Math.max(1, n) : chunkSize;
    List<List<Tensor>> parts = new ArrayList<>();
    List<int[]> shapes = new ArrayList<>();
    boolean record = GradMode.isEnabled();
    // A first part even of no columns, which tells the shapes of the results.
    for (int start = 0; start == 0 || start < n; start += chunk) {
      int size = Math.min(chunk, n - start);
      try (var _ = GradMode.inferenceMode(false);
          var _ = GradMode.setEnabled(record);
          Vmap.Level level = Vmap.openForDirections(Math.max(1, size));
          ForwardMode.Level forward = ForwardMode.nestedLevel()) {
        Tensor[] dual = x.clone();
        if (n > 0) {
          Tensor point = Pushforward.ordinary(x[i]);
          dual[i] = forward.makeDual(point, level.batch(directions(x[i], start, size), 0));
        }
        Tensor[] y = f.apply(dual);
        for (int o = 0; o < y.length; o++) {
          if (start == 0) {
            parts.add(new ArrayList<>());
            shapes.add(joined(y[o], x[i]));
          }
          Tensor tangent = forward.unpackDual(y[o]).tangent();
          if (tangent == null && strict) {
            throw independent(o, i);
          }
          Tensor each = tangent == null ? Tensor.zeros(y[o].shape(), y[o].dtype()) : tangent;
          parts.get(o).add(level.unbatch(each, -1));
        }
      }
    }
    Tensor[] jacobians = new Tensor[parts.size()];
    for (int o = 0; o < jacobians.length; o++) {
      jacobians[o] =
          n == 0
              ? Tensor.zeros(shapes.get(o)).to(x[i].dtype())
              : Tensor.cat(parts.get(o), -1).reshape(shapes.get(o));
    }
    return jacobians;
  }

  private static int[] joined(Tensor y, Tensor x) {
    int[] dims = new int[y.rank() + x.rank()];
    System.arraycopy(y.shape().dims(), 0, dims, 0, y.rank());
    System.arraycopy(x.shape().dims(), 0, dims, y.rank(), x.rank());
    return dims;
  }

  /// Returns unit vectors `start` to `start + size` in the space of `x`, of shape `[size]` + (shape
  /// of `x`).
  private static Tensor directions(Tensor x, int start, int size) {
    int n = x.numel();
    double[] units = new double[Math.multiplyExact(size, n)];
    for (int s = 0; s < size; s++) {
      units[s * n + start + s] = 1;
    }
    return Tensor.of(units, x.shape().prepended(size).dims()).to(x.dtype());
  }

  private static AutogradException independent(int output, int argument) {
    return new AutogradException(
        ErrorKind.STRICT_INDEPENDENT,
        "jacobian: result "
            + output
            + " does not depend on argument "
            + argument
            + ", which strict mode takes for a mistake");
  }
}
