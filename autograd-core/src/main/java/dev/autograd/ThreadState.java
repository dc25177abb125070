package dev.autograd;

import dev.autograd.spi.Interceptor;
import dev.autograd.spi.WalkListener;
import org.jspecify.annotations.Nullable;

/// What one thread's autograd knows: modes, interceptors, the order of its nodes.
final class ThreadState {
  private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::new);

  /// Whether operations are recorded; never true in inference mode.
  boolean gradEnabled = true;

  /// Whether what is made has no version, see [GradMode#inferenceMode()].
  boolean inference;

  long nextSequenceNumber;

  /// Whether the result of what runs now goes to a given tensor, see [Autograd#into].
  boolean givesPlaces;

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

  /// Who is told of the nodes that walks run, or `null` nearly always.
  @Nullable WalkListener listener;

  /// What takes over the values that recorded operations save; `null` nearly always.
  @Nullable SavingScope saving;

  /// What whoever wants to hook saved tensors is told, where that is forbidden.
  @Nullable String savingForbidden;

  /// The scope in which saved tensors may be overwritten.
  @Nullable MutationScope mutations;

  /// The innermost scope whose tensors go when it closes.
  @Nullable TensorScope scope;

  /// Whether the results of an operation that runs now are going to be checked.
  boolean checking;

  /// The innermost walk that this thread is on.
  @Nullable BackwardCall walk;

  /// How many walks this thread is on, each inside another.
  int walks;

  /// One installed interceptor and the ones outside it.
  record InterceptorLink(Interceptor interceptor, @Nullable InterceptorLink outer) {}

  /// The modes that a task can take along to another thread.
  record Modes(
      boolean gradEnabled,
      boolean inference,
      @Nullable SavingScope saving,
      @Nullable String savingForbidden) {
    /// Returns these without what belongs to one thread: of those who take over saved tensors, only
    /// a user's pair of hooks holds nothing that two threads could be at odds about.
    Modes withoutThread() {
      return saving == null || saving instanceof PackHooks<?>
          ? this
          : new Modes(gradEnabled, inference, null, savingForbidden);
    }
  }

  /// Whether any thread was ever in inference mode: what never happened is not looked for.
  private static volatile boolean inferenceEver;

  /// Tells whether this thread is in inference mode.
  static boolean inInference() {
    return inferenceEver && current().inference;
  }

  void inference(boolean on) {
    if (on) {
      inferenceEver = true;
    }
    inference = on;
  }

  static ThreadState current() {
    return CURRENT.get();
  }

  /// Makes this the state of the calling thread, while the one it belongs to waits.
  void adopt() {
    CURRENT.set(this);
  }

  Modes modes() {
    return new Modes(gradEnabled, inference, saving, savingForbidden);
  }

  /// Sets all modes.
  void enter(Modes modes) {
    gradEnabled = modes.gradEnabled();
    inference(modes.inference());
    saving = modes.saving();
    savingForbidden = modes.savingForbidden();
  }
}
