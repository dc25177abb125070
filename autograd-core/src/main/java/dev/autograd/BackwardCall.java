package dev.autograd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One walk through the graph: the facts that nodes need to know, and what lasts as long as it.
///
/// A walk stays on one thread.
final class BackwardCall {
  private final ThreadState state;
  private final long id;
  private final boolean retainGraph;
  private final boolean createGraph;
  private final Predicate<Node> runs;

  /// The node that runs now.
  private @Nullable Node running;

  /// What [#running] has read of values that are not kept for a second reading.
  private @Nullable IdentityHashMap<Object, Object> readByRunning;

  private @Nullable IdentityHashMap<Object, Object> belongings;
  private SavedValues.@Nullable Freed freed;
  private @Nullable Queue<Runnable> callbacks;
  private @Nullable List<Runnable> endings;

  /// Makes a walk.
  ///
  /// @param state that of the thread it is on
  /// @param id tells one walk from another, in messages
  /// @param retainGraph whether saved values stay
  /// @param createGraph whether the walk is itself recorded
  /// @param runs tells whether the walk is going to come to a node, or has been there
  BackwardCall(
      ThreadState state, long id, boolean retainGraph, boolean createGraph, Predicate<Node> runs) {
    this.state = state;
    this.id = id;
    this.retainGraph = retainGraph;
    this.createGraph = createGraph;
    this.runs = runs;
  }

  /// The call in whose name a user runs a single node by hand.
  static BackwardCall outside() {
    ThreadState state = ThreadState.current();
    return new BackwardCall(state, 0, true, state.gradEnabled, _ -> false);
  }

  ThreadState state() {
    return state;
  }

  long id() {
    return id;
  }

  boolean retainGraph() {
    return retainGraph;
  }

  boolean createGraph() {
    return createGraph;
  }

  /// Returns what stands for values that this walk freed.
  SavedValues.Freed freed() {
    if (freed == null) {
      freed = new SavedValues.Freed(id);
    }
    return freed;
  }

  /// Tells whether the walk comes to `node`.
  boolean comesTo(Node node) {
    return runs.test(node);
  }

  /// Notes which node runs next.
  void enter(Node node) {
    running = node;
    readByRunning = null;
  }

  @Nullable Node running() {
    return running;
  }

  /// Returns what `key` gave before while the same node ran, or else what `read` gives now.
  Object once(Object key, Supplier<Object> read) {
    if (readByRunning == null) {
      readByRunning = new IdentityHashMap<>();
    }
    Object known = readByRunning.get(key);
    if (known == null) {
      known = read.get();
      readByRunning.put(key, known);
    }
    return known;
  }

  /// Returns what belongs to `owner` for as long as this walk lasts.
  <T> T belongings(Object owner, Class<T> type, Supplier<T> first) {
    if (belongings == null) {
      belongings = new IdentityHashMap<>();
    }
    return type.cast(belongings.computeIfAbsent(owner, _ -> first.get()));
  }

  /// Runs `callback` when all nodes have run, if the walk gets there.
  void queue(Runnable callback) {
    if (callbacks == null) {
      callbacks = new ArrayDeque<>();
    }
    callbacks.add(callback);
  }

  /// Runs `ending` when the walk is over, whether it succeeded or not.
  void atEnd(Runnable ending) {
    if (endings == null) {
      endings = new ArrayList<>(1);
    }
    endings.add(ending);
  }

  /// Runs the callbacks, and those that they queue in turn.
  void runCallbacks() {
    running = null;
    readByRunning = null;
    while (callbacks != null && !callbacks.isEmpty()) {
      callbacks.remove().run();
    }
  }

  /// Lets go of what lasts as long as the walk.
  void end() {
    if (endings != null) {
      endings.forEach(Runnable::run);
    }
  }
}
