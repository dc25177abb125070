package dev.autograd.ops.conv;

/// A height and a width, in elements.
public record Extent(int height, int width) {
  /// Returns the same number in both directions.
  public static Extent of(int both) {
    return new Extent(both, both);
  }

  boolean atLeast(int least) {
    return height >= least && width >= least;
  }

  long[] longs() {
    return new long[] {height, width};
  }

  @Override
  public String toString() {
    return "[" + height + ", " + width + "]";
  }
}
