package dev.autograd.gradcheck;

import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;

/// What [Gradcheck] checks, and how closely; the names are PyTorch's.
///
/// @param eps the step of plain central differences; without it, differences at several steps that
///   suit the element type are extrapolated, which is good to about 1e-9 in `f64`
/// @param atol the absolute tolerance; without it [Tolerance#EXTRAPOLATED], or [Tolerance#CENTRAL]
///   where `eps` is given, or for `f32` [Tolerance#SINGLE] times the magnitude of the output where
///   that is above 1
/// @param rtol the relative tolerance; without it that of the same
/// @param nondetTol how far two walks through one graph, or two calls of the function, may be apart
/// @param seed the start of all random choices
/// @param flags what is switched on
public record GradcheckOptions(
    OptionalDouble eps,
    OptionalDouble atol,
    OptionalDouble rtol,
    double nondetTol,
    long seed,
    Set<Flag> flags) {

  /// The switches; each has a method of its name that sets it.
  public enum Flag {
    /// Throw what is found, else return `false`.
    RAISE_EXCEPTION,
    /// Gradients that are absent are taken for zero.
    CHECK_UNDEFINED_GRAD,
    /// Each backward returns gradients of its inputs' element types.
    CHECK_GRAD_DTYPES,
    /// Reverse mode agrees with finite differences.
    CHECK_BACKWARD_AD,
    /// Forward mode agrees with finite differences.
    CHECK_FORWARD_AD,
    /// Backward gives the same for a batch of gradients, under vmap, as for each.
    CHECK_BATCHED_GRAD,
    /// Forward mode gives the same for a batch of tangents, under vmap, as for each.
    CHECK_BATCHED_FORWARD_GRAD,
    /// Compare along random directions, at a cost that does not grow with the sizes.
    FAST_MODE,
    /// Of second derivatives: make the gradients that come in strided.
    GEN_NON_CONTIG_GRAD_OUTPUTS,
    /// Of second derivatives: by reverse mode over reverse mode.
    CHECK_REV_OVER_REV,
    /// Of second derivatives: by forward mode over reverse mode.
    CHECK_FWD_OVER_REV
  }

  /// Throws failures; checks backward, and backward over backward, and undefined gradients, element
  /// by element; seed 0.
  public static final GradcheckOptions DEFAULTS =
      new GradcheckOptions(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          0,
          0,
          EnumSet.of(
              Flag.RAISE_EXCEPTION,
              Flag.CHECK_UNDEFINED_GRAD,
              Flag.CHECK_BACKWARD_AD,
              Flag.CHECK_REV_OVER_REV));

  /// Refuses steps that are not positive and tolerances that are negative.
  ///
  /// @throws GradcheckException (`GRADCHECK_ARGS`)
  public GradcheckOptions {
    if (eps.isPresent() && !(eps.getAsDouble() > 0 && Double.isFinite(eps.getAsDouble()))) {
      throw refused("eps", "positive", eps.getAsDouble());
    }
    checkTolerance("atol", atol.orElse(0));
    checkTolerance("rtol", rtol.orElse(0));
    checkTolerance("nondetTol", nondetTol);
    flags = Set.copyOf(flags);
  }

  /// Returns these options with plain central differences of this step.
  public GradcheckOptions withEps(double eps) {
    return new GradcheckOptions(OptionalDouble.of(eps), atol, rtol, nondetTol, seed, flags);
  }

  /// Returns these options with an absolute tolerance.
  public GradcheckOptions withAtol(double atol) {
    return new GradcheckOptions(eps, OptionalDouble.of(atol), rtol, nondetTol, seed, flags);
  }

  /// Returns these options with a relative tolerance.
  public GradcheckOptions withRtol(double rtol) {
    return new GradcheckOptions(eps, atol, OptionalDouble.of(rtol), nondetTol, seed, flags);
  }

  /// Returns these options with another allowance for two runs.
  public GradcheckOptions withNondetTol(double nondetTol) {
    return new GradcheckOptions(eps, atol, rtol, nondetTol, seed, flags);
  }

  /// Returns these options with another seed.
  public GradcheckOptions withSeed(long seed) {
    return new GradcheckOptions(eps, atol, rtol, nondetTol, seed, flags);
  }

  /// Returns these options with failures thrown, or returned as `false`.
  public GradcheckOptions withRaiseException(boolean on) {
    return with(Flag.RAISE_EXCEPTION, on);
  }

  /// Returns these options with undefined gradients tried, or not.
  public GradcheckOptions withCheckUndefinedGrad(boolean on) {
    return with(Flag.CHECK_UNDEFINED_GRAD, on);
  }

  /// Returns these options with the element types that backwards return checked, or not.
  public GradcheckOptions withCheckGradDtypes(boolean on) {
    return with(Flag.CHECK_GRAD_DTYPES, on);
  }

  /// Returns these options with reverse mode checked, or not.
  public GradcheckOptions withCheckBackwardAd(boolean on) {
    return with(Flag.CHECK_BACKWARD_AD, on);
  }

  /// Returns these options with forward mode checked, or not.
  public GradcheckOptions withCheckForwardAd(boolean on) {
    return with(Flag.CHECK_FORWARD_AD, on);
  }

  /// Returns these options with batches of gradients checked, or not.
  public GradcheckOptions withCheckBatchedGrad(boolean on) {
    return with(Flag.CHECK_BATCHED_GRAD, on);
  }

  /// Returns these options with batches of tangents checked, or not.
  public GradcheckOptions withCheckBatchedForwardGrad(boolean on) {
    return with(Flag.CHECK_BATCHED_FORWARD_GRAD, on);
  }

  /// Returns these options with second derivatives by reverse mode twice, or not.
  public GradcheckOptions withCheckRevOverRev(boolean on) {
    return with(Flag.CHECK_REV_OVER_REV, on);
  }

  /// Returns these options with second derivatives by forward mode over reverse mode, or not.
  public GradcheckOptions withCheckFwdOverRev(boolean on) {
    return with(Flag.CHECK_FWD_OVER_REV, on);
  }

  /// Returns these options with random directions in place of all elements, or not.
  public GradcheckOptions withFastMode(boolean on) {
    return with(Flag.FAST_MODE, on);
  }

  /// Returns these options with strided random gradients for second derivatives, or not.
  public GradcheckOptions withGenNonContigGradOutputs(boolean on) {
    return with(Flag.GEN_NON_CONTIG_GRAD_OUTPUTS, on);
  }

  /// Returns these options with a switch on or off.
  public GradcheckOptions with(Flag flag, boolean on) {
    EnumSet<Flag> all = EnumSet.noneOf(Flag.class);
    all.addAll(flags);
    if (on) {
      all.add(flag);
    } else {
      all.remove(flag);
    }
    return new GradcheckOptions(eps, atol, rtol, nondetTol, seed, all);
  }

  /// Tells whether a switch is on.
  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  /// Returns these options as they are for the gradient of a function, taken for a function.
  GradcheckOptions ofGradient() {
    return with(Flag.CHECK_BACKWARD_AD, has(Flag.CHECK_REV_OVER_REV))
        .with(Flag.CHECK_FORWARD_AD, has(Flag.CHECK_FWD_OVER_REV));
  }

  /// Refuses to check nothing, and to check batches of what is not checked by itself.
  void requireSomething(String who) {
    boolean backward = has(Flag.CHECK_BACKWARD_AD);
    boolean forward = has(Flag.CHECK_FORWARD_AD);
    String rule =
        !backward && !forward
            ? "at least one of backward and forward mode must be checked"
            : has(Flag.CHECK_BATCHED_GRAD) && !backward
                ? "checkBatchedGrad needs backward mode to be checked"
                : has(Flag.CHECK_BATCHED_FORWARD_GRAD) && !forward
                    ? "checkBatchedForwardGrad needs forward mode to be checked"
                    : "";
    if (!rule.isEmpty()) {
      throw new GradcheckException(Finding.Kind.GRADCHECK_ARGS, who + ": " + rule);
    }
  }

  private static void checkTolerance(String name, double value) {
    if (!(value >= 0)) {
      throw refused(name, "zero or more", value);
    }
  }

  private static GradcheckException refused(String name, String rule, double value) {
    return new GradcheckException(
        Finding.Kind.GRADCHECK_ARGS, name + ": must be " + rule + ", got " + value);
  }
}
