package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Goes on with a computation on another thread, whose stack is empty, while this one waits.
///
/// The other thread takes over the very state of this one, which nobody else uses meanwhile: modes,
/// scopes and walks go on as if nothing had happened.
final class FreshStack implements Runnable {
  private final ThreadState state;
  private final Runnable body;
  private @Nullable Throwable failure;

  private FreshStack(ThreadState state, Runnable body) {
    this.state = state;
    this.body = body;
  }

  /// Runs `body`, and throws what it throws.
  static void run(ThreadState state, Runnable body) {
    FreshStack task = new FreshStack(state, body);
    Thread thread = new Thread(task, Thread.currentThread().getName() + "-deeper");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable failure = task.failure;
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  @Override
  public void run() {
    ThreadState.adopt(state);
    try {
      body.run();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }
}
