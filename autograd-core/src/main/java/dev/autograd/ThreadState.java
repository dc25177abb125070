package dev.autograd;

import dev.autograd.spi.Interceptor;
import org.jspecify.annotations.Nullable;

/// What one thread's autograd knows: modes, interceptors, the order of its nodes.
final class ThreadState {
  private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::new);

  boolean gradEnabled = true;
  long nextSequenceNumber;

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

  static ThreadState current() {
    return CURRENT.get();
  }
}
