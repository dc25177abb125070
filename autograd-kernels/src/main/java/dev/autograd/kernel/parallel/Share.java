package dev.autograd.kernel.parallel;

import dev.autograd.kernel.parallel.Workers.Loop;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One worker's part in one loop, from the offer to the end.
final class Share {
  private static final int OFFERED = 0;
  private static final int STARTED = 1;
  private static final int DONE = 2;
  private static final int WITHDRAWN = 3;

  /// How long to look for the end before going to sleep: chunks are made to be no longer.
  private static final long SPIN_NANOS = 200_000;

  private final Worker worker;
  private final Loop loop;
  private final AtomicInteger state = new AtomicInteger(OFFERED);
  private volatile @Nullable Thread waiting;

  Share(Worker worker, Loop loop) {
    this.worker = worker;
    this.loop = loop;
  }

  /// Does the worker's part, unless the offer was withdrawn.
  void run() {
    if (state.compareAndSet(OFFERED, STARTED)) {
      loop.drain();
      // Free first: whoever waits for the end may have the next loop ready.
      worker.finished(this);
      state.set(DONE);
      Thread caller = waiting;
      if (caller != null) {
        LockSupport.unpark(caller);
      }
    } else {
      worker.finished(this);
    }
  }

  /// Waits until the worker has done its part, or takes the offer back: no chunk is left to be
  /// taken when this is called.
  void settle() {
    if (state.compareAndSet(OFFERED, WITHDRAWN)) {
      worker.finished(this);
      return;
    }
    if (spin()) {
      return;
    }
    waiting = Thread.currentThread();
    boolean interrupted = false;
    while (state.get() != DONE) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean spin() {
    long end = System.nanoTime() + SPIN_NANOS;
    while (state.get() != DONE) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }
}
