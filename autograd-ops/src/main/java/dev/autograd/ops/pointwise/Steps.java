package dev.autograd.ops.pointwise;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where an input that broadcasts, or is a view, has the element for each element of the results,
/// which are counted through in order. `null` stands for one after the other.
///
/// It does not name the shape of the results: they may be seen in another one by the next formula,
/// so formulas over several shapes are computed together where these divide each other.
record Steps(int[] sizes, int[] strides) {

  /// Returns the steps of a tensor that broadcasts to a shape, neighbouring dimensions joined where
  /// they are stepped through evenly.
  static @Nullable Steps of(Tensor t, Shape shape) {
    int rank = shape.rank();
    int lead = rank - t.rank();
    int[] own = t.strides();
    int[] sizes = new int[rank];
    int[] strides = new int[rank];
    int n = 0;
    for (int d = 0; d < rank; d++) {
      int size = shape.size(d);
      if (size == 1) {
        continue;
      }
      int stride = d < lead || t.size(d - lead) == 1 ? 0 : own[d - lead];
      if (n > 0 && strides[n - 1] == stride * size) {
        sizes[n - 1] *= size;
        strides[n - 1] = stride;
      } else {
        sizes[n] = size;
        strides[n] = stride;
        n++;
      }
    }
    boolean inOrder = n == 0 || (n == 1 && strides[0] == 1);
    return inOrder ? null : new Steps(Arrays.copyOf(sizes, n), Arrays.copyOf(strides, n));
  }

  /// Returns dimensions that all inputs step evenly through, `null` if there are none.
  static int @Nullable [] common(int n, List<@Nullable Steps> all) {
    boolean inOrder = true;
    for (Steps s : all) {
      inOrder &= s == null;
    }
    if (inOrder) {
      return new int[] {n};
    }
    // After how many elements some input starts over.
    TreeSet<Integer> ends = new TreeSet<>();
    for (Steps s : all) {
      int end = 1;
      for (int d = s == null ? 0 : s.sizes.length - 1; s != null && d > 0; d--) {
        end *= s.sizes[d];
        ends.add(end);
      }
    }
    ends.add(n);
    List<Integer> dims = new ArrayList<>();
    int last = 1;
    for (int end : ends) {
      if (end % last != 0) {
        return null;
      }
      dims.addFirst(end / last);
      last = end;
    }
    return dims.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Returns the strides of an input along dimensions that [#common] found.
  static int[] along(int[] dims, @Nullable Steps steps) {
    int[] strides = new int[dims.length];
    int own = steps == null ? 0 : steps.sizes.length - 1;
    int left = steps == null ? Integer.MAX_VALUE : steps.sizes[own];
    int stride = steps == null ? 1 : steps.strides[own];
    for (int d = dims.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= dims[d];
      if (steps != null) {
        left /= dims[d];
        if (left == 1 && own > 0) {
          own--;
          left = steps.sizes[own];
          stride = steps.strides[own];
        }
      }
    }
    return strides;
  }

  /// Tells whether neighbours lie apart, so that reading them costs as much as a formula.
  boolean isScattered() {
    return strides[strides.length - 1] > 1 || strides[strides.length - 1] < 0;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Steps s
        && Arrays.equals(sizes, s.sizes)
        && Arrays.equals(strides, s.strides);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(sizes) + Arrays.hashCode(strides);
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes) + Arrays.toString(strides);
  }
}
