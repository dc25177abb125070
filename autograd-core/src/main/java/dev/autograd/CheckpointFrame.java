package dev.autograd;

import dev.autograd.ThreadState.InterceptorLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One run of a checkpointed function, and what it takes to run it again.
///
/// # Note [The second run]
///
/// While the function runs, the frame takes every saved value into its custody and keeps of it a
/// slot only: its number and its description. When backward asks for the value of a slot, the
/// function runs again and the values that are now saved, in the same order, fill the slots. They
/// belong to the walk that asked: each is let go of when it has been read, all of them when the
/// walk ends, and another walk runs the function again. The nodes of the second run are garbage
/// when it is over; gradients flow through those of the first.
///
/// The inputs are saved by a node of their own, through the scope outside the frame. So an
/// enclosing checkpoint holds slots instead of them, and fills these by running *its* function,
/// which makes a new frame for the inner function and saves the inner inputs in turn.
final class CheckpointFrame implements SavingScope {
  /// How many saved values a message lists.
  private static final int LISTED = 40;

  /// Ends a second run that has saved all that is needed. Not an exception that programs catch.
  private static final class Enough extends Error {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never leaves its thread
    private final Recomputation by;

    Enough(Recomputation by) {
      super("a recomputation has all that it needs", null, false, false);
      this.by = by;
    }
  }

  /// Has the inputs of a frame.
  private record Inputs() implements Function {
    @Override
    public String nodeName() {
      return "Checkpoint";
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      throw new IllegalStateException("holds inputs only");
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      throw new IllegalStateException("holds inputs only");
    }
  }

  /// What is known of a value that is not there.
  private record Description(
      String node, @Nullable Shape shape, @Nullable DType dtype, Class<?> type) {
    static Description of(FunctionNode node, Tensor t) {
      return new Description(node.name(), t.shape(), t.dtype(), Tensor.class);
    }

    static Description of(FunctionNode node, Object kept) {
      return new Description(node.name(), null, null, kept.getClass());
    }

    boolean matches(Description other) {
      return Objects.equals(shape, other.shape) && dtype == other.dtype && type == other.type;
    }

    @Override
    public String toString() {
      return node + ": " + (shape == null ? "kept " + type.getSimpleName() : dtype + " " + shape);
    }
  }

  /// The place of a saved value.
  private static final class Slot implements PackedTensor.Source, FunctionNode.KeptElsewhere {
    private final CheckpointFrame frame;
    private final int index;
    private final Description description;
    private volatile boolean released;

    Slot(CheckpointFrame frame, int index, Description description) {
      this.frame = frame;
      this.index = index;
      this.description = description;
    }

    @Override
    public Tensor fetch(FunctionNode saver) {
      return ((SavedTensor) frame.read(this)).unpack(saver);
    }

    @Override
    public void release() {
      if (!released) {
        released = true;
        frame.released();
      }
    }
  }

  /// The place of a value that a function kept: not a tensor.
  private record KeptSlot(Slot slot) implements FunctionNode.KeptElsewhere {
    @Override
    public Object fetch(FunctionNode keeper) {
      return slot.frame.read(slot);
    }

    @Override
    public void release() {
      slot.release();
    }
  }

  private record Position(Generator generator, long seed, long position) {
    static List<Position> of(List<Generator> generators) {
      return generators.stream().map(g -> new Position(g, g.seed(), g.position())).toList();
    }

    void restore() {
      generator.manualSeed(seed);
      generator.position(position);
    }
  }

  private final Checkpoint options;
  private final Checkpoint.Body<?> body;
  private final FunctionNode inputs;
  private final @Nullable InterceptorLink interceptors;
  private final ThreadState.Modes modes;
  private final Vmap.@Nullable Level vmap;
  private final int transforms;
  private final List<Slot> slots = new ArrayList<>();
  private final AtomicInteger live = new AtomicInteger();
  private final Map<BackwardCall, @Nullable Object[]> recomputed = new ConcurrentHashMap<>();
  private final @Nullable SelectiveCache cache;
  private List<Position> random;
  private boolean complete;

  private CheckpointFrame(
      Checkpoint options, Checkpoint.Body<?> body, ThreadState state, Tensor[] in) {
    this.options = options;
    this.body = body;
    this.interceptors = state.interceptors;
    this.modes = state.modes();
    this.vmap = state.vmap;
    this.transforms = state.transforms;
    CheckpointPolicy.Rule rule = options.rule();
    this.cache = rule == null ? null : new SelectiveCache(rule);
    this.random = Position.of(options.repeated());
    this.inputs = new FunctionNode(new Inputs(), in, state.nextSequenceNumber++);
    if (in.length > 0) {
      inputs.save(in);
      if (state.saving != null) {
        state.saving.recorded(inputs, in, new Tensor[0]);
      }
    }
  }

  static <R extends @Nullable Object> R run(
      Checkpoint options, Checkpoint.Body<? extends R> body, Tensor... in) {
    ThreadState state = ThreadState.current();
    CheckpointFrame frame = new CheckpointFrame(options, body, state, in);
    SavingScope saving = state.saving;
    state.saving = frame;
    if (frame.cache != null) {
      state.interceptors = new InterceptorLink(frame.cache.recorder(), frame.interceptors);
    }
    try {
      R result = body.run(in);
      frame.finish();
      return result;
    } finally {
      state.saving = saving;
      state.interceptors = frame.interceptors;
    }
  }

  private void finish() {
    complete = true;
    // A generator that nothing was taken from need not be touched again: others may be using it.
    random = random.stream().filter(p -> p.position() != p.generator().position()).toList();
    if (live.get() == 0) {
      inputs.free(BackwardCall.outside());
    }
  }

  // --- the first run ---------------------------------------------------------------------------

  @Override
  public void recorded(FunctionNode node, Tensor[] in, Tensor[] out) {
    SelectiveCache selective = cache;
    if (selective != null && selective.keep(node, in, out, saved -> taken(node, saved))) {
      return;
    }
    node.custody(saved -> taken(node, saved));
    node.keptCustody(value -> new KeptSlot(slot(Description.of(node, value))));
  }

  private SavedTensor taken(FunctionNode node, SavedTensor saved) {
    Tensor value = saved.value(node);
    return value == null ? saved : saved.in(value, slot(Description.of(node, value)));
  }

  private Slot slot(Description description) {
    Slot slot = new Slot(this, slots.size(), description);
    slots.add(slot);
    live.incrementAndGet();
    return slot;
  }

  private void released() {
    if (live.decrementAndGet() == 0 && complete) {
      inputs.free(BackwardCall.outside());
    }
  }

  // --- the second ------------------------------------------------------------------------------

  private Object read(Slot slot) {
    BackwardCall walk = ThreadState.current().walk;
    if (walk == null) {
      return present(recompute(null), slot);
    }
    return walk.once(slot, () -> take(walk, slot));
  }

  private Object take(BackwardCall walk, Slot slot) {
    @Nullable Object[] values = recomputed.get(walk);
    if (values == null || values[slot.index] == null) {
      if (values == null) {
        walk.atEnd(() -> recomputed.remove(walk));
      }
      values = recompute(walk);
      recomputed.put(walk, values);
    }
    Object value = present(values, slot);
    values[slot.index] = null;
    return value;
  }

  private static Object present(@Nullable Object[] values, Slot slot) {
    Object value = values[slot.index];
    if (value == null) {
      throw new IllegalStateException("a freed value was read: " + slot.description);
    }
    return value;
  }

  private @Nullable Object[] recompute(@Nullable BackwardCall walk) {
    // Outside of everything that is changed below: an enclosing frame may have to run for them.
    Tensor[] in = new Tensor[inputs.inputCount()];
    for (int i = 0; i < in.length; i++) {
      in[i] = inputs.saved(i);
    }
    Recomputation again = new Recomputation(slots.size());
    ThreadState state = ThreadState.current();
    InterceptorLink interceptorsNow = state.interceptors;
    ThreadState.Modes modesNow = state.modes();
    Vmap.Level vmapNow = state.vmap;
    int transformsNow = state.transforms;
    List<Position> randomNow = Position.of(random.stream().map(Position::generator).toList());
    InterceptorLink interceptorsThen =
        cache == null
            ? interceptors
            : new InterceptorLink(cache.replayer(again, walk != null && complete), interceptors);
    state.enter(modes);
    state.saving = again;
    state.vmap = vmap;
    state.transforms = transforms;
    Runnable close = Vmap.Level.reopen(vmap);
    state.interceptors = interceptorsThen;
    random.forEach(Position::restore);
    try {
      body.run(in);
    } catch (Enough enough) {
      if (enough.by != again) {
        throw enough;
      }
    } finally {
      randomNow.forEach(Position::restore);
      state.interceptors = interceptorsNow;
      state.enter(modesNow);
      close.run();
      state.vmap = vmapNow;
      state.transforms = transformsNow;
    }
    again.check();
    return again.values;
  }

  /// The second run.
  final class Recomputation implements SavingScope {
    private final @Nullable Object[] values;
    private final List<Description> seen = new ArrayList<>();

    Recomputation(int slots) {
      values = new Object[slots];
    }

    @Override
    public void recorded(FunctionNode node, Tensor[] in, Tensor[] out) {
      for (SavedTensor saved : node.sharedSaved().toArray()) {
        Tensor value = saved.value(node);
        if (value != null) {
          fill(node, value);
        }
      }
      Object kept = node.sharedKept();
      if (kept != null) {
        fill(Description.of(node, kept), kept);
      }
      stopIfComplete();
    }

    /// Fills the next slot with what `node` saved.
    void fill(FunctionNode node, Tensor value) {
      fill(Description.of(node, value), new SavedTensor(value.detach()));
    }

    private void fill(Description description, Object value) {
      int index = seen.size();
      seen.add(description);
      if (index < values.length && !slots.get(index).released) {
        values[index] = value;
      }
    }

    void stopIfComplete() {
      if (options.stopsEarly() && seen.size() >= values.length) {
        throw new Enough(this);
      }
    }

    void check() {
      // A backward inside the function runs it again before its first run is over.
      int n =
          complete && !options.stopsEarly() ? Math.max(seen.size(), values.length) : values.length;
      boolean same = seen.size() >= n && n == values.length;
      for (int i = 0; i < n && same; i++) {
        same = slots.get(i).description.matches(seen.get(i));
      }
      if (!same) {
        throw new AutogradException(
            ErrorKind.CHECKPOINT_MISMATCH,
            "checkpoint: the second run of the function must save what the first one did. The first"
                + " saved "
                + list(slots.stream().map(s -> s.description).toList())
                + "; the second saved "
                + list(seen)
                + ". The function must do the same whenever it runs: does it depend on something"
                + " that changed since?");
      }
    }

    private static String list(List<Description> all) {
      StringBuilder b = new StringBuilder().append(all.size()).append(" values (");
      for (int i = 0; i < Math.min(all.size(), LISTED); i++) {
        b.append(i == 0 ? "" : ", ").append(all.get(i));
      }
      return b.append(all.size() > LISTED ? ", …)" : ")").toString();
    }
  }
}
