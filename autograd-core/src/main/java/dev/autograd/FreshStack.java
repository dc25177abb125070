package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Runs a task on the empty stack of another thread, which stands in for this one meanwhile.
///
/// # Note [Walks inside walks]
///
/// A walk is a loop, but a backward, a hook or a checkpoint may start another walk inside, and then
/// the depth of the nesting is a depth of the stack. So every [#LEVELS]th level goes on where there
/// is room again. The thread that does it is given the [ThreadState] of the waiting one: modes,
/// interceptors and the order of nodes are the same. What the program itself keeps by thread, its
/// own `ThreadLocal`s and locks that it holds, is not; walks that are less deep never leave their
/// thread.
final class FreshStack {
  /// How many walks inside each other share a stack; each takes some ten frames of ours.
  static final int LEVELS = 60;

  /// How many walks may be inside each other. Nothing that ends nests this deep, and without a
  /// bound a hook that starts its own walk again would take all the threads there are.
  static final int DEEPEST = 20_000;

  private FreshStack() {}

  static void run(ThreadState state, Runnable task) {
    @Nullable Throwable[] failure = {null};
    Thread standIn =
        new Thread(
            () -> {
              state.adopt();
              try {
                task.run();
              } catch (Throwable t) { // whatever it is, it belongs to the thread that waits
                failure[0] = t;
              }
            },
            Thread.currentThread().getName());
    standIn.setDaemon(true);
    standIn.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    standIn.start();
    boolean interrupted = false;
    while (standIn.isAlive()) {
      try {
        standIn.join();
      } catch (InterruptedException e) {
        interrupted = true; // the walk is not to be abandoned half-way
        standIn.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure[0] != null) {
      FreshStack.<RuntimeException>rethrow(failure[0]);
    }
  }

  /// Throws what was thrown there as if it had been thrown here.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the compiler's view only
  private static <T extends Throwable> void rethrow(Throwable failure) throws T {
    throw (T) failure;
  }
}
