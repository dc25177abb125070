package dev.autograd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a walk knows of one node: how far it is with it, and the gradients of its outputs. It hangs
/// on the node itself; where another walk has the place, because several threads walk the node at
/// once, in a map of the walk's own.
abstract sealed class Visit {

  /// Stands for a walk at the nodes it visits, which outlive it and are not to keep its graph.
  static final class Walk {
    private volatile boolean over;

    void end() {
      over = true;
    }
  }

  private final Walk walk;

  /// Edges into the node that have not delivered yet.
  int pending;

  /// Whether the node has to run: it lies on a path to something that was asked for.
  boolean wanted = true;

  private Visit(Walk walk) {
    this.walk = walk;
  }

  static Visit of(Walk walk, int outputs) {
    return outputs == 1 ? new OfOne(walk) : new OfSeveral(walk, outputs);
  }

  final boolean isOf(Walk other) {
    return walk == other;
  }

  final boolean isOver() {
    return walk.over;
  }

  /// Returns how many outputs the node has.
  abstract int outputs();

  /// Returns the gradient of an output as far as it has arrived.
  abstract @Nullable Tensor grad(int output);

  /// Returns the gradients of all outputs.
  abstract @Nullable Tensor[] grads();

  /// Tells who holds the gradient of an output.
  abstract Holding held(int output);

  /// Replaces the gradient of an output.
  abstract void put(int output, Tensor g, Holding holding);

  /// Notes that others may have seen the gradients.
  abstract void share();

  /// Lets go of the gradients.
  abstract void clear();

  private static final class OfOne extends Visit {
    private boolean fresh;
    private boolean sole;
    private @Nullable Tensor grad;

    OfOne(Walk walk) {
      super(walk);
    }

    @Override
    int outputs() {
      return 1;
    }

    @Override
    @Nullable Tensor grad(int output) {
      return grad;
    }

    @Override
    @Nullable Tensor[] grads() {
      return new @Nullable Tensor[] {grad};
    }

    @Override
    Holding held(int output) {
      return sole ? Holding.SOLE : fresh ? Holding.FRESH : Holding.SHARED;
    }

    @Override
    void put(int output, Tensor g, Holding holding) {
      grad = g;
      fresh = holding == Holding.FRESH;
      sole = holding == Holding.SOLE;
    }

    @Override
    void share() {
      fresh = false;
      sole = false;
    }

    @Override
    void clear() {
      grad = null;
    }
  }

  private static final class OfSeveral extends Visit {
    private final @Nullable Tensor[] grads;
    private final Holding[] held;

    OfSeveral(Walk walk, int outputs) {
      super(walk);
      grads = new Tensor[outputs];
      held = new Holding[outputs];
      share();
    }

    @Override
    int outputs() {
      return grads.length;
    }

    @Override
    @Nullable Tensor grad(int output) {
      return grads[output];
    }

    @Override
    @Nullable Tensor[] grads() {
      return grads;
    }

    @Override
    Holding held(int output) {
      return held[output];
    }

    @Override
    void put(int output, Tensor g, Holding holding) {
      grads[output] = g;
      held[output] = holding;
    }

    @Override
    void share() {
      Arrays.fill(held, Holding.SHARED);
    }

    @Override
    void clear() {
      Arrays.fill(grads, null);
    }
  }
}
