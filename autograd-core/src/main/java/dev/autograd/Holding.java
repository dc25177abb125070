package dev.autograd;

/// Who can hold the array of a gradient that is on its way through the graph.
enum Holding {
  /// The program, or another part of the graph.
  SHARED,
  /// The engine alone, if the function that made it kept nothing for itself: it may be added into.
  FRESH,
  /// The engine alone: when it has served, its memory can be used again.
  SOLE
}
