package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
      return Batching.lift(Batching.movedDim(new Alias().apply(x), dim, 0), this);
    }

    /// Returns all samples of `y`, along dimension `dim`; what is the same for all samples is
    /// repeated, without a copy.
    public Tensor unbatch(Tensor y, int dim) {
      return Batching.movedDim(Batching.lower(y, this), 0, dim);
    }

    int depth() {
      return depth;
    }

    int size() {
      return size;
    }

    @Nullable Level outer() {
      return outer;
    }

    Randomness randomness() {
      return randomness;
    }

    boolean isOpen() {
      return open;
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
      if (!l.tangential || Batching.hasValuesAt(x, l)) {
        levels.add(l);
      }
    }
    for (Level l : levels) {
      y = Batching.lower(y, l);
    }
    y = new Alias().apply(y);
    if (!y.requiresGrad()) {
      y.requiresGrad(true);
    }
    for (int i = levels.size() - 1; i >= 0; i--) {
      y = Batching.lift(y, levels.get(i));
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
    state.vmap = level.outer;
    try {
      return Batching.lift(drawn(name, shape.prepended(level.size), dtype, fill), level);
    } finally {
      state.vmap = inside;
    }
  }

  /// Tells whether a tensor stands for one sample of many, so that it has no memory of its own.
  public static boolean isMapped(Tensor x) {
    return x.batch() != null;
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
}
