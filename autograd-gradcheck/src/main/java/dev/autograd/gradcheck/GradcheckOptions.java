package dev.autograd.gradcheck;

import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;

/// What [Gradcheck] checks, and how closely; the names are PyTorch's.
///
/// @param eps the step of plain central differences; without it, differences at several steps that
///   suit the element type are extrapolated, which is good to about 1e-9 in `f64`
/// @param atol the absolute tolerance; without it [Tolerance#EXTRAPOLATED], or
///   [Tolerance#CENTRAL] where `eps` is given, or for `f32` [Tolerance#SINGLE] times the
///   magnitude of the output where that is above 1
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
    /// Compare along random directions, at a cost that does not grow with the sizes.
    FAST_MODE,
    /// Of second derivatives: make the gradients that come in strided.
    GEN_NON_CONTIG_GRAD_OUTPUTS
  }

  /// Throws failures; checks backward and undefined gradients, element by element; seed 0.
  public static final GradcheckOptions DEFAULTS =
      new GradcheckOptions(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          0,
          0,
          EnumSet.of(Flag.RAISE_EXCEPTION, Flag.CHECK_UNDEFINED_GRAD, Flag.CHECK_BACKWARD_AD));

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
