package dev.autograd;

import dev.autograd.spi.Interceptor;
import org.jspecify.annotations.Nullable;

/// What one thread's autograd knows: modes, interceptors, the order of its nodes.
final class ThreadState {
  private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::new);

  /// Whether operations are recorded; never true in inference mode.
  boolean gradEnabled = true;

  /// Whether what is made has no version, see [GradMode#inferenceMode()].
  boolean inference;

  long nextSequenceNumber;

  /// How many levels of forward mode and of vmap and how many substitutions are open; none means
  /// that no tensor of this thread is dual, batched or stood in for.
  int transforms;

  @Nullable Substitution substitution;
  ForwardMode.@Nullable Level forward;
  Vmap.@Nullable Level vmap;

  /// Whether an operation that runs for all samples of a batch may draw random numbers.
  boolean mayDraw = true;

  /// The operation whose context is wanted by who called it.
  Transforms.@Nullable ContextRequest contextRequest;

  /// The innermost interceptor, or `null` where none is installed or an operation's own forward
  /// runs.
  @Nullable InterceptorLink interceptors;

  /// What takes over the values that recorded operations save; `null` nearly always.
  @Nullable SavingScope saving;

  /// What whoever wants to hook saved tensors is told, where that is forbidden.
  @Nullable String savingForbidden;

  /// The scope in which saved tensors may be overwritten.
  @Nullable MutationScope mutations;

  /// The innermost walk that this thread is on.
  @Nullable BackwardCall walk;

  /// One installed interceptor and the ones outside it.
  record InterceptorLink(Interceptor interceptor, @Nullable InterceptorLink outer) {}

  /// The modes that a task takes along to another thread: all that a scope can set, but not the
  /// interceptors, which need not be safe for use by two threads.
  record Modes(boolean gradEnabled, boolean inference) {}

  static ThreadState current() {
    return CURRENT.get();
  }

  Modes modes() {
    return new Modes(gradEnabled, inference);
  }

  /// Sets all modes.
  void enter(Modes modes) {
    gradEnabled = modes.gradEnabled();
    inference = modes.inference();
  }
}
