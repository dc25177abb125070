package dev.autograd.gradcheck;

import dev.autograd.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A rule that is broken, found on an operation or on a function.
///
/// @param kind which rule
/// @param input the input's index, −1 where none is meant
/// @param element the element's place, `null` where none is meant
/// @param analytic what was computed, NaN where no numbers are meant
/// @param numeric what it should be
/// @param detail the facts in words
record Fault(
    Finding.Kind kind,
    int input,
    @Nullable String element,
    double analytic,
    double numeric,
    String detail) {

  /// Takes what the checks find.
  interface Sink {
    /// Takes a fault; may end the check by throwing.
    void add(Fault fault);

    /// Counts numbers that were held against others.
    void compared(long count);
  }

  static Fault of(Finding.Kind kind, int input, String detail) {
    return new Fault(kind, input, null, Double.NaN, Double.NaN, detail);
  }

  /// Makes a fault of one element.
  ///
  /// @param flat its place in row-major order
  static Fault at(
      Finding.Kind kind,
      int input,
      Shape shape,
      int flat,
      double analytic,
      double numeric,
      String detail) {
    return new Fault(kind, input, position(shape, flat), analytic, numeric, detail);
  }

  /// Writes an element's place, such as `[1, 0]`.
  static String position(Shape shape, int flat) {
    int[] at = new int[shape.rank()];
    int rest = flat;
    for (int d = at.length - 1; d >= 0; d--) {
      at[d] = rest % shape.size(d);
      rest /= shape.size(d);
    }
    return Arrays.toString(at);
  }
}
