package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The levels of vmap: scopes in which a tensor can stand for one sample of many.
///
/// A batched tensor looks like one sample. Behind it is an ordinary tensor with one dimension more,
/// the first; operations are applied to that by their [Function#batched] or, where they have none,
/// to its samples one by one. History and tangents belong to the tensor behind, see Note [Order of
/// the transforms] in [Transforms]. Written for those who make transforms; the function that users
/// call is `Functional.vmap`.
public final class Vmap {
  private Vmap() {}

  /// What random operations do under vmap.
  public enum Randomness {
    /// They are a mistake.
    ERROR,
    /// All samples draw the same numbers.
    SAME,
    /// Every sample draws its own numbers.
    DIFFERENT
  }

  /// What is behind a batched tensor.
  ///
  /// @param physical with the samples along its first dimension; itself batched at a level outside
  ///   `level`, perhaps, but never at one inside it
  /// @param copied whether it looks like a view of something, but is a copy
  record Batched(Level level, Tensor physical, boolean copied) {
    Batched(Level level, Tensor physical) {
      this(level, physical, false);
    }
  }

  /// A scope in which tensors can be batched; close it on the thread that opened it.
  public static final class Level implements AutoCloseable {
    private final ThreadState state;
    private final @Nullable Level outer;
    private final int depth;
    private final int size;
    private final Randomness randomness;
    private final boolean tangential;
    private boolean open = true;

    private Level(ThreadState state, int size, Randomness randomness, boolean tangential) {
      this.state = state;
      this.outer = state.vmap;
      this.depth = outer == null ? 1 : outer.depth + 1;
      this.size = size;
      this.randomness = randomness;
      this.tangential = tangential;
      state.vmap = this;
      state.transforms++;
    }

    /// Returns the tensor that stands for one sample of `x`; `x`'s history goes on through it.
    ///
    /// @param dim the dimension of `x` along which the samples are
    public Tensor batch(Tensor x, int dim) {
      return lift(movedDim(new Alias().apply(x), dim, 0), this);
    }

    /// Returns all samples of `y`, along dimension `dim`; what is the same for all samples is
    /// repeated, without a copy.
    public Tensor unbatch(Tensor y, int dim) {
      return movedDim(lower(y, this), 0, dim);
    }

    /// Closes the level; does nothing if it is closed already. Batched tensors that are left cannot
    /// be used any more.
    @Override
    public void close() {
      if (open) {
        open = false;
        state.vmap = outer;
        state.transforms--;
      }
    }

    /// Lets what was batched at `innermost`, and at the levels outside it, be used again, for a
    /// second run of a function that ran inside; returns what undoes it.
    static Runnable reopen(@Nullable Level innermost) {
      List<Level> closed = new ArrayList<>(0);
      for (Level l = innermost; l != null; l = l.outer) {
        if (!l.open) {
          l.open = true;
          closed.add(l);
        }
      }
      return () -> closed.forEach(l -> l.open = false);
    }

    /// Returns the innermost level, from this one out, at which samples draw different numbers;
    /// `null` if all draw the same.
    ///
    /// @throws AutogradException (`VMAP_RANDOM`) if no choice was made
    @Nullable Level ifDrawsDiffer(String name) {
      Level found = null;
      for (Level l = this; l != null; l = l.outer) {
        if (l.randomness == Randomness.ERROR) {
          throw new AutogradException(
              ErrorKind.VMAP_RANDOM,
              name
                  + ": draws random numbers under vmap. Choose Randomness.SAME, one draw for all"
                  + " samples, or Randomness.DIFFERENT, one for each.");
        }
        if (found == null && l.randomness == Randomness.DIFFERENT) {
          found = l;
        }
      }
      return found;
    }
  }

  /// Opens a level.
  ///
  /// @param size how many samples there are, at least 1
  public static Level open(int size, Randomness randomness) {
    return new Level(ThreadState.current(), size, randomness, false);
  }

  /// Opens a level at which only tangents and seeds are batched, and what they are derivatives of
  /// is the same for all samples: the directions of a Jacobian.
  public static Level openForDirections(int size) {
    return new Level(ThreadState.current(), size, Randomness.SAME, true);
  }

  /// Returns `x` such that its gradient is that of every single sample: different, as far as the
  /// graph knows, for all samples at all open levels; and with an identity of its own in the graph.
  public static Tensor argument(Tensor x) {
    Tensor y = x;
    List<Level> levels = new ArrayList<>();
    for (Level l = ThreadState.current().vmap; l != null; l = l.outer) {
      if (!l.tangential || hasValuesAt(x, l)) {
        levels.add(l);
      }
    }
    for (Level l : levels) {
      y = lower(y, l);
    }
    y = new Alias().apply(y);
    if (!y.requiresGrad()) {
      y.requiresGrad(true);
    }
    for (int i = levels.size() - 1; i >= 0; i--) {
      y = lift(y, levels.get(i));
    }
    return y;
  }

  /// Hands its input on, under an identity of its own in the graph.
  record Alias() implements Function {
    @Override
    public boolean plainViews() {
      return true;
    }

    @Override
    public boolean linear() {
      return true;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].alias(in[0].shape(), in[0].sharedStrides(), in[0].offset());
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }

    @Override
    public Tensor batched(Batch batch, Tensor... in) {
      return apply(in);
    }
  }

  // --- wrapping and unwrapping -----------------------------------------------------------------

  private static boolean hasValuesAt(Tensor x, Level level) {
    for (Batched b = x.batch(); b != null; b = b.physical.batch()) {
      if (b.level == level) {
        return true;
      }
    }
    return false;
  }

  /// Tells whether the values of `x`, or its tangents, are different for the samples at `level`.
  static boolean isBatchedAt(Tensor x, Level level) {
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
    for (Batched b = y.batch(); b != null; b = y.batch()) {
      y = b.physical;
    }
    return y;
  }

  /// Returns the innermost level at which one of the tensors is batched, `null` for none.
  static @Nullable Level innermost(Tensor... all) {
    Level found = null;
    for (Tensor x : all) {
      Batched b = x.batch();
      if (b != null) {
        if (!b.level.open) {
          throw escaped(x);
        }
        if (found == null || b.level.depth > found.depth) {
          found = b.level;
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
  static Tensor lower(Tensor x, Level level) {
    Batched b = x.batch();
    if (b == null || b.level.depth < level.depth) {
      return repeated(x, level);
    }
    return b.level == level
        ? b.physical
        : new Tensor(new Batched(b.level, swapped(lower(b.physical, level))));
  }

  private static Tensor repeated(Tensor x, Level level) {
    Tangent first = Tangent.live(x.tangents());
    if (first == null) {
      return expanded(x, level.size);
    }
    // A tangent can be batched where its primal is not, so each goes its own way.
    Tensor y = expanded(x.undual(), level.size);
    List<Tangent> innerToOuter = new ArrayList<>();
    for (Tangent t = first; t != null; t = Tangent.live(t.outer())) {
      innerToOuter.add(t);
    }
    for (Tangent t : innerToOuter.reversed()) {
      y.setTangent(t.level(), lower(t.value(), level));
    }
    return y;
  }

  private static Tensor expanded(Tensor x, int size) {
    int[] dims = new int[x.rank() + 1];
    dims[0] = size;
    System.arraycopy(x.shape().dims(), 0, dims, 1, x.rank());
    return Tensor.operations().expand(x, dims);
  }

  /// Returns the tensor that stands for one sample of `q`.
  static Tensor lift(Tensor q, Level level) {
    return lift(q, level, false);
  }

  private static Tensor lift(Tensor q, Level level, boolean copied) {
    Batched b = q.batch();
    if (b == null || b.level.depth < level.depth) {
      return new Tensor(new Batched(level, q, copied));
    }
    return new Tensor(new Batched(b.level, lift(swapped(b.physical), level), copied));
  }

  private static Tensor swapped(Tensor x) {
    return movedDim(x, 1, 0);
  }

  private static Tensor movedDim(Tensor x, int from, int to) {
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
    for (Batched b = place instanceof Tensor x ? x.batch() : null;
        b != null;
        b = b.physical.batch()) {
      lowered = lower(lowered, b.level);
    }
    return lowered;
  }

  /// Returns `g`, a gradient of the tensor behind `x`, as one of one sample of `x`.
  static Tensor liftAs(GraphPlace place, Tensor g) {
    Batched b = place instanceof Tensor x ? x.batch() : null;
    // Levels are few: their number bounds this recursion.
    return b == null ? g : lift(liftAs(b.physical, g), b.level);
  }

  /// Refuses gradients of single samples by something that all samples share.
  static void checkSeparable(List<? extends GraphPlace> roots, List<? extends GraphPlace> inputs) {
    for (GraphPlace place : roots) {
      if (!(place instanceof Tensor root)) {
        continue;
      }
      for (Batched b = root.batch(); b != null; b = b.physical.batch()) {
        for (int i = 0; i < inputs.size(); i++) {
          if (inputs.get(i) instanceof Tensor input && !isBatchedAt(input, b.level)) {
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
  static Tensor[] apply(ThreadState state, Level level, Operation operation, Tensor[] in) {
    boolean[] mapped = new boolean[in.length];
    Tensor[] physical = new Tensor[in.length];
    for (int i = 0; i < in.length; i++) {
      mapped[i] = isBatchedAt(in[i], level);
      physical[i] = mapped[i] ? lower(in[i], level) : in[i];
    }
    Level before = state.vmap;
    boolean drawsBefore = state.mayDraw;
    Applied applied;
    state.vmap = level.outer;
    state.mayDraw = drawsBefore && level.randomness == Randomness.DIFFERENT;
    try {
      applied = batched(operation, new Batch(level.size, mapped), physical);
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

  /// Returns a tensor of random numbers. Under vmap it is drawn once for all samples or once for
  /// each, as was chosen: the way to draw for whoever makes random tensors.
  ///
  /// @param name who draws, for messages
  /// @param fill writes the numbers, drawn from a [Generator], into a tensor of zeros
  /// @throws AutogradException (`VMAP_RANDOM`) under vmap, if no choice was made
  public static Tensor drawn(String name, Shape shape, DType dtype, Consumer<Tensor> fill) {
    ThreadState state = ThreadState.current();
    Level inside = state.vmap;
    Level level = inside == null ? null : inside.ifDrawsDiffer(name);
    if (level == null) {
      Tensor t = Tensor.zeros(shape, dtype);
      fill.accept(t);
      return t;
    }
    int[] dims = new int[shape.rank() + 1];
    dims[0] = level.size;
    System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
    state.vmap = level.outer;
    try {
      return lift(drawn(name, Shape.of(dims), dtype, fill), level);
    } finally {
      state.vmap = inside;
    }
  }

  /// Refuses to draw numbers once where every sample should have its own.
  static void checkDraw() {
    ThreadState state = ThreadState.current();
    Level level = state.vmap;
    if (!state.mayDraw || (level != null && level.ifDrawsDiffer("random numbers") != null)) {
      throw new AutogradException(
          ErrorKind.VMAP_RANDOM,
          "vmap: numbers are drawn where they cannot be different for the samples. Draw them before"
              + " vmap and pass them as a mapped argument, or choose Randomness.SAME.");
    }
  }

  /// Replaces the contents of a batched tensor by `f` of it.
  static void update(Tensor x, Batched b, String name, UnaryOperator<Tensor> f) {
    if (b.copied) {
      throw new AutogradException(
          ErrorKind.VMAP_INPLACE,
          name
              + ": under vmap this tensor of shape "
              + x.shape()
              + " is a copy of what would be a view, because the operation that made it has no rule"
              + " for batches, so that the write would be lost. Implement batched, or clone"
              + " first.");
    }
    b.physical.update(name, _ -> lower(f.apply(x), b.level));
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
