package dev.autograd;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// Says whether operations are recorded, for the current thread.
///
/// ```java
/// try (var _ = GradMode.noGrad()) {
///   z = x.matmul(w).add(b); // z.requiresGrad() == false
/// }
/// Tensor same = GradMode.noGrad(() -> x.matmul(w).add(b));
/// ```
///
/// Modes nest, end with their scope or lambda, also by an exception, and belong to one thread; a
/// task for another thread takes them along by [#carry(Runnable)].
public final class GradMode {

  /// Restores the modes that were set before; close it on the thread that opened it.
  public static final class Scope implements AutoCloseable {
    private final ThreadState state;
    private final boolean gradEnabled;
    private final boolean inference;

    private Scope(ThreadState state) {
      this.state = state;
      this.gradEnabled = state.gradEnabled;
      this.inference = state.inference;
    }

    @Override
    public void close() {
      state.gradEnabled = gradEnabled;
      state.inference(inference);
    }
  }

  private GradMode() {}

  // --- recording -------------------------------------------------------------------------------

  /// Switches recording off until the scope closes.
  public static Scope noGrad() {
    return setEnabled(false);
  }

  /// Switches recording on until the scope closes; without effect in inference mode.
  public static Scope enableGrad() {
    return setEnabled(true);
  }

  /// Sets whether operations are recorded until the scope closes; in inference mode none is.
  public static Scope setEnabled(boolean enabled) {
    return setEnabled(ThreadState.current(), enabled);
  }

  /// Does the same for who knows the state of this thread.
  static Scope setEnabled(ThreadState state, boolean enabled) {
    Scope scope = new Scope(state);
    state.gradEnabled = enabled && !state.inference;
    return scope;
  }

  /// Sets whether operations are recorded, until the scope around this call closes or this is
  /// called again; in inference mode none is.
  public static void setGradEnabled(boolean enabled) {
    ThreadState state = ThreadState.current();
    state.gradEnabled = enabled && !state.inference;
  }

  /// Tells whether operations are recorded on this thread.
  public static boolean isEnabled() {
    return ThreadState.current().gradEnabled;
  }

  /// Runs `body` with recording off and returns its result.
  public static <T> T noGrad(Supplier<T> body) {
    return setEnabled(false, body);
  }

  /// Runs `body` with recording off.
  public static void noGrad(Runnable body) {
    setEnabled(false, body);
  }

  /// Runs `body` with recording on and returns its result.
  public static <T> T enableGrad(Supplier<T> body) {
    return setEnabled(true, body);
  }

  /// Runs `body` with recording on.
  public static void enableGrad(Runnable body) {
    setEnabled(true, body);
  }

  /// Runs `body` with recording on or off and returns its result.
  public static <T> T setEnabled(boolean enabled, Supplier<T> body) {
    try (var _ = setEnabled(enabled)) {
      return body.get();
    }
  }

  /// Runs `body` with recording on or off.
  public static void setEnabled(boolean enabled, Runnable body) {
    try (var _ = setEnabled(enabled)) {
      body.run();
    }
  }

  // --- inference -------------------------------------------------------------------------------

  /// Switches recording off, and the counting of writes too, until the scope closes.
  ///
  /// A tensor that is made inside, other than a view of an older one, is an inference tensor for
  /// ever: it has no [Tensor#version], and outside of the mode it can neither be written in place
  /// nor be saved for backward nor start to require grad. Its [Tensor#clone] made outside can.
  public static Scope inferenceMode() {
    return inferenceMode(true);
  }

  /// Switches inference mode on, or off inside of it, until the scope closes; recording is on where
  /// inference mode is off.
  public static Scope inferenceMode(boolean inference) {
    ThreadState state = ThreadState.current();
    Scope scope = new Scope(state);
    state.inference(inference);
    state.gradEnabled = !inference;
    return scope;
  }

  /// Tells whether this thread is in inference mode.
  public static boolean isInferenceMode() {
    return ThreadState.current().inference;
  }

  /// Runs `body` in inference mode and returns its result.
  public static <T> T inferenceMode(Supplier<T> body) {
    return inferenceMode(true, body);
  }

  /// Runs `body` in inference mode.
  public static void inferenceMode(Runnable body) {
    inferenceMode(true, body);
  }

  /// Runs `body` in or out of inference mode and returns its result.
  public static <T> T inferenceMode(boolean inference, Supplier<T> body) {
    try (var _ = inferenceMode(inference)) {
      return body.get();
    }
  }

  /// Runs `body` in or out of inference mode.
  public static void inferenceMode(boolean inference, Runnable body) {
    try (var _ = inferenceMode(inference)) {
      body.run();
    }
  }

  /// Leaves inference mode, but not the choice whether operations are recorded, until the scope
  /// closes.
  static Scope outsideInferenceMode() {
    ThreadState state = ThreadState.current();
    Scope scope = new Scope(state);
    state.inference = false;
    return scope;
  }

  // --- other threads ---------------------------------------------------------------------------

  /// Returns a task that runs `task` in the modes that this thread is in now, on whatever thread.
  ///
  /// ```java
  /// Thread.startVirtualThread(GradMode.carry(() -> { scores[i] = evaluate(model, batch); }));
  /// ```
  ///
  /// It takes along recording, inference mode and hooks on saved tensors, and no more:
  /// interceptors, profilers, checkpoints and transforms belong to one thread.
  public static Runnable carry(Runnable task) {
    ThreadState.Modes modes = ThreadState.current().modes().withoutThread();
    return () -> {
      ThreadState state = ThreadState.current();
      ThreadState.Modes before = state.modes();
      state.enter(modes);
      try {
        task.run();
      } finally {
        state.enter(before);
      }
    };
  }

  /// Returns a task that calls `task` in the modes that this thread is in now, on whatever thread.
  public static <T> Callable<T> carry(Callable<T> task) {
    ThreadState.Modes modes = ThreadState.current().modes().withoutThread();
    return () -> {
      ThreadState state = ThreadState.current();
      ThreadState.Modes before = state.modes();
      state.enter(modes);
      try {
        return task.call();
      } finally {
        state.enter(before);
      }
    };
  }

  /// Returns an executor that runs every task in the modes of the thread that hands it in, for
  /// `CompletableFuture.supplyAsync(task, GradMode.carrying(pool))` and the like.
  public static Executor carrying(Executor executor) {
    return task -> executor.execute(carry(task));
  }
}
