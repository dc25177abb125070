package dev.autograd;

import dev.autograd.spi.Interceptor;
import org.jspecify.annotations.Nullable;

/// What one thread's autograd knows: modes, interceptors, the order of its nodes.
final class ThreadState {
  private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::new);

  boolean gradEnabled = true;
  long nextSequenceNumber;

  /// How many levels of forward mode and of vmap are open; none means that no tensor of this thread
  /// is dual or batched.
  int transforms;

  ForwardMode.@Nullable Level forward;
  Vmap.@Nullable Level vmap;

  /// Whether an operation that runs for all samples of a batch may draw random numbers.
  boolean mayDraw = true;

  /// The operation whose context is wanted by who called it.
  Transforms.@Nullable ContextRequest contextRequest;

  /// The innermost interceptor, or `null` where none is installed or an operation's own forward
  /// runs.
  @Nullable InterceptorLink interceptors;

  /// One installed interceptor and the ones outside it.
  record InterceptorLink(Interceptor interceptor, @Nullable InterceptorLink outer) {}

  static ThreadState current() {
    return CURRENT.get();
  }
}
