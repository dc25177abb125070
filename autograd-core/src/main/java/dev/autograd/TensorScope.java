package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives the memory of what is made inside it back when it closes, for the next tensors of the same
/// sizes, instead of leaving it to the garbage collector.
///
/// ```java
/// for (Batch batch : batches) {
///   try (var _ = TensorScope.open()) {
///     optimizer.zeroGrad();
///     Tensor loss = crossEntropy(model.forward(batch.x()), batch.y());
///     loss.backward();
///     optimizer.step();
///     total += loss.item();
///   }
/// }
/// ```
///
/// A program that needs no scopes is right without them; one that steps through large tensors is
/// faster with one around each step, since a fresh array is cleared by the virtual machine first
/// and lies in no cache.
///
/// Every tensor that the thread makes between [#open] and [#close] belongs to the scope, results of
/// operations and leaves alike, but for
///
/// - gradients that are in [Tensor#grad()] of a leaf: they last as long as the leaf keeps them,
/// - what is given to [#keep], which goes to the scope outside of this one, if there is one,
/// - what is made by [#outside], such as the state that an optimizer makes in its first step,
/// - tensors over an array that the program has: [Tensor#of], [Tensor#storage].
///
/// Afterwards the others have no values: whoever asks for one, or walks a graph that has saved one,
/// is told so (`SCOPE_CLOSED`). Writes in place into tensors from outside stay.
///
/// Scopes nest and belong to one thread; close them where they were opened, the innermost first. No
/// other thread may still compute with what belongs to a scope that closes.
public final class TensorScope implements AutoCloseable {
  /// Whether there ever was a scope: what never happened is not looked for.
  private static volatile boolean ever;

  private final ThreadState state = ThreadState.current();
  private final @Nullable TensorScope outer = state.scope;
  private final List<Storage> made = new ArrayList<>();
  private boolean isClosed;

  private TensorScope() {}

  /// Opens a scope inside those that this thread has open.
  public static TensorScope open() {
    ever = true;
    TensorScope scope = new TensorScope();
    scope.state.scope = scope;
    return scope;
  }

  /// Returns the innermost scope of this thread, `null` nearly always.
  static @Nullable TensorScope innermost() {
    return ever ? ThreadState.current().scope : null;
  }

  /// Runs `maker` as if no scope were open, so that what it makes lasts as long as it is reachable.
  public static <T> T outside(Supplier<T> maker) {
    ThreadState state = ThreadState.current();
    TensorScope before = state.scope;
    state.scope = null;
    try {
      return maker.get();
    } finally {
      state.scope = before;
    }
  }

  /// Takes a tensor out of this scope, with all that shares its memory, and returns it. It then
  /// belongs to the scope outside of this one, or to none; what was made outside stays there.
  ///
  /// A history is not kept: detach a result of which only the values are needed, and walk a graph
  /// inside.
  public Tensor keep(Tensor t) {
    Vmap.Batched batch = t.batch();
    if (batch != null) {
      keep(batch.physical());
      return t;
    }
    Storage s = t.sharedStorage();
    if (holds(s.scope())) {
      s.array();
      s.belongTo(outer);
    }
    return t;
  }

  /// Tells whether a scope is this or inside of it.
  private boolean holds(@Nullable TensorScope scope) {
    for (TensorScope c = scope; c != null; c = c.outer) {
      if (c == this) {
        return true;
      }
    }
    return false;
  }

  void add(Storage s) {
    made.add(s);
  }

  /// Gives the memory back; does nothing the second time.
  ///
  /// @throws AutogradException (`ARGUMENT`) on another thread than opened this, or while a scope
  ///   inside is open
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    if (ThreadState.current().scope != this) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "scope: it closes while it is not the innermost one of this thread. Close scopes where"
              + " they were opened, the innermost first, best by try with resources.");
    }
    try {
      for (int i = 0; i < made.size(); i++) {
        Storage s = made.get(i);
        if (s.scope() == this) {
          s.settleReadersOutside(this);
        }
      }
    } finally {
      isClosed = true;
      state.scope = outer;
      for (Storage s : made) {
        if (s.scope() == this) {
          s.expire();
        }
      }
    }
  }
}
