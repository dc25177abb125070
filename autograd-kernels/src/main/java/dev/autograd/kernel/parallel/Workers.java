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
    if (n <= 0) {
      return;
    }
    int step = Math.max(1, grain);
    int chunks = (int) (((long) n + step - 1) / step);
    ForkJoinPool current = pool;
    int helpers = Math.min(threads, chunks) - 1;
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
