package dev.autograd.kernel.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Runs the chunks of a kernel on a fixed set of threads, the caller's among them.
///
/// The cut into chunks depends on the work alone, never on the number of threads, so a kernel that
/// keeps one partial result per chunk gives the same bits on any machine. However many loops run at
/// once, no more than [#threads] less one workers ever run: a loop that finds them busy runs on its
/// caller's thread.
public final class Workers {

  /// The body of a parallel loop over `[from, to)`.
  @FunctionalInterface
  public interface RangeTask {
    /// Does the work of the half-open range.
    void run(int from, int to);
  }

  private static final String THREADS_PROPERTY = "autograd.threads";

  private static volatile Crew crew = new Crew(initialThreads());

  private Workers() {}

  /// Returns how many threads a kernel may use, the caller's included.
  public static int threads() {
    return crew.threads();
  }

  /// Sets how many threads a kernel may use; results do not change.
  ///
  /// @throws IllegalArgumentException if `count` is less than 1
  public static synchronized void threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: must be at least 1, got " + count);
    }
    Crew old = crew;
    if (count != old.threads()) {
      crew = new Crew(count);
      old.dismiss();
    }
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
    Crew current = crew;
    int wanted = Math.min(current.threads(), chunks) - 1;
    if (wanted <= 0 || Thread.currentThread() instanceof Worker) {
      for (int c = 0; c < chunks; c++) {
        int from = c * step;
        task.run(from, (int) Math.min((long) from + step, n));
      }
      return;
    }
    Loop loop = new Loop(n, step, chunks, task);
    @Nullable Share[] shares = current.engage(loop, wanted);
    loop.drain();
    for (Share share : shares) {
      if (share != null) {
        share.settle();
      }
    }
    loop.rethrow();
  }

  /// Returns how many items of `each` elements make a chunk of about `chunk` elements: at least
  /// one.
  public static int grain(int chunk, long each) {
    return (int) Math.max(1, chunk / Math.max(1, each));
  }

  private static int initialThreads() {
    Integer set = Integer.getInteger(THREADS_PROPERTY);
    return set != null && set > 0 ? set : Runtime.getRuntime().availableProcessors();
  }

  /// A loop whose chunks several threads take one by one.
  static final class Loop {
    private final int n;
    private final int step;
    private final int chunks;
    private final RangeTask task;
    private final AtomicInteger next = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    Loop(int n, int step, int chunks, RangeTask task) {
      this.n = n;
      this.step = step;
      this.chunks = chunks;
      this.task = task;
    }

    /// Runs chunks until none is left; the first failure ends the loop for all.
    void drain() {
      try {
        for (int c = next.getAndIncrement(); c < chunks; c = next.getAndIncrement()) {
          int from = c * step;
          task.run(from, (int) Math.min((long) from + step, n));
        }
      } catch (RuntimeException | Error e) {
        next.set(chunks);
        if (failure == null) {
          failure = e;
        }
      }
    }

    void rethrow() {
      Throwable e = failure;
      if (e instanceof RuntimeException r) {
        throw r;
      }
      if (e instanceof Error r) {
        throw r;
      }
    }
  }
}
