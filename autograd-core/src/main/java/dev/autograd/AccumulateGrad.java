package dev.autograd;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The end of the graph at a leaf: adds what arrives into the leaf's gradient.
public final class AccumulateGrad extends Node {
  private static final @Nullable Tensor[] NO_INPUTS = {};

  private final Tensor variable;
  private final HookList<Consumer<Tensor>> afterHooks = new HookList<>();

  /// The type of the leaf's gradient; `null` for whatever arrives first.
  private @Nullable DType gradDtype;

  /// How many walks there were in the program when the leaf was first used.
  private final long walksBefore = Engine.walks();

  private long arrivals;

  /// Whether nobody but the leaf holds the storage of its gradient. See Note [Arrays used again] in
  /// [Recycler].
  private boolean soleHolder;

  AccumulateGrad(Tensor variable) {
    super(Long.MAX_VALUE);
    this.variable = variable;
    this.gradDtype = variable.dtype();
  }

  @Nullable DType gradDtype() {
    return gradDtype;
  }

  void gradDtype(@Nullable DType dtype) {
    gradDtype = dtype;
  }

  /// Returns how often a gradient has arrived.
  synchronized long arrivals() {
    return arrivals;
  }

  /// Tells whether nobody but the leaf holds the storage of its gradient.
  boolean isSoleHolder() {
    return soleHolder;
  }

  void soleHolder(boolean sole) {
    soleHolder = sole;
  }

  long walksBefore() {
    return walksBefore;
  }

  /// Returns a gradient in the type that the leaf wants.
  Tensor cast(Tensor g) {
    DType wanted = gradDtype;
    return wanted == null ? g : g.to(wanted);
  }

  @Override
  public String name() {
    return "AccumulateGrad";
  }

  /// Returns the leaf.
  public Tensor variable() {
    return variable;
  }

  @Override
  int inputCount() {
    return 0;
  }

  @Override
  int outputCount() {
    return 1;
  }

  @Override
  Slot slot(int outputNr) {
    return this;
  }

  @Override
  Shape shape() {
    return variable.shape();
  }

  @Override
  DType dtype() {
    return variable.dtype();
  }

  @Override
  @Nullable Node nextNode(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  int nextOutputNr(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  @Nullable Tensor[] evaluate(@Nullable Tensor[] g, BackwardCall call) {
    accumulate(g[0], Holding.SHARED, call.createGraph());
    return NO_INPUTS;
  }

  RemovableHandle afterAccumulation(Consumer<Tensor> hook) {
    return afterHooks.add(hook);
  }

  /// Adds `g` to the leaf's gradient.
  ///
  /// @param holding who holds the array of `g`, which may become the gradient
  void accumulate(@Nullable Tensor g, Holding holding, boolean createGraph) {
    if (g == null) {
      return;
    }
    Batching.checkWritable("backward", variable, g);
    // One leaf may be reached by the backward passes of several threads at once.
    synchronized (this) {
      arrivals++;
      try (var _ = GradMode.setEnabled(createGraph)) {
        Tensor old = variable.gradOrNull();
        Tensor cast = cast(g);
        if (old == null) {
          boolean made = cast != g || holding != Holding.SHARED;
          Tensor kept = variable.laidOutLikeThis(cast, made);
          // Gradients are there when backward returns.
          kept.sharedStorage().array();
          variable.gradUnchecked(kept, !createGraph && (kept != g || holding == Holding.SOLE));
          if (kept != g && holding == Holding.SOLE) {
            g.sharedStorage().spend();
          }
        } else if (old.dtype() == DType.F16 || old.dtype() == DType.BF16) {
          Tensor sum = old.to(DType.F32).add(g.to(DType.F32)); // the half types only keep numbers
          variable.gradUnchecked(sum.to(old.dtype()), false);
        } else if (createGraph || old.requiresGrad()) {
          variable.gradUnchecked(old.add(cast), false);
        } else {
          old.add_(cast);
          if (holding == Holding.SOLE) {
            g.sharedStorage().spend();
          }
        }
      }
    }
    if (!afterHooks.isEmpty()) {
      for (Consumer<Tensor> h : afterHooks.hooks()) {
        h.accept(variable);
      }
    }
  }

  @Override
  void free(BackwardCall call) {}
}
