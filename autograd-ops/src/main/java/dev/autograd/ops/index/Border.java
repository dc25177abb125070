package dev.autograd.ops.index;

/// What a border made of a tensor's own entries repeats.
public enum Border {
  /// The entries behind the edge in reverse order, the edge itself not repeated: `c b | a b c`.
  REFLECT,
  /// The entry at the edge: `a a | a b c`.
  REPLICATE,
  /// The entries from the other end: `b c | a b c`.
  CIRCULAR;

  /// Returns the place in `[0, n)` that `place`, which may lie outside, repeats.
  int source(int place, int n) {
    return switch (this) {
      case REFLECT -> place < 0 ? -place : place < n ? place : 2 * (n - 1) - place;
      case REPLICATE -> Math.clamp(place, 0, n - 1);
      case CIRCULAR -> Math.floorMod(place, n);
    };
  }

  /// Returns the greatest amount that a dimension of size `n` can be extended by on one side.
  int limit(int n) {
    return switch (this) {
      case REFLECT -> Math.max(0, n - 1);
      case REPLICATE -> n == 0 ? 0 : Integer.MAX_VALUE - n;
      case CIRCULAR -> n;
    };
  }
}
