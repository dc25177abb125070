package dev.autograd.gradcheck;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.GradcheckOptions.Flag;
import dev.autograd.gradcheck.difference.Steps;
import dev.autograd.gradcheck.difference.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks one function at one point; ends with the first fault, which it throws.
final class FunctionCheck implements Fault.Sink {
  private final String who;
  private final Subject subject;

  /// What the caller gave, in the order of the subject's point.
  private final List<Tensor> given;

  private final GradcheckOptions options;
  private long compared;

  private FunctionCheck(String who, Subject subject, List<Tensor> given, GradcheckOptions options) {
    this.who = who;
    this.subject = subject;
    this.given = given;
    this.options = options;
  }

  /// Checks the first derivatives of a function.
  static void first(UnaryOperator<List<Tensor>> f, List<Tensor> inputs, GradcheckOptions options) {
    String who = "gradcheck";
    new FunctionCheck(who, Inputs.subject(who, f, inputs, options), inputs, options)
        .check(Finding.Kind.GRADCHECK_MISMATCH);
  }

  /// Checks the second derivatives of a function: the first ones of its gradient.
  static void second(
      UnaryOperator<List<Tensor>> f,
      List<Tensor> inputs,
      List<Tensor> gradOutputs,
      GradcheckOptions options) {
    String who = "gradgradcheck";
    GradcheckOptions inner = options.ofGradient();
    Subject subject = Inputs.subject(who, f, inputs, inner);
    Subject.Run run = subject.run();
    if (run.tracked().isEmpty()) {
      // There is no gradient to differentiate; what is to be said is said of the function itself.
      new FunctionCheck(who, subject, inputs, inner).check(Finding.Kind.GRADCHECK_MISMATCH);
      return;
    }
    List<Tensor> seeds = SecondOrderSeeds.of(run.tracked(), gradOutputs, options);
    new FunctionCheck(who, subject, inputs, inner).refuseCaptured(run);
    List<Tensor> given = new ArrayList<>(inputs);
    given.addAll(seeds);
    new FunctionCheck(who, subject.gradient(run.trackedOutputs(), seeds), given, inner)
        .check(Finding.Kind.GRADGRADCHECK_MISMATCH);
  }

  private void check(Finding.Kind mismatch) {
    Snapshot before = new Snapshot(subject.point());
    Subject.Run run = subject.run();
    List<Tensor> out = run.out();
    before.kept("the function", this);
    sameAgain(out);
    UnaryOperator<List<Tensor>> evaluate = at -> evaluate(at, out);
    DType precision = precision(out);
    Steps steps = steps(precision);
    if (run.tracked().isEmpty()) {
      DerivativeRules.untracked(subject, out, evaluate, steps, tolerance(precision, 1), this);
      return;
    }
    if (options.has(Flag.CHECK_BACKWARD_AD)) {
      // First, since a backward that writes into its gradient is refused by the engine.
      watch(run);
    }
    refuseCaptured(run);
    if (options.has(Flag.CHECK_BACKWARD_AD)) {
      DerivativeRules.zeroSeed(subject, this);
      if (options.has(Flag.CHECK_UNDEFINED_GRAD)) {
        DerivativeRules.undefinedGrads(subject, this);
      }
      before.kept("backward", this);
    }
    Jacobians jacobians =
        new Jacobians(
            this, mismatch, new Derivatives(this, subject, run, evaluate, steps), precision);
    if (options.has(Flag.FAST_MODE)) {
      jacobians.compareAlongDirections();
    } else {
      jacobians.compareWhole();
    }
    Batches batches = new Batches(this, subject, run, tolerance(precision, 1));
    if (options.has(Flag.CHECK_BATCHED_GRAD)) {
      batches.ofGradients();
    }
    if (options.has(Flag.CHECK_BATCHED_FORWARD_GRAD)) {
      batches.ofTangents();
    }
    if (options.has(Flag.CHECK_FORWARD_AD) && options.has(Flag.CHECK_UNDEFINED_GRAD)) {
      DerivativeRules.absentTangents(subject, options.seed(), tolerance(precision, 1), this);
    }
    before.kept("backward", this);
    if (compared == 0) {
      throw new GradcheckException(
          Finding.Kind.GRADCHECK_NO_INPUT,
          who + ": there is nothing to compare, no input has an element that an output depends on");
    }
  }

  // --- what the parts ask for ------------------------------------------------------------------

  @Override
  public void add(Fault fault) {
    throw failure(fault, -1, null, fault.detail() + numbers(fault) + ".", "");
  }

  @Override
  public void compared(long count) {
    compared += count;
  }

  GradcheckOptions options() {
    return options;
  }

  /// Makes the exception of a fault, with the facts that all have.
  GradcheckException failure(
      Fault fault, int output, @Nullable String outputElement, String message, String matrices) {
    String inputs =
        given.stream()
            .map(t -> t.dtype() + t.shape().toString() + (t.requiresGrad() ? " with grad" : ""))
            .collect(Collectors.joining(", "));
    return new GradcheckException(
        fault,
        output,
        outputElement,
        who + ": " + message + " Inputs " + inputs + "; " + how() + "." + matrices);
  }

  /// Returns how far derivatives may be from differences.
  ///
  /// @param scale the magnitude of the output, whose round-off single precision shows
  Tolerance tolerance(DType precision, double scale) {
    Tolerance byType =
        precision == DType.F64
            ? options.eps().isPresent() ? Tolerance.CENTRAL : Tolerance.EXTRAPOLATED
            : new Tolerance(Tolerance.SINGLE.absolute() * scale, Tolerance.SINGLE.relative());
    return new Tolerance(
        options.atol().orElse(byType.absolute()), options.rtol().orElse(byType.relative()));
  }

  private static String numbers(Fault fault) {
    return fault.element() == null
        ? ""
        : ", of input "
            + fault.input()
            + " at "
            + fault.element()
            + ": got "
            + fault.analytic()
            + ", should be "
            + fault.numeric();
  }

  private String how() {
    return (options.eps().isPresent() ? "eps " + options.eps().getAsDouble() : "eps by type")
        + ", seed "
        + options.seed();
  }

  // --- the function ----------------------------------------------------------------------------

  /// A tensor that the function uses past its arguments does not move with them.
  private void refuseCaptured(Subject.Run run) {
    List<Tensor> variables = subject.variables().stream().map(given::get).toList();
    List<Tensor> weights = Weights.like(run.tracked(), options.seed());
    List<@Nullable Tensor> reached =
        Autograd.grad(
            run.tracked(), variables, weights, GradOptions.retainGraph().allowingUnused());
    for (int k = 0; k < reached.size(); k++) {
      if (reached.get(k) != null) {
        throw new GradcheckException(
            Finding.Kind.GRADCHECK_NO_INPUT,
            who
                + ": the function computes with the tensor given as input "
                + subject.variables().get(k)
                + " itself, not with the argument it is called with, so moving the argument"
                + " shows nothing. Use the arguments inside the function.");
      }
    }
    if (run.grad(run.tracked(), weights).stream().allMatch(g -> g == null)) {
      throw new GradcheckException(
          Finding.Kind.GRADCHECK_NO_INPUT,
          who
              + ": the function's results carry a gradient, but none to its arguments, so there is"
              + " nothing to check. Does it use other tensors in their place?");
    }
  }

  /// Evaluates the function; its results must be as many and of such shapes as at the point.
  private List<Tensor> evaluate(List<Tensor> at, List<Tensor> like) {
    List<Tensor> out = subject.recorded(at);
    if (!describe(out).equals(describe(like))) {
      throw new GradcheckException(
          Finding.Kind.GRADCHECK_SHAPE,
          who
              + ": the function's results change their number, shape or type near the point: "
              + describe(like)
              + " there, "
              + describe(out)
              + " nearby. It cannot be differentiated there.");
    }
    return out;
  }

  private static List<String> describe(List<Tensor> all) {
    return all.stream().map(t -> t.dtype() + t.shape().toString()).toList();
  }

  private void sameAgain(List<Tensor> out) {
    List<Tensor> again = evaluate(subject.point(), out);
    for (int k = 0; k < out.size(); k++) {
      Tensor y = out.get(k);
      double[] first = y.toDoubleArray();
      double[] second = again.get(k).toDoubleArray();
      int e = Comparison.of(new Tolerance(options.nondetTol(), 0), first, second).worst();
      if (e >= 0) {
        Fault fault = Fault.of(Finding.Kind.GRADCHECK_NONDET, -1, "");
        throw failure(
            fault,
            k,
            Fault.position(y.shape(), e),
            "the function gives other results when it is called again, "
                + apart(first[e], second[e])
                + " in output "
                + k
                + " at "
                + Fault.position(y.shape(), e)
                + ". Does it draw random numbers, or keep a state?",
            "");
      }
    }
  }

  /// Says by how much two runs differ.
  String apart(double first, double second) {
    return first
        + " and "
        + second
        + " (apart by "
        + Math.abs(first - second)
        + ", allowed "
        + options.nondetTol()
        + ")";
  }

  private DType precision(List<Tensor> out) {
    boolean single =
        subject.variables().stream().anyMatch(i -> subject.point().get(i).dtype() != DType.F64)
            || out.stream().anyMatch(t -> t.dtype().isFloating() && t.dtype() != DType.F64);
    return single ? DType.F32 : DType.F64;
  }

  private Steps steps(DType precision) {
    return options.eps().isPresent()
        ? Steps.fixed(options.eps().getAsDouble())
        : Steps.of(precision);
  }

  /// Looks on as the operations of the function walk back.
  private void watch(Subject.Run like) {
    Subject.Run run;
    try (var _ =
        Autograd.intercept(
            call ->
                Case.apply(
                        Witness.of(call.operation(), new Onlooker(this, call.operation().name())),
                        List.of(call.inputs()))
                    .toArray(Tensor[]::new))) {
      run = subject.run();
    }
    run.grad(run.tracked(), Weights.like(like.tracked(), options.seed()));
  }

  /// Passes on what is seen of one operation inside the function.
  private record Onlooker(FunctionCheck check, String operation) implements Fault.Sink {
    @Override
    public void add(Fault fault) {
      boolean asked =
          switch (fault.kind()) {
            case GRADCHECK_DTYPE -> check.options.has(Flag.CHECK_GRAD_DTYPES);
            // The engine refuses such a gradient in its own words.
            case GRADCHECK_SHAPE -> false;
            default -> true;
          };
      if (asked) {
        check.add(Fault.of(fault.kind(), -1, operation + ": " + fault.detail()));
      }
    }

    @Override
    public void compared(long count) {
      check.compared(count);
    }
  }
}
