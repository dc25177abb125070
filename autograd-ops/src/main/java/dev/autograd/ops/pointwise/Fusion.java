package dev.autograd.ops.pointwise;

import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.expr.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether chains of formulas over large tensors are computed as one kernel. See Note [Chains of
/// formulas] in [Chain].
///
/// It changes no bit of any result, only when it is computed. Without it every operation is done
/// when its method returns, which is what one wants to see in a profile of single operations.
public final class Fusion {
  /// How often a structure must come before it gets a kernel of its own.
  static final int OFTEN = 3;

  private static final int KEPT = 512;

  private static final ThreadLocal<Boolean> OFF = ThreadLocal.withInitial(() -> false);

  /// Applications, and where each of their inputs comes from.
  private record Structure(DType type, List<Integer> wiring, List<CompiledFormulas> formulas) {}

  private static final class Known {
    private int seen;
    private @Nullable CompiledFormulas fused;
  }

  /// By structure, the one that was asked for longest ago first.
  private static final Map<Structure, Known> ENTRIES =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Structure, Known> eldest) {
          return size() > KEPT;
        }
      };

  private Fusion() {}

  /// A stretch of a thread's program in which every operation is computed at once.
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /// Has this thread's operations computed at once, until the scope is closed.
  public static Scope off() {
    boolean before = OFF.get();
    OFF.set(true);
    return () -> OFF.set(before);
  }

  /// Tells whether this thread's operations may be put off.
  static boolean isOn() {
    return !OFF.get();
  }

  /// Lets a kernel read the elements of a contiguous tensor, each once and in any order. What is
  /// pending is computed as it is read; see Note [What ends a chain] in [Chain].
  ///
  /// @param keep whether the values are needed later, too
  /// @param stretch about how many elements that follow each other are asked for at a time
  /// @param reader reads all before it returns; needs no other tensor meanwhile
  public static void read(Tensor x, boolean keep, int stretch, Consumer<Inflow> reader) {
    Chain.read(x, keep, stretch, reader);
  }

  /// Returns the formulas of a structure as one, or `null` while it is too rare for that.
  static @Nullable CompiledFormulas find(
      DType type,
      List<Integer> wiring,
      List<CompiledFormulas> formulas,
      Supplier<List<Expr>> together) {
    synchronized (ENTRIES) {
      Known entry =
          ENTRIES.computeIfAbsent(
              new Structure(type, List.copyOf(wiring), formulas), _ -> new Known());
      if (entry.fused == null && ++entry.seen >= OFTEN) {
        entry.fused = new CompiledFormulas("fused", together.get());
      }
      return entry.fused;
    }
  }
}
