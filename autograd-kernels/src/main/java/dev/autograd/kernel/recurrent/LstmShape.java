package dev.autograd.kernel.recurrent;

import dev.autograd.kernel.linalg.PackedF32;
import dev.autograd.kernel.parallel.Workers;

/// The sizes of a recurrence over `x: [steps, batch, in]` with states `[batch, size]`.
///
/// @param reverse whether it runs from the last step to the first
public record LstmShape(int steps, int batch, int in, int size, boolean reverse) {

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

  /// Returns the size of a state, rounded up to where a packed product may begin.
  int padded() {
    int step = PackedF32.COLUMN_STEP;
    return (size + step - 1) / step * step;
  }

  /// Returns how many elements of the state a thread takes at a time: long rows for few threads.
  /// Each element is computed by itself, so this changes no bit.
  int grain() {
    int step = PackedF32.COLUMN_STEP;
    return Math.max(step, padded() / step / Workers.threads() * step);
  }
}
