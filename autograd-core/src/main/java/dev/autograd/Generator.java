package dev.autograd;

/// The source of random numbers: a seed, and a count of the numbers taken so far.
///
/// Numbers are a function of seed and position only, so results do not depend on threads, and a
/// saved position continues the same sequence.
public final class Generator {
  private static final Generator GLOBAL = new Generator(0);

  private long seed;
  private long position;

  /// Makes a generator at the start of the sequence of `seed`.
  public Generator(long seed) {
    this.seed = seed;
  }

  /// Returns the generator that is used where none is named.
  public static Generator global() {
    return GLOBAL;
  }

  /// Restarts at the beginning of the sequence of `seed`.
  public synchronized void manualSeed(long seed) {
    this.seed = seed;
    this.position = 0;
  }

  /// Sets the position, as [#position] told it.
  public synchronized void position(long position) {
    this.position = position;
  }

  /// Returns the seed.
  public synchronized long seed() {
    return seed;
  }

  /// Returns how many numbers were taken.
  public synchronized long position() {
    return position;
  }

  /// Takes `count` numbers; returns the position of the first.
  ///
  /// @throws AutogradException (`VMAP_RANDOM`) under vmap, where the samples should not share them
  public synchronized long take(long count) {
    Vmap.checkDraw();
    long first = position;
    position += count;
    return first;
  }
}
