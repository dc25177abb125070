package dev.autograd.kernel.parallel;

import dev.autograd.kernel.parallel.Workers.Loop;
import org.jspecify.annotations.Nullable;

/// The workers of one setting of the number of threads.
final class Crew {
  private final int threads;
  private final Worker[] workers;
  private volatile boolean dismissed;

  Crew(int threads) {
    this.threads = threads;
    this.workers = new Worker[threads - 1];
    // A spinning worker must not take the core of the one who has the work.
    boolean spins = threads <= Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(this, i + 1, spins);
    }
  }

  int threads() {
    return threads;
  }

  boolean isDismissed() {
    return dismissed;
  }

  /// Lets the workers end when their present work is done.
  void dismiss() {
    dismissed = true;
    for (Worker h : workers) {
      h.wake();
    }
  }

  /// Offers a loop to at most `wanted` workers that are idle.
  @Nullable Share[] engage(Loop loop, int wanted) {
    @Nullable Share[] shares = new Share[wanted];
    int taken = 0;
    for (int i = 0; i < workers.length && taken < wanted; i++) {
      Share share = new Share(workers[i], loop);
      if (workers[i].offer(share)) {
        shares[taken++] = share;
      }
    }
    return shares;
  }
}
