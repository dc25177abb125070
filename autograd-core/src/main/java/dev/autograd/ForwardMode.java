package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Forward-mode differentiation by dual numbers: tensors that carry a tangent with them.
///
/// ```java
/// try (var _ = ForwardMode.dualLevel()) {
///   Tensor x = ForwardMode.makeDual(primal, direction);
///   Tensor dy = ForwardMode.unpackDual(f(x)).tangent(); // the derivative of f along direction
/// }
/// ```
///
/// Every operation computes the tangent of its result beside the result. Recording has no part in
/// it: [GradMode#noGrad()] does not stop tangents, [Tensor#detach] does. Where gradients are
/// recorded the tangents are recorded too, so that a tangent can be back-propagated, which is a
/// Hessian-vector product; and a backward through dual tensors gives dual gradients.
///
/// Levels belong to the thread that opened them: operations on another thread, such as those of a
/// parallel stream, compute values and no tangents.
public final class ForwardMode {
  /// As many levels as a `long` has bits to tell apart.
  private static final int DEEPEST = 63;

  private ForwardMode() {}

  /// A value and its tangent.
  ///
  /// @param tangent `null` if the value does not depend on any dual tensor
  public record Dual(Tensor primal, @Nullable Tensor tangent) {}

  /// A scope in which tensors can be dual; close it on the thread that opened it. The tangents made
  /// in it have no meaning afterwards.
  public static final class Level implements AutoCloseable {
    private final ThreadState state;
    private final @Nullable Level outer;
    private final int depth;
    private boolean open = true;

    /// Whether a derivative of this level is being computed, of which this level's tangents are no
    /// part.
    private boolean muted;

    private Level(ThreadState state) {
      this.state = state;
      this.outer = state.forward;
      this.depth = outer == null ? 1 : outer.depth + 1;
      state.forward = this;
      state.transforms++;
    }

    int depth() {
      return depth;
    }

    @Nullable Level outer() {
      return outer;
    }

    boolean isLive() {
      return open && !muted;
    }

    /// Returns `primal` with a tangent at this level.
    ///
    /// @throws AutogradException as [ForwardMode#makeDual]
    public Tensor makeDual(Tensor primal, Tensor tangent) {
      return ForwardMode.dual(this, primal, tangent);
    }

    /// Returns the value of `x` and its tangent at this level.
    public Dual unpackDual(Tensor x) {
      return new Dual(x.withTangent(this, null), x.tangentAt(this));
    }

    /// Closes the level; does nothing if it is closed already.
    @Override
    public void close() {
      if (open) {
        open = false;
        state.forward = outer;
        state.transforms--;
      }
    }
  }

  /// Opens a level of forward mode.
  ///
  /// @throws AutogradException (`FWAD_NESTED`) if one is open on this thread; functions such as
  ///   `jvp` of the package `functional` nest
  public static Level dualLevel() {
    if (ThreadState.current().forward != null) {
      throw new AutogradException(
          ErrorKind.FWAD_NESTED,
          "dualLevel: a level of forward mode is open on this thread, and levels do not nest."
              + " Close it first, or use Functional.jvp, which nests.");
    }
    return nestedLevel();
  }

  /// Opens a level of forward mode, inside another if there is one. Whoever nests levels takes care
  /// to unpack at the level at which was packed.
  public static Level nestedLevel() {
    ThreadState state = ThreadState.current();
    if (state.forward != null && state.forward.depth == DEEPEST) {
      throw new AutogradException(
          ErrorKind.FWAD_NESTED, "nestedLevel: " + DEEPEST + " levels are open, no more can be");
    }
    return new Level(state);
  }

  /// Returns `primal` with a tangent, at the innermost level; an alias that shares its elements and
  /// history.
  ///
  /// @param tangent of the shape and type of `primal`
  /// @throws AutogradException (`FWAD_NO_LEVEL`) if no level is open, (`FWAD_SIZE`) if shape or
  ///   type differ, (`DTYPE`) if the elements are not floating, (`ARGUMENT`) if the tangent is
  ///   itself dual at this level
  public static Tensor makeDual(Tensor primal, Tensor tangent) {
    Level level = ThreadState.current().forward;
    if (level == null) {
      throw new AutogradException(
          ErrorKind.FWAD_NO_LEVEL,
          "makeDual: no level of forward mode is open on this thread. Open one with"
              + " ForwardMode.dualLevel().");
    }
    return dual(level, primal, tangent);
  }

  /// Returns the value of `x` and its tangent at the innermost level; without a level there is
  /// none.
  public static Dual unpackDual(Tensor x) {
    Level level = ThreadState.current().forward;
    return level == null ? new Dual(x, null) : level.unpackDual(x);
  }

  /// Tells whether one of the tensors has a tangent at an open level.
  ///
  /// For a backward that has a faster form which cannot be differentiated: that may be used only
  /// where recording is off and nothing it reads is dual.
  public static boolean isDual(@Nullable Tensor... all) {
    if (ThreadState.current().forward == null) {
      return false;
    }
    for (Tensor x : all) {
      if (x != null && Tangent.live(Batching.plain(x).tangents()) != null) {
        return true;
      }
    }
    return false;
  }

  private static Tensor dual(Level level, Tensor primal, Tensor tangent) {
    if (!primal.dtype().isFloating()) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          "makeDual: only floating-point tensors have tangents, got " + primal.dtype());
    }
    if (!tangent.shape().equals(primal.shape()) || tangent.dtype() != primal.dtype()) {
      throw new AutogradException(
          ErrorKind.FWAD_SIZE,
          "makeDual: the tangent must have the shape and type of its primal, "
              + primal.dtype()
              + " "
              + primal.shape()
              + ", got "
              + tangent.dtype()
              + " "
              + tangent.shape());
    }
    if (tangent.tangentAt(level) != null) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "makeDual: the tangent is itself dual at this level");
    }
    // In-place operations write into the tangent as they do into the value.
    return primal.withTangent(level, tangent.clone());
  }

  /// Excludes levels from whatever is computed until the scope closes: `level` and those inside it,
  /// or all of them for `null`.
  static Muted mute(ThreadState state, @Nullable Level level) {
    long newly = 0;
    for (Level l = state.forward; l != null; l = l.outer) {
      if (!l.muted) {
        l.muted = true;
        newly |= 1L << l.depth;
      }
      if (l == level) {
        break;
      }
    }
    return new Muted(state.forward, newly);
  }

  /// Levels that take no part.
  ///
  /// @param innermost the level open when they were excluded
  /// @param depths a bit for each of them
  record Muted(@Nullable Level innermost, long depths) implements AutoCloseable {
    @Override
    public void close() {
      for (Level l = innermost; l != null; l = l.outer) {
        if ((depths >>> l.depth & 1) != 0) {
          l.muted = false;
        }
      }
    }
  }
}
