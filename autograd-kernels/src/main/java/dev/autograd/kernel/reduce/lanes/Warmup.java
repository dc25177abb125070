package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.KernelForms;
import dev.autograd.kernel.KernelForms.Form;
import dev.autograd.kernel.Simd;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Decides when a loop, or a few that are used together, goes over from its plain form to its
/// vector form.
///
/// Until the optimising compiler has it, a vector loop allocates every vector and runs some twenty
/// times slower than plain Java. So the first call has a daemon thread run both forms on a small
/// problem until the vector form wins; meanwhile, and for ever on a virtual machine where it never
/// wins, the plain form serves. As both give the same bits, only the speed shows it, and
/// [KernelForms] tells; that the plain form stays for good is logged. A vector width that is set by
/// hand is used from the first call.
public final class Warmup {
  private static final int BATCH = 20;
  private static final int WINS = 3;
  private static final long TURN_NANOS = 1_000_000_000L;
  private static final int MOST_TURNS = 60;

  /// Takes turns, one at a time: at the same time loops would only keep each other, and the
  /// compiler, waiting. Who has had the fewest turns is next, so that a loop which never wins keeps
  /// none waiting for long.
  private static final Executor TURNS =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new PriorityBlockingQueue<>(),
          work -> {
            Thread thread = new Thread(work, "autograd-warmup");
            thread.setDaemon(true);
            return thread;
          });

  /// The families of which it is logged that a member stays plain.
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private static final AtomicLong TICKETS = new AtomicLong();

  /// A turn of a loop, after as many others that it had.
  private record Turn(Warmup choice, int before, long ticket)
      implements Runnable, Comparable<Turn> {
    private static final Comparator<Turn> ORDER =
        Comparator.comparingInt(Turn::before).thenComparingLong(Turn::ticket);

    @Override
    public void run() {
      choice.warmUp(before);
    }

    @Override
    public int compareTo(Turn other) {
      return ORDER.compare(this, other);
    }
  }

  private final String family;
  private final Runnable vector;
  private final Runnable plain;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean hot;
  private volatile boolean refused;

  /// Prepares the choice between two forms of a member of a family.
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
    if (refused) {
      return Form.REFUSED;
    }
    return started.get() ? Form.WARMING : Form.UNUSED;
  }

  /// Returns whether the vector form is to be used.
  public boolean hot() {
    if (!hot && !started.get() && started.compareAndSet(false, true)) {
      takeTurn(0);
    }
    return hot;
  }

  private void takeTurn(int before) {
    TURNS.execute(new Turn(this, before, TICKETS.getAndIncrement()));
  }

  private void warmUp(int turns) {
    long begin = System.nanoTime();
    int wins = 0;
    while (wins < WINS && System.nanoTime() - begin < TURN_NANOS) {
      long limit = time(plain, Long.MAX_VALUE);
      long taken = time(vector, limit);
      wins = taken < limit ? wins + 1 : 0;
      if (wins == 0) {
        // The slow form has had its turn; the compiler may need the processor more.
        LockSupport.parkNanos(taken);
      }
    }
    if (wins == WINS) {
      hot = true;
    } else if (turns < MOST_TURNS) {
      takeTurn(turns + 1);
    } else {
      refused = true;
      tellRefusal();
    }
  }

  private void tellRefusal() {
    if (TOLD.add(family)) {
      System.getLogger(Warmup.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "Vectors did not become faster than plain Java, which stays in use: {0}. Is the"
                  + " optimising compiler (C2) switched off?",
              family);
    }
  }

  /// Returns the time of a batch, cut short once it is beyond the limit.
  private static long time(Runnable form, long limit) {
    long begin = System.nanoTime();
    long taken = 0;
    for (int i = 0; i < BATCH && taken < limit; i++) {
      form.run();
      taken = System.nanoTime() - begin;
    }
    return taken;
  }
}
