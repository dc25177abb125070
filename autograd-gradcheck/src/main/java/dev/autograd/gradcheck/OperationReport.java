package dev.autograd.gradcheck;

import java.time.Duration;
import java.util.List;

/// What the checker found out about one operation.
///
/// @param name the operation's name
/// @param differentiable whether it has a gradient at all
/// @param samples how many applications were tried
/// @param comparisons how many numbers were compared with a reference
/// @param worstError the largest finite difference of a gradient from its reference, relative to
///   `max(1, |reference|)`
/// @param findings what is wrong; empty if the operation passed
/// @param elapsed how long it took
public record OperationReport(
    String name,
    boolean differentiable,
    int samples,
    long comparisons,
    double worstError,
    List<Finding> findings,
    Duration elapsed) {

  /// Tells whether nothing was found.
  public boolean passed() {
    return findings.isEmpty();
  }
}
