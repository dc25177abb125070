package dev.autograd;

import java.util.function.Supplier;

/// Switches gradient recording on and off, for the current thread.
///
/// ```java
/// try (var _ = GradMode.noGrad()) {
///   z = x.matmul(w).add(b); // z.requiresGrad() == false
/// }
/// ```
public final class GradMode {

  /// Restores the mode that was set before; close it on the thread that opened it.
  public static final class Scope implements AutoCloseable {
    private final ThreadState state;
    private final boolean before;

    private Scope(ThreadState state, boolean before) {
      this.state = state;
      this.before = before;
    }

    @Override
    public void close() {
      state.gradEnabled = before;
    }
  }

  private GradMode() {}

  /// Switches recording off until the scope closes.
  public static Scope noGrad() {
    return setEnabled(false);
  }

  /// Switches recording on until the scope closes.
  public static Scope enableGrad() {
    return setEnabled(true);
  }

  /// Sets whether operations are recorded until the scope closes.
  public static Scope setEnabled(boolean enabled) {
    ThreadState state = ThreadState.current();
    Scope scope = new Scope(state, state.gradEnabled);
    state.gradEnabled = enabled;
    return scope;
  }

  /// Tells whether operations are recorded on this thread.
  public static boolean isEnabled() {
    return ThreadState.current().gradEnabled;
  }

  /// Runs `body` with recording off and returns its result.
  public static <T> T noGrad(Supplier<T> body) {
    try (var _ = noGrad()) {
      return body.get();
    }
  }

  /// Runs `body` with recording off.
  public static void noGrad(Runnable body) {
    try (var _ = noGrad()) {
      body.run();
    }
  }
}
