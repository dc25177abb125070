package dev.autograd.gradcheck;

import dev.autograd.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Something that is wrong with an operation.
///
/// @param kind what was violated
/// @param operation the operation with its attributes, as it prints
/// @param seed the seed of the round; checking again with it and one round finds the same
/// @param sample the number of the sample within the round
/// @param input the input's index, −1 where none is meant; of second derivatives also the number of
///   inputs and more, which are the gradients that come in
/// @param element the element's place in the input (in the output, where no input is meant), such
///   as `[1, 0]`
/// @param analytic what the operation says, NaN where no numbers are meant
/// @param numeric what finite differences, or the reference, say
/// @param detail the facts in words, with the inputs' shapes
public record Finding(
    Kind kind,
    String operation,
    long seed,
    int sample,
    int input,
    @Nullable String element,
    double analytic,
    double numeric,
    String detail) {

  /// The claims that are checked.
  public enum Kind {
    /// The first derivative differs from finite differences.
    GRADCHECK_MISMATCH,
    /// The second derivative differs from finite differences of the first.
    GRADGRADCHECK_MISMATCH,
    /// Two runs gave different bits.
    GRADCHECK_NONDET,
    /// A zero seed gave a gradient that is not zero.
    GRADCHECK_NOT_LINEAR,
    /// A gradient has another shape or element type than its input.
    GRADCHECK_SHAPE,
    /// An output without gradient depends on an input.
    GRADCHECK_NONDIFF,
    /// The forward or backward changed an input, or the gradient that came in.
    INPUT_CHANGED,
    /// Results in single precision are far from those in double.
    SINGLE_PRECISION,
    /// The operation failed with an exception.
    FAILED,
    /// Inputs that should be refused were not, or with another message.
    NOT_REJECTED,
    /// The operation brings no samples, or none with a gradient, so nothing could be compared.
    NO_SAMPLES
  }

  static Finding of(Kind kind, Case c, String detail) {
    return of(kind, c, -1, detail);
  }

  static Finding of(Kind kind, Case c, int input, String detail) {
    return new Finding(
        kind,
        c.operation().toString(),
        c.seed(),
        c.index(),
        input,
        null,
        Double.NaN,
        Double.NaN,
        detail);
  }

  /// Makes a finding about one element.
  ///
  /// @param flat its place in row-major order
  static Finding at(
      Kind kind,
      Case c,
      int input,
      Shape shape,
      int flat,
      double analytic,
      double numeric,
      String detail) {
    return new Finding(
        kind,
        c.operation().toString(),
        c.seed(),
        c.index(),
        input,
        Arrays.toString(position(shape, flat)),
        analytic,
        numeric,
        detail);
  }

  private static int[] position(Shape shape, int flat) {
    int[] at = new int[shape.rank()];
    int rest = flat;
    for (int d = at.length - 1; d >= 0; d--) {
      at[d] = rest % shape.size(d);
      rest /= shape.size(d);
    }
    return at;
  }

  /// Returns the finding as one line, without the seed.
  public String describe() {
    StringBuilder b = new StringBuilder(kind.name()).append(' ').append(operation);
    if (input >= 0) {
      b.append(" input ").append(input);
    }
    if (element != null) {
      b.append(" at ").append(element).append(": analytic ").append(analytic);
      b.append(", numeric ").append(numeric);
    }
    return b.append(" (").append(detail).append(')').toString();
  }
}
