package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Trades time for memory: nothing that a function saves for backward is kept; backward runs the
/// function again to get it.
///
/// ```java
/// Tensor h = Checkpoint.checkpoint(block::apply, x);
/// Tensor y = Checkpoint.options().earlyStop(false).run(() -> block.apply(x));
/// ```
///
/// The results, their gradients and everything one can do with them, such as [Autograd#grad],
/// second derivatives, hooks and checkpoints inside of checkpoints, are as without a checkpoint.
/// The function may take what it needs from its surroundings, and may return any object; what it
/// captures gets gradients too. It must do the same in both runs, apart from random numbers, which
/// are repeated; what it does besides computing happens twice. Tensors handed over as inputs need
/// not be kept alive by an enclosing checkpoint, which captured ones do.
///
/// There is no re-entrant kind, which would call backward inside of backward, and so could do none
/// of this.
///
/// **Source** Chen et al., Training Deep Nets with Sublinear Memory Cost, arXiv:1604.06174
@SuppressWarnings("overloads") // which form is meant shows in the number of tensors
public final class Checkpoint {
  private static final Checkpoint DEFAULTS = new Checkpoint(true, true, List.of(), null);

  /// A function of several tensors.
  @FunctionalInterface
  public interface Body<R extends @Nullable Object> {
    /// Computes the results.
    R run(Tensor... inputs);
  }

  private final boolean earlyStop;
  private final boolean preservesRandom;
  private final List<Generator> generators;
  private final CheckpointPolicy.@Nullable Rule rule;

  private Checkpoint(
      boolean earlyStop,
      boolean preservesRandom,
      List<Generator> generators,
      CheckpointPolicy.@Nullable Rule rule) {
    this.earlyStop = earlyStop;
    this.preservesRandom = preservesRandom;
    this.generators = generators;
    this.rule = rule;
  }

  /// Computes `fn` of `x` without keeping what backward needs.
  ///
  /// Backward throws (`CHECKPOINT_MISMATCH`) if the second run saves another number, type or shape
  /// of tensors than the first.
  public static <R extends @Nullable Object> R checkpoint(
      Function<? super Tensor, ? extends R> fn, Tensor x) {
    return DEFAULTS.run(fn, x);
  }

  /// Computes `fn` of the inputs without keeping what backward needs, as for one input.
  public static <R extends @Nullable Object> R checkpoint(Body<? extends R> fn, Tensor... inputs) {
    return DEFAULTS.run(fn, inputs);
  }

  /// Computes `fn` of what it captures without keeping what backward needs, as for one input.
  public static <R extends @Nullable Object> R checkpoint(Supplier<? extends R> fn) {
    return DEFAULTS.run(fn);
  }

  /// Applies `steps` one after the other, in `segments` groups of which all but the last are
  /// checkpointed.
  ///
  /// With `n` steps, about `√n` segments need least memory.
  ///
  /// @throws AutogradException (`ARGUMENT`) unless `segments` lies in 1 to the number of steps
  public static Tensor checkpointSequential(
      List<? extends UnaryOperator<Tensor>> steps, int segments, Tensor x) {
    return DEFAULTS.runSequential(steps, segments, x);
  }

  /// Returns the options that the static methods use, to change some of them.
  public static Checkpoint options() {
    return DEFAULTS;
  }

  /// Sets whether the second run stops as soon as it has saved all that is needed; on by default.
  public Checkpoint earlyStop(boolean stop) {
    return new Checkpoint(stop, preservesRandom, generators, rule);
  }

  /// Sets whether the second run draws the same numbers from [Generator#global] as the first; on by
  /// default.
  public Checkpoint preservesRandom(boolean preserves) {
    return new Checkpoint(earlyStop, preserves, generators, rule);
  }

  /// Repeats the numbers of these generators too.
  public Checkpoint generators(Generator... more) {
    return new Checkpoint(earlyStop, preservesRandom, List.of(more), rule);
  }

  /// Keeps the results of some operations, those that `rule` chooses, so that they are not run
  /// again.
  ///
  /// What is kept serves one backward. Results that share memory with an input, such as views, are
  /// computed again in any case. Backward throws (`CHECKPOINT_SELECTIVE`) if a kept result was
  /// written in place, or when it comes a second time.
  public Checkpoint selective(CheckpointPolicy.Rule rule) {
    return new Checkpoint(earlyStop, preservesRandom, generators, Objects.requireNonNull(rule));
  }

  /// Computes `fn` of `x`, as [#checkpoint(Function, Tensor)].
  public <R extends @Nullable Object> R run(Function<? super Tensor, ? extends R> fn, Tensor x) {
    return CheckpointFrame.run(this, in -> fn.apply(in[0]), x);
  }

  /// Computes `fn` of the inputs, as [#checkpoint(Body, Tensor...)].
  public <R extends @Nullable Object> R run(Body<? extends R> fn, Tensor... inputs) {
    return CheckpointFrame.run(this, fn, inputs.clone());
  }

  /// Computes `fn` of what it captures, as [#checkpoint(Supplier)].
  public <R extends @Nullable Object> R run(Supplier<? extends R> fn) {
    return CheckpointFrame.run(this, _ -> fn.get());
  }

  /// Applies steps in segments, as [#checkpointSequential].
  public Tensor runSequential(List<? extends UnaryOperator<Tensor>> steps, int segments, Tensor x) {
    int n = steps.size();
    if (segments < 1 || segments > n) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "checkpointSequential: the number of segments must lie in 1 to the number of steps, "
              + n
              + ", got "
              + segments);
    }
    List<UnaryOperator<Tensor>> all = new ArrayList<>(steps);
    int size = n / segments;
    Tensor y = x;
    int from = 0;
    for (int s = 0; s < segments - 1; s++) {
      List<UnaryOperator<Tensor>> part = all.subList(from, from + size);
      y = run(t -> inTurn(part, t), y);
      from += size;
    }
    return inTurn(all.subList(from, n), y);
  }

  private static Tensor inTurn(List<UnaryOperator<Tensor>> steps, Tensor x) {
    Tensor y = x;
    for (UnaryOperator<Tensor> step : steps) {
      y = step.apply(y);
    }
    return y;
  }

  boolean stopsEarly() {
    return earlyStop;
  }

  /// Returns the generators whose numbers are repeated.
  List<Generator> repeated() {
    if (!preservesRandom) {
      return generators;
    }
    List<Generator> all = new ArrayList<>(generators);
    all.add(Generator.global());
    return all;
  }

  CheckpointPolicy.@Nullable Rule rule() {
    return rule;
  }
}
