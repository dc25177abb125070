package dev.autograd.kernel.parallel;

import dev.autograd.kernel.parallel.Workers.Loop;
import org.jspecify.annotations.Nullable;

/// The helpers of one setting of the number of threads.
final class Crew {
  private final int threads;
  private final Helper[] helpers;
  private volatile boolean dismissed;

  Crew(int threads) {
    this.threads = threads;
    this.helpers = new Helper[threads - 1];
    // A spinning helper must not take the core of the one who has the work.
    boolean spins = threads <= Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(this, i + 1, spins);
    }
  }

  int threads() {
    return threads;
  }

  boolean isDismissed() {
    return dismissed;
  }

  /// Lets the helpers end when their present work is done.
  void dismiss() {
    dismissed = true;
    for (Helper h : helpers) {
      h.wake();
    }
  }

  /// Offers a loop to at most `wanted` helpers that are idle.
  @Nullable Share[] engage(Loop loop, int wanted) {
    @Nullable Share[] shares = new Share[wanted];
    int taken = 0;
    for (int i = 0; i < helpers.length && taken < wanted; i++) {
      Share share = new Share(helpers[i], loop);
      if (helpers[i].offer(share)) {
        shares[taken++] = share;
      }
    }
    return shares;
  }
}
