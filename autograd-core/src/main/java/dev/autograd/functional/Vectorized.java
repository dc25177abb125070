package dev.autograd.functional;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import dev.autograd.Vmap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function mapped over the samples of its arguments.
final class Vectorized {
  private final TensorFunction f;
  private final VmapOptions options;

  Vectorized(TensorFunction f, VmapOptions options) {
    this.f = f;
    this.options = options;
  }

  Tensor[] apply(Tensor... x) {
    int size = samples(x);
    int chunk = options.chunkSize() == 0 ? size : options.chunkSize();
    if (chunk < 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "vmap: the chunk size must not be negative, got " + chunk);
    }
    if (chunk >= size) {
      return atOnce(size, x);
    }
    List<List<Tensor>> parts = new ArrayList<>();
    for (int start = 0; start < size; start += chunk) {
      int end = Math.min(size, start + chunk);
      Tensor[] part = x.clone();
      for (int i = 0; i < x.length; i++) {
        Integer dim = inDim(i, x.length);
        if (dim != null) {
          part[i] = x[i].slice(dim, start, end, 1);
        }
      }
      Tensor[] y = atOnce(end - start, part);
      for (int o = 0; o < y.length; o++) {
        if (start == 0) {
          parts.add(new ArrayList<>());
        }
        parts.get(o).add(y[o]);
      }
    }
    Tensor[] y = new Tensor[parts.size()];
    for (int o = 0; o < y.length; o++) {
      y[o] = Tensor.cat(parts.get(o), outDim(o, y.length));
    }
    return y;
  }

  private Tensor[] atOnce(int size, Tensor[] x) {
    try (Vmap.Level level = Vmap.open(size, options.randomness())) {
      Tensor[] samples = new Tensor[x.length];
      for (int i = 0; i < x.length; i++) {
        Integer dim = inDim(i, x.length);
        samples[i] = dim == null ? x[i] : level.batch(x[i], dim);
      }
      Tensor[] y = f.apply(samples).clone();
      for (int o = 0; o < y.length; o++) {
        y[o] = level.unbatch(y[o], outDim(o, y.length));
      }
      return y;
    }
  }

  private int samples(Tensor[] x) {
    int size = -1;
    int first = -1;
    for (int i = 0; i < x.length; i++) {
      Integer dim = inDim(i, x.length);
      if (dim == null) {
        continue;
      }
      if (x[i].rank() == 0) {
        throw new AutogradException(
            ErrorKind.VMAP_SIZE,
            "vmap: argument "
                + i
                + " is a scalar and has no dimension to map over. Give it null in inDims to share"
                + " it.");
      }
      int n = x[i].size(dim);
      if (size >= 0 && n != size) {
        throw new AutogradException(
            ErrorKind.VMAP_SIZE,
            "vmap: the mapped dimensions must have one size, got "
                + size
                + " for argument "
                + first
                + " and "
                + n
                + " for argument "
                + i
                + " of shape "
                + x[i].shape());
      }
      if (size < 0) {
        size = n;
        first = i;
      }
    }
    if (size < 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "vmap: at least one argument must be mapped, none is");
    }
    if (size == 0) {
      throw new AutogradException(
          ErrorKind.VMAP_SIZE, "vmap: there must be at least one sample, got 0");
    }
    return size;
  }

  private @Nullable Integer inDim(int i, int count) {
    List<@Nullable Integer> dims = options.inDims();
    if (!dims.isEmpty() && dims.size() != count) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "vmap: inDims has " + dims.size() + " entries for " + count + " arguments");
    }
    return dims.isEmpty() ? Integer.valueOf(0) : dims.get(i);
  }

  private int outDim(int o, int count) {
    List<Integer> dims = options.outDims();
    if (!dims.isEmpty() && dims.size() != count) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "vmap: outDims has " + dims.size() + " entries for " + count + " results");
    }
    return dims.isEmpty() ? 0 : dims.get(o);
  }
}
