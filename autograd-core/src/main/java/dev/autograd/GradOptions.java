package dev.autograd;

/// How a backward walk treats the graph.
///
/// @param retainsGraph whether saved values stay, so that the graph can be walked again
/// @param createsGraph whether the walk is itself recorded, so that gradients can be
///   differentiated; implies `retainsGraph`
/// @param allowsUnused whether [Autograd#grad] may return `null` for an input that is not reached
/// @param materializesGrads whether [Autograd#grad] returns zeros instead of that `null`; implies
///   `allowsUnused`
public record GradOptions(
    boolean retainsGraph, boolean createsGraph, boolean allowsUnused, boolean materializesGrads) {
  /// Refuses zeros for inputs that may not be unreached.
  ///
  /// @throws AutogradException (`ARGUMENT`) if grads are materialized and unused inputs not allowed
  public GradOptions {
    if (materializesGrads && !allowsUnused) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "options: zeros for unreached inputs (materializesGrads) imply that inputs may be"
              + " unreached (allowsUnused). Set both, or use materializingGrads().");
    }
  }

  /// Makes options that leave `null` for what is not reached.
  public GradOptions(boolean retainsGraph, boolean createsGraph, boolean allowsUnused) {
    this(retainsGraph, createsGraph, allowsUnused, false);
  }

  private static final GradOptions DEFAULTS = new GradOptions(false, false, false);

  /// Walks once, records nothing, and takes an unreached input for a mistake.
  public static GradOptions defaults() {
    return DEFAULTS;
  }

  /// Keeps the graph for another walk.
  public static GradOptions retainGraph() {
    return new GradOptions(true, false, false);
  }

  /// Records the walk, for derivatives of higher order.
  public static GradOptions createGraph() {
    return new GradOptions(true, true, false);
  }

  /// Returns these options with unreached inputs allowed.
  public GradOptions allowingUnused() {
    return new GradOptions(retainsGraph, createsGraph, true, materializesGrads);
  }

  /// Returns these options with zeros for unreached inputs.
  public GradOptions materializingGrads() {
    return new GradOptions(retainsGraph, createsGraph, true, true);
  }
}
