package dev.autograd.kernel.reduce.lanes;

import com.sun.management.ThreadMXBean;
import dev.autograd.kernel.KernelForms;
import dev.autograd.kernel.KernelForms.Form;
import dev.autograd.kernel.Simd;
import java.lang.management.ManagementFactory;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Decides when a kernel, or a few that always serve together, goes over from its plain form to its
/// vector form.
///
/// Until the optimising compiler has it, a vector loop makes an object of every vector and runs
/// some twenty times slower than plain Java. So the first call has a daemon thread run the vector
/// form on a small problem now and then, until it leaves hardly any behind and is faster than the
/// plain form; meanwhile, and for ever on a virtual machine where that never happens, the plain
/// form serves. As both give the same bits, only the speed shows it, and [KernelForms] tells; that
/// the plain form still serves after a minute is logged. A vector width that is set by hand is used
/// from the first call.
///
/// The compiler takes first what runs most often, and each vector operation that it has not yet
/// compiled runs through methods of the library which then run most often. So the trials are few,
/// and only of what the program uses.
public final class Warmup {
  private static final long PAUSE_NANOS = 5_000_000;
  private static final int MOST_RUNS = 4;

  /// After this time the rest of the program, or a virtual machine that does not compile, is not to
  /// be bothered much any more.
  private static final long LATE_NANOS = 60_000_000_000L;

  private static final long LATE_PAUSE_NANOS = 200_000_000;

  /// By how much less a compiled form allocates: it may need arrays, and a vector here and there
  /// may remain an object.
  private static final long FEWER = 8;

  /// The families of which it was logged that they are late.
  private static final Set<String> LATE = ConcurrentHashMap.newKeySet();

  private static final Queue<Warmup> WAITING = new ConcurrentLinkedQueue<>();
  private static final Executor BACKGROUND =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "autograd-warmup");
            thread.setDaemon(true);
            return thread;
          });

  private final String family;
  private final Runnable vector;
  private final Runnable plain;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean hot;
  private volatile boolean late;

  // Only the thread that warms up uses these.
  private int rounds;
  private long begin;
  private long bytesAtFirst;

  /// Prepares the choice between two forms of one family.
  public Warmup(String family, Runnable vector, Runnable plain) {
    this.family = family;
    this.vector = vector;
    this.plain = plain;
    boolean automatic = "auto".equalsIgnoreCase(System.getProperty("autograd.simd", "auto").trim());
    hot = Simd.live() && !automatic;
    started.set(!Simd.live() || !automatic);
    KernelForms.add(family, this::form);
  }

  private Form form() {
    if (hot) {
      return Form.VECTOR;
    }
    if (!Simd.live()) {
      return Form.PLAIN;
    }
    if (late) {
      return Form.LATE;
    }
    return started.get() ? Form.WARMING : Form.UNUSED;
  }

  /// Returns whether the vector form is to be used.
  public boolean hot() {
    if (!hot && !started.get() && started.compareAndSet(false, true)) {
      WAITING.add(this);
      BACKGROUND.execute(Warmup::warmUp);
    }
    return hot;
  }

  private static void warmUp() {
    while (!WAITING.isEmpty()) {
      WAITING.removeIf(Warmup::isHotNow);
      boolean allLate = WAITING.stream().allMatch(w -> w.late);
      LockSupport.parkNanos(allLate ? LATE_PAUSE_NANOS : PAUSE_NANOS);
    }
  }

  /// Tries the vector form, and returns whether it serves from now on.
  private boolean isHotNow() {
    vector.run();
    if (rounds++ == 0) {
      begin = System.nanoTime();
      bytesAtFirst = bytesOf(vector);
    }
    for (int i = Math.min(rounds, MOST_RUNS); i > 1; i--) {
      vector.run();
    }
    hot = bytesOf(vector) * FEWER <= bytesAtFirst && nanosOf(vector) < nanosOf(plain);
    late = !hot && System.nanoTime() - begin > LATE_NANOS;
    if (late && LATE.add(family)) {
      System.getLogger(Warmup.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "Vectors have not become faster than plain Java in a minute, which stays in use until"
                  + " they do: {0}. Is the optimising compiler (C2) switched off, or very busy?",
              family);
    }
    return hot;
  }

  private static long nanosOf(Runnable form) {
    long start = System.nanoTime();
    form.run();
    return System.nanoTime() - start;
  }

  private static long bytesOf(Runnable form) {
    long before = Allocation.soFar();
    form.run();
    return Allocation.soFar() - before;
  }

  /// What this thread has allocated; 0 on a virtual machine that does not tell.
  private static final class Allocation {
    private static final java.lang.management.ThreadMXBean THREADS =
        ManagementFactory.getThreadMXBean();

    private Allocation() {}

    static long soFar() {
      return THREADS instanceof ThreadMXBean t ? t.getCurrentThreadAllocatedBytes() : 0;
    }
  }
}
