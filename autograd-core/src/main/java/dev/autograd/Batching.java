package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What is done with batched tensors: wrapping and unwrapping them, and operations on them.
final class Batching {
  private Batching() {}

  // --- wrapping and unwrapping -----------------------------------------------------------------

  static boolean hasValuesAt(Tensor x, Vmap.Level level) {
    for (Vmap.Batched b = x.batch(); b != null; b = b.physical().batch()) {
      if (b.level() == level) {
        return true;
      }
    }
    return false;
  }

  /// Tells whether the values of `x`, or its tangents, are different for the samples at `level`.
  static boolean isBatchedAt(Tensor x, Vmap.Level level) {
    if (hasValuesAt(x, level)) {
      return true;
    }
    Tensor plain = plain(x);
    for (Tangent t = Tangent.live(plain.tangents()); t != null; t = Tangent.live(t.outer())) {
      if (isBatchedAt(t.value(), level)) {
        return true;
      }
    }
    return false;
  }

  /// Returns the ordinary tensor behind `x`, at all levels.
  static Tensor plain(Tensor x) {
    Tensor y = x;
    for (Vmap.Batched b = y.batch(); b != null; b = y.batch()) {
      y = b.physical();
    }
    return y;
  }

  /// Returns the innermost level at which one of the tensors is batched, `null` for none.
  static Vmap.@Nullable Level innermost(Tensor... all) {
    Vmap.Level found = null;
    for (Tensor x : all) {
      Vmap.Batched b = x.batch();
      if (b != null) {
        if (!b.level().isOpen()) {
          throw escaped(x);
        }
        if (found == null || b.level().depth() > found.depth()) {
          found = b.level();
        }
      }
    }
    return found;
  }

  static AutogradException escaped(Tensor x) {
    return new AutogradException(
        ErrorKind.VMAP_CONTROL_FLOW,
        "vmap: this tensor of shape "
            + x.shape()
            + " stands for one sample of many and can be used inside its vmap only, by operations."
            + " Return it from the function to get all samples.");
  }

  /// Returns `x` as an ordinary tensor at `level`, with the samples along the first dimension.
  static Tensor lower(Tensor x, Vmap.Level level) {
    Vmap.Batched b = x.batch();
    if (b == null || b.level().depth() < level.depth()) {
      return repeated(x, level);
    }
    return b.level() == level
        ? b.physical()
        : new Tensor(new Vmap.Batched(b.level(), swapped(lower(b.physical(), level))));
  }

  private static Tensor repeated(Tensor x, Vmap.Level level) {
    Tangent first = Tangent.live(x.tangents());
    if (first == null) {
      return expanded(x, level.size());
    }
    // A tangent can be batched where its primal is not, so each goes its own way.
    Tensor y = expanded(x.undual(), level.size());
    List<Tangent> innerToOuter = new ArrayList<>();
    for (Tangent t = first; t != null; t = Tangent.live(t.outer())) {
      innerToOuter.add(t);
    }
    for (Tangent t : innerToOuter.reversed()) {
      y.setTangent(t.level(), lower(t.value(), level));
    }
    return y;
  }

  /// Returns `x` repeated along a first dimension of `size`, without a copy.
  static Tensor expanded(Tensor x, int size) {
    return Tensor.operations().expand(x, x.shape().prepended(size).dims());
  }

  /// Returns the tensor that stands for one sample of `q`.
  static Tensor lift(Tensor q, Vmap.Level level) {
    return lift(q, level, false);
  }

  private static Tensor lift(Tensor q, Vmap.Level level, boolean copied) {
    Vmap.Batched b = q.batch();
    if (b == null || b.level().depth() < level.depth()) {
      return new Tensor(new Vmap.Batched(level, q, copied));
    }
    return new Tensor(new Vmap.Batched(b.level(), lift(swapped(b.physical()), level), copied));
  }

  private static Tensor swapped(Tensor x) {
    return movedDim(x, 1, 0);
  }

  static Tensor movedDim(Tensor x, int from, int to) {
    int rank = x.rank();
    int source = x.shape().axis("vmap", from);
    int target = x.shape().axis("vmap", to);
    if (source == target) {
      return x;
    }
    List<Integer> order = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      if (d != source) {
        order.add(d);
      }
    }
    order.add(target, source);
    return Tensor.operations().permute(x, order.stream().mapToInt(d -> d).toArray());
  }

  /// Returns `g`, a gradient of one sample of `x`, as one of the tensor behind `x`.
  static Tensor lowerAs(GraphPlace place, Tensor g) {
    Tensor lowered = g;
    for (Vmap.Batched b = place instanceof Tensor x ? x.batch() : null;
        b != null;
        b = b.physical().batch()) {
      lowered = lower(lowered, b.level());
    }
    return lowered;
  }

  /// Returns `g`, a gradient of the tensor behind `x`, as one of one sample of `x`.
  static Tensor liftAs(GraphPlace place, Tensor g) {
    Vmap.Batched b = place instanceof Tensor x ? x.batch() : null;
    // Levels are few: their number bounds this recursion.
    return b == null ? g : lift(liftAs(b.physical(), g), b.level());
  }

  /// Refuses gradients of single samples by something that all samples share.
  static void checkSeparable(List<? extends GraphPlace> roots, List<? extends GraphPlace> inputs) {
    for (GraphPlace place : roots) {
      if (!(place instanceof Tensor root)) {
        continue;
      }
      for (Vmap.Batched b = root.batch(); b != null; b = b.physical().batch()) {
        for (int i = 0; i < inputs.size(); i++) {
          if (inputs.get(i) instanceof Tensor input && !isBatchedAt(input, b.level())) {
            throw new AutogradException(
                ErrorKind.VMAP_INPLACE,
                "grad: under vmap, input "
                    + i
                    + " of shape "
                    + input.shape()
                    + " is one for all samples while the output is not, so that their gradients"
                    + " would be added up. Differentiate with Functional.grad, which keeps them"
                    + " apart.");
          }
        }
      }
    }
  }

  // --- operations ------------------------------------------------------------------------------

  /// Runs an operation on tensors of which some are batched at `level`, and none further inside.
  static Tensor[] apply(ThreadState state, Vmap.Level level, Operation operation, Tensor[] in) {
    boolean[] mapped = new boolean[in.length];
    Tensor[] physical = new Tensor[in.length];
    for (int i = 0; i < in.length; i++) {
      mapped[i] = isBatchedAt(in[i], level);
      physical[i] = mapped[i] ? lower(in[i], level) : in[i];
    }
    Vmap.Level before = state.vmap;
    boolean drawsBefore = state.mayDraw;
    Applied applied;
    state.vmap = level.outer();
    state.mayDraw = drawsBefore && level.randomness() == Vmap.Randomness.DIFFERENT;
    try {
      applied = batched(operation, new Batch(level.size(), mapped), physical);
    } finally {
      state.vmap = before;
      state.mayDraw = drawsBefore;
    }
    Tensor[] out = applied.outputs();
    for (int i = 0; i < out.length; i++) {
      out[i] = lift(out[i], level, applied.copies());
    }
    return out;
  }

  private static Applied batched(Operation operation, Batch batch, Tensor[] physical) {
    Tensor[] all =
        switch (operation) {
          case Function f -> {
            Tensor y = f.batched(batch, physical);
            yield y == null ? null : new Tensor[] {y};
          }
          case MultiFunction f -> {
            Tensor[] y = f.batched(batch, physical);
            yield y == null ? null : y.clone();
          }
        };
    return all == null ? oneByOne(operation, batch, physical) : new Applied(all, false);
  }

  private static Applied oneByOne(Operation operation, Batch batch, Tensor[] physical) {
    List<List<Tensor>> outputs = new ArrayList<>();
    boolean views = false;
    for (int s = 0; s < batch.size(); s++) {
      Tensor[] sample = new Tensor[physical.length];
      for (int i = 0; i < sample.length; i++) {
        sample[i] = batch.has(i) ? Tensor.operations().select(physical[i], 0, s) : physical[i];
      }
      Tensor[] out =
          switch (operation) {
            case Function f -> new Tensor[] {f.apply(sample)};
            case MultiFunction f -> f.apply(sample);
          };
      for (int o = 0; o < out.length; o++) {
        if (s == 0) {
          outputs.add(new ArrayList<>());
        }
        List<Tensor> of = outputs.get(o);
        if (s > 0 && !of.getFirst().shape().equals(out[o].shape())) {
          throw new AutogradException(
              ErrorKind.VMAP_CONTROL_FLOW,
              operation.name()
                  + ": under vmap the samples have results of different shapes, "
                  + of.getFirst().shape()
                  + " and "
                  + out[o].shape()
                  + ". Use an operation whose result's shape does not depend on values.");
        }
        of.add(out[o]);
        views |= out[o].isView();
      }
    }
    Tensor[] all = new Tensor[outputs.size()];
    for (int o = 0; o < all.length; o++) {
      all[o] = Tensor.stack(outputs.get(o), 0);
    }
    return new Applied(all, views);
  }

  /// What an operation gave for a batch.
  ///
  /// @param copies whether views of the samples became copies
  private record Applied(Tensor[] outputs, boolean copies) {}

  /// Replaces the contents of a batched tensor by `f` of it.
  static void update(Tensor x, Vmap.Batched b, String name, UnaryOperator<Tensor> f) {
    if (b.copied()) {
      throw new AutogradException(
          ErrorKind.VMAP_INPLACE,
          name
              + ": under vmap this tensor of shape "
              + x.shape()
              + " is a copy of what would be a view, because the operation that made it has no rule"
              + " for batches, so that the write would be lost. Implement batched, or clone"
              + " first.");
    }
    b.physical().update(name, _ -> lower(f.apply(x), b.level()));
  }

  /// Refuses to write what is different for the samples into something that is not.
  static void checkWritable(String name, Tensor target, Tensor value) {
    if (value.batch() != null) {
      throw new AutogradException(
          ErrorKind.VMAP_INPLACE,
          name
              + ": under vmap the value, of shape "
              + value.shape()
              + ", is different for the samples, but the tensor it is written into, of shape "
              + target.shape()
              + ", is one for all. Use the out-of-place operation, or make the target from a"
              + " batched tensor.");
    }
  }
}
