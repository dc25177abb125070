package dev.autograd;

import org.jspecify.annotations.Nullable;

/// The tangent of a tensor at one level of forward mode, and those at the levels outside it.
///
/// @param level the level it belongs to; without meaning once that level is closed
/// @param value of the shape and type of the tensor
/// @param outer the tangents at the levels outside `level`, innermost first
record Tangent(ForwardMode.Level level, Tensor value, @Nullable Tangent outer) {

  /// Returns the first of these that counts: its level is open, and not being evaluated.
  static @Nullable Tangent live(@Nullable Tangent first) {
    Tangent t = first;
    while (t != null && !t.level.isLive()) {
      t = t.outer;
    }
    return t;
  }

  /// Returns these tangents with `value` at `level`, in place of the one that is there.
  static @Nullable Tangent with(
      @Nullable Tangent all, ForwardMode.Level level, @Nullable Tensor value) {
    if (all == null || all.level.depth() < level.depth()) {
      return value == null ? all : new Tangent(level, value, all);
    }
    if (all.level.depth() > level.depth()) {
      return new Tangent(all.level, all.value, with(all.outer, level, value));
    }
    return value == null ? all.outer : new Tangent(level, value, all.outer);
  }
}
