package dev.autograd.kernel.parallel;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that takes part in other threads' loops.
///
/// Waking a sleeping thread takes as long as many kernels run, so a worker that has become idle
/// looks out for the next loop for a while before it goes to sleep.
final class Worker extends Thread {
  private static final long SPIN_NANOS = 100_000;
  private static final int LOOKS_PER_CLOCK = 32;

  private final Crew crew;
  private final boolean spins;
  private final AtomicReference<@Nullable Share> work = new AtomicReference<>();
  private volatile boolean asleep;
  private volatile boolean begun;

  Worker(Crew crew, int number, boolean spins) {
    super("autograd-worker-" + number);
    this.crew = crew;
    this.spins = spins;
    setDaemon(true);
  }

  /// Gives the worker a share, if it has none.
  boolean offer(Share share) {
    if (!work.compareAndSet(null, share)) {
      return false;
    }
    if (asleep) {
      LockSupport.unpark(this);
    } else if (!begun) {
      begin();
    }
    return true;
  }

  /// Starts the thread with the first share: a program of small tensors never needs it.
  private synchronized void begin() {
    if (!begun) {
      begun = true;
      start();
    }
  }

  void finished(Share share) {
    work.compareAndSet(share, null);
  }

  void wake() {
    LockSupport.unpark(this);
  }

  @Override
  public void run() {
    while (true) {
      Share share = work.get();
      if (share == null && spins) {
        share = lookOut();
      }
      if (share == null) {
        if (crew.isDismissed()) {
          return;
        }
        share = sleep();
      }
      if (share != null) {
        share.run();
      }
    }
  }

  private @Nullable Share lookOut() {
    long end = System.nanoTime() + SPIN_NANOS;
    do {
      for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
        Share share = work.get();
        if (share != null) {
          return share;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() < end);
    return null;
  }

  private @Nullable Share sleep() {
    asleep = true;
    try {
      // An offer made before 'asleep' was seen is found here; one made later unparks.
      Share share = work.get();
      if (share == null && !crew.isDismissed()) {
        LockSupport.park(this);
        share = work.get();
      }
      return share;
    } finally {
      asleep = false;
    }
  }
}
