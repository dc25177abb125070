package dev.autograd;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The end of the graph at a leaf: adds what arrives into the leaf's gradient.
public final class AccumulateGrad extends Node {
  private final Tensor variable;
  private final HookList<Consumer<Tensor>> afterHooks = new HookList<>();

  AccumulateGrad(Tensor variable) {
    super(Long.MAX_VALUE);
    this.variable = variable;
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
  @Nullable Node nextNode(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  int nextOutputNr(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  @Nullable Tensor[] evaluate(@Nullable Tensor[] g, BackwardCall call) {
    accumulate(g[0], false, call.createGraph());
    return new Tensor[0];
  }

  RemovableHandle afterAccumulation(Consumer<Tensor> hook) {
    return afterHooks.add(hook);
  }

  /// Adds `g` to the leaf's gradient.
  ///
  /// @param owned whether the array of `g` has no other holder, and may become the gradient
  void accumulate(@Nullable Tensor g, boolean owned, boolean createGraph) {
    if (g == null) {
      return;
    }
    Vmap.checkWritable("backward", variable, g);
    // One leaf may be reached by the backward passes of several threads at once.
    synchronized (this) {
      try (var _ = GradMode.setEnabled(createGraph)) {
        Tensor old = variable.gradOrNull();
        if (old == null) {
          variable.gradUnchecked(owned ? g : g.clone());
        } else if (createGraph || old.requiresGrad()) {
          variable.gradUnchecked(old.add(g));
        } else {
          old.add_(g);
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
