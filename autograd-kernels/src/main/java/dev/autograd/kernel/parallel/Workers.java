package dev.autograd.kernel.parallel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs the chunks of a kernel on a fixed set of threads, the caller's among them.
///
/// The cut into chunks depends on the work alone, never on the number of threads, so a kernel that
/// keeps one partial result per chunk gives the same bits on any machine.
public final class Workers {

  /// The body of a parallel loop over `[from, to)`.
  @FunctionalInterface
  public interface RangeTask {
    /// Does the work of the half-open range.
    void run(int from, int to);
  }

  /// The body of a parallel loop over `[from, to)` within a sequence of steps.
  @FunctionalInterface
  public interface StepTask {
    /// Does the work of the half-open range in one step.
    void run(int step, int from, int to);
  }

  /// How often a thread looks for the end of a step before it offers its core to others.
  private static final int SPINS = 1 << 10;

  private static final String THREADS_PROPERTY = "autograd.threads";

  private static volatile int threads = initialThreads();
  private static volatile ForkJoinPool pool = newPool(threads);

  private Workers() {}

  /// Returns how many threads a kernel may use, the caller's included.
  public static int threads() {
    return threads;
  }

  /// Sets how many threads a kernel may use; results do not change.
  ///
  /// @throws IllegalArgumentException if `count` is less than 1
  public static synchronized void threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: must be at least 1, got " + count);
    }
    if (count == threads) {
      return;
    }
    ForkJoinPool old = pool;
    threads = count;
    pool = newPool(count);
    old.shutdown();
  }

  /// Runs `task` over `[0, n)` in chunks of `grain` (the last one may be shorter).
  ///
  /// Returns when every chunk is done; the first exception of a chunk is thrown unchanged. A loop
  /// inside a chunk runs on the thread of that chunk.
  public static void forRange(int n, int grain, RangeTask task) {
    forRange(n, grain, threads, task);
  }

  private static void forRange(int n, int grain, int most, RangeTask task) {
    if (n <= 0) {
      return;
    }
    int step = Math.max(1, grain);
    int chunks = (int) (((long) n + step - 1) / step);
    ForkJoinPool current = pool;
    int helpers = Math.min(most, chunks) - 1;
    if (helpers <= 0 || ForkJoinTask.inForkJoinPool()) {
      for (int c = 0; c < chunks; c++) {
        int from = c * step;
        task.run(from, (int) Math.min((long) from + step, n));
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Drain[] drains = new Drain[helpers];
    for (int i = 0; i < helpers; i++) {
      drains[i] = new Drain(next, chunks, step, n, task);
      current.execute(drains[i]);
    }
    Throwable failure = null;
    try {
      drain(next, chunks, step, n, task);
    } catch (RuntimeException | Error e) {
      next.set(chunks);
      failure = e;
    }
    for (Drain d : drains) {
      // A helper that never started has nothing left to do: take it back instead of waiting for it.
      if (d.tryUnfork()) {
        continue;
      }
      d.quietlyJoin();
      if (failure == null) {
        failure = d.failure;
      }
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /// Runs `task` over `[0, n)` in chunks of `grain`, `steps` times; a chunk begins when all chunks
  /// of the step before it have ended, and sees what they wrote.
  ///
  /// For steps that are short: the threads stay together from the first to the last, which costs
  /// them far less than a loop of its own for every step.
  ///
  /// @throws ArithmeticException if there are more than 2^31 - 1 chunks in all
  public static void forSteps(int steps, int n, int grain, StepTask task) {
    if (n <= 0) {
      return;
    }
    int size = Math.max(1, grain);
    int chunks = (int) (((long) n + size - 1) / size);
    // Chunks are begun in order, so those that one waits for are done or under way.
    AtomicInteger done = new AtomicInteger();
    forRange(
        Math.multiplyExact(steps, chunks),
        1,
        Math.min(threads, chunks),
        (first, end) -> {
          for (int c = first; c < end; c++) {
            int step = c / chunks;
            int from = c % chunks * size;
            if (!await(done, step * chunks)) {
              return;
            }
            boolean failed = true;
            try {
              task.run(step, from, (int) Math.min((long) from + size, n));
              failed = false;
            } finally {
              // A chunk that failed ends the waiting for good.
              if (failed) {
                done.set(Integer.MIN_VALUE);
              } else {
                done.getAndUpdate(d -> d < 0 ? d : d + 1);
              }
            }
          }
        });
  }

  /// Waits until `count` chunks are done; returns whether none has failed.
  private static boolean await(AtomicInteger done, int count) {
    int spins = 0;
    for (int d = done.get(); d < count; d = done.get()) {
      if (d < 0) {
        return false;
      }
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    return done.get() >= 0;
  }

  private static void drain(AtomicInteger next, int chunks, int step, int n, RangeTask task) {
    for (int c = next.getAndIncrement(); c < chunks; c = next.getAndIncrement()) {
      int from = c * step;
      task.run(from, (int) Math.min((long) from + step, n));
    }
  }

  private static int initialThreads() {
    Integer set = Integer.getInteger(THREADS_PROPERTY);
    return set != null && set > 0 ? set : Runtime.getRuntime().availableProcessors();
  }

  private static ForkJoinPool newPool(int count) {
    return new ForkJoinPool(
        Math.max(1, count - 1),
        p -> {
          var t = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(p);
          t.setName("autograd-worker-" + t.getPoolIndex());
          t.setDaemon(true);
          return t;
        },
        null,
        true);
  }

  private static final class Drain extends RecursiveAction {
    private static final long serialVersionUID = 1L;
    private final transient AtomicInteger next;
    private final int chunks;
    private final int step;
    private final int n;
    private final transient RangeTask task;
    private transient volatile @org.jspecify.annotations.Nullable Throwable failure;

    Drain(AtomicInteger next, int chunks, int step, int n, RangeTask task) {
      this.next = next;
      this.chunks = chunks;
      this.step = step;
      this.n = n;
      this.task = task;
    }

    @Override
    protected void compute() {
      try {
        drain(next, chunks, step, n, task);
      } catch (RuntimeException | Error e) {
        next.set(chunks);
        failure = e;
      }
    }
  }
}
