package dev.autograd.gradcheck;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks one operation on the samples it brings.
///
/// For each sample: first derivatives and, if asked for, second ones against finite differences in
/// double precision; tangents in forward mode against the gradients; the same bits in two runs; a
/// zero gradient for a zero seed; shapes and types of gradients; inputs left alone; single
/// precision near double; and, for the samples of the first round, results and gradients under vmap
/// as of each sample by itself. Inputs that the operation says it refuses must be refused with the
/// message it names.
public final class OperationCheck {
  private final Operation prototype;
  private final OperationCheckOptions options;
  private final Tally tally = new Tally();

  private OperationCheck(Operation prototype, OperationCheckOptions options) {
    this.prototype = prototype;
    this.options = options;
  }

  /// Checks an operation; never throws for what the operation does wrong.
  public static OperationReport check(Operation prototype, OperationCheckOptions options) {
    return new OperationCheck(prototype, options).run();
  }

  private OperationReport run() {
    long start = System.nanoTime();
    int samples = 0;
    for (int round = 0; round < options.rounds(); round++) {
      samples += round(options.seed() + round);
    }
    boolean compared = prototype.differentiable() ? tally.comparedGradients() : samples > 0;
    if (!compared && tally.findings().isEmpty()) {
      tally.addBare(
          Fault.of(
              Finding.Kind.NO_SAMPLES,
              -1,
              (samples == 0 ? "it brings no samples; " : "no sample has an element of a gradient; ")
                  + "override samples(Samples) so that there is something to compare"),
          new Case(prototype, List.of(), List.of(), options.seed(), 0));
    }
    return new OperationReport(
        prototype.name(),
        prototype.differentiable(),
        samples,
        tally.comparisons(),
        tally.worstError(),
        List.copyOf(tally.findings()),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private int round(long seed) {
    SeededSamples drawn = new SeededSamples(seed);
    try (var _ = GradMode.enableGrad()) {
      prototype.samples(drawn);
    } catch (RuntimeException | LinkageError e) {
      tally.addBare(
          Fault.of(Finding.Kind.FAILED, -1, e + "; samples"),
          new Case(prototype, List.of(), List.of(), seed, 0));
      return 0;
    }
    boolean batches = seed == options.seed();
    List<Case> others = batches ? others(drawn) : List.of();
    for (Case c : drawn.cases()) {
      check(c, batches ? others.get(c.index()) : null);
    }
    for (SeededSamples.Rejected r : drawn.rejected()) {
      checkRejected(r, seed);
    }
    return drawn.cases().size();
  }

  /// Draws samples of the same shapes with other values; where that cannot be, the sample itself.
  private List<Case> others(SeededSamples drawn) {
    SeededSamples again = drawn.ofEqualSizes();
    try (var _ = GradMode.enableGrad()) {
      prototype.samples(again);
    } catch (RuntimeException | LinkageError e) {
      tally.addBare(
          Fault.of(Finding.Kind.FAILED, -1, e + "; samples, drawn with other values"),
          new Case(prototype, List.of(), List.of(), options.seed(), 0));
      return drawn.cases();
    }
    List<Case> others = new ArrayList<>();
    for (Case c : drawn.cases()) {
      boolean there = c.index() < again.cases().size();
      Case other = there ? again.cases().get(c.index()) : c;
      others.add(c.isLike(other) ? other : c);
    }
    return others;
  }

  private void check(Case c, @Nullable Case other) {
    Snapshot before = new Snapshot(c.inputs());
    Fault.Sink sink = tally.of(c);
    int known = tally.findings().size();
    try (var _ = GradMode.enableGrad()) {
      c.subject().run();
      if (!before.kept("forward", sink)) {
        // Nothing can be said about values that are no longer the sample's.
        return;
      }
      FirstOrder first = new FirstOrder(c, options.firstOrder(), tally);
      first.check();
      boolean once = c.operation().onceDifferentiable();
      boolean twice = options.order() > 1 && c.operation().differentiable() && !once;
      if (twice && first.passed()) {
        new SecondOrder(c, options.secondOrder(), tally).check();
      }
      if (first.passed()) {
        new SinglePrecision(c, tally).check();
      }
      if (first.passed() && c.operation().differentiable()) {
        new AdjointIdentity(c, options.firstOrder(), tally).ofOutputs(twice);
        if (twice && first.passed()) {
          new AdjointIdentity(c, options.secondOrder(), tally).ofGradients();
        }
      }
      if (first.passed() && other != null) {
        new SampleBatches(c, other, twice, tally).check();
      }
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // A gradient that does not fit, and a write into one that came, were reported in detail
      // before the engine refused them.
      boolean reported =
          e instanceof AutogradException a
              && (a.kind() == ErrorKind.BAD_GRAD_SHAPE || a.kind() == ErrorKind.GRAD_WRITTEN)
              && tally.findings().size() > known;
      if (!reported) {
        sink.add(Fault.of(Finding.Kind.FAILED, -1, e.toString()));
      }
    }
    before.kept("backward", sink);
  }

  private void checkRejected(SeededSamples.Rejected r, long seed) {
    Case c = new Case(r.operation(), r.inputs(), List.of(), seed, -1);
    String got;
    try {
      Case.apply(r.operation(), r.inputs());
      got = "it was accepted";
    } catch (AutogradException e) {
      if (String.valueOf(e.getMessage()).contains(r.message())) {
        tally.compared(1);
        return;
      }
      got = "the message was: " + e.getMessage();
    } catch (RuntimeException | LinkageError e) {
      got = "it failed with " + e;
    }
    tally
        .of(c)
        .add(
            Fault.of(
                Finding.Kind.NOT_REJECTED,
                -1,
                "should be refused with a message that contains '"
                    + r.message()
                    + "', but "
                    + got));
  }
}
