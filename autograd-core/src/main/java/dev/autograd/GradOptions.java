package dev.autograd;

/// How a backward walk treats the graph.
///
/// @param retainsGraph whether saved values stay, so that the graph can be walked again
/// @param createsGraph whether the walk is itself recorded, so that gradients can be
///   differentiated; implies `retainsGraph`
/// @param allowsUnused whether [Autograd#grad] may return `null` for an input that is not reached
public record GradOptions(boolean retainsGraph, boolean createsGraph, boolean allowsUnused) {
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
    return new GradOptions(retainsGraph, createsGraph, true);
  }
}
