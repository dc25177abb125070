package dev.autograd.profile;

import dev.autograd.Shape;
import java.util.List;

/// One thing that took time.
///
/// @param kind what it was
/// @param name of the operation, of the node, or of the range
/// @param shapes of an operation's inputs, of the gradients' places of a node
/// @param startNanos when it started, counted from the start of the profiler
/// @param totalNanos how long it took
/// @param selfNanos how long it took without the events inside it
/// @param bytes how many bytes of arrays an operation's results took that its inputs did not have
/// @param sequenceNumber of the node that a recorded operation left or that a walk runs, so that
///   the two find each other; −1 where there is none
/// @param depth how many events it is inside of
public record ProfileEvent(
    Kind kind,
    String name,
    List<Shape> shapes,
    long startNanos,
    long totalNanos,
    long selfNanos,
    long bytes,
    long sequenceNumber,
    int depth) {
  /// What an event can be.
  public enum Kind {
    /// An operation, forward or inside a backward.
    OPERATION,
    /// A node that a backward pass runs, with the operations that it applies inside.
    BACKWARD,
    /// A range that the user named.
    RANGE
  }
}
