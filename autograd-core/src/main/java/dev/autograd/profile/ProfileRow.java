package dev.autograd.profile;

import dev.autograd.Shape;
import java.util.List;

/// The sum of all events of one kind and name, and of the same shapes where they are kept apart.
///
/// @param kind what they were
/// @param name what they were named
/// @param shapes their shapes, none where those are not kept apart
/// @param calls how many there were
/// @param totalNanos how long they took; events inside events of the same name count twice
/// @param selfNanos how long they took without the events inside them
/// @param bytes how many bytes their results took
public record ProfileRow(
    ProfileEvent.Kind kind,
    String name,
    List<Shape> shapes,
    long calls,
    long totalNanos,
    long selfNanos,
    long bytes) {
  /// Returns how long one took on average.
  public double meanNanos() {
    return (double) totalNanos / calls;
  }

  ProfileRow plus(ProfileRow other) {
    return new ProfileRow(
        kind,
        name,
        shapes,
        calls + other.calls,
        totalNanos + other.totalNanos,
        selfNanos + other.selfNanos,
        bytes + other.bytes);
  }
}
