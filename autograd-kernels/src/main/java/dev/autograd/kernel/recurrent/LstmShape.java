package dev.autograd.kernel.recurrent;

import dev.autograd.kernel.parallel.Workers;

/// The sizes of a recurrence over `x: [steps, batch, in]` with states `[batch, size]`.
///
/// @param reverse whether it runs from the last step to the first
public record LstmShape(int steps, int batch, int in, int size, boolean reverse) {

  private static final int TILE = 64;

  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException if one is negative
  public LstmShape {
    if (steps < 0 || batch < 0 || in < 0 || size < 0) {
      throw new IllegalArgumentException(
          "lstm: sizes must not be negative, got "
              + steps
              + " steps, batch "
              + batch
              + ", "
              + in
              + " inputs, state "
              + size);
    }
  }

  /// Returns the time of the step that is computed as number `s`.
  int time(int s) {
    return reverse ? steps - 1 - s : s;
  }

  /// Returns the elements of one state.
  int state() {
    return batch * size;
  }

  /// Returns how many elements of the state a thread takes at a time: whole tiles of a product.
  /// Each element is computed by itself, so this changes no bit.
  int grain() {
    int tiles = (size + TILE - 1) / TILE;
    return Math.max(1, tiles / Workers.threads()) * TILE;
  }
}
