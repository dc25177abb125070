package dev.autograd.gradcheck;

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

  /// The claims that are checked, of operations and of functions.
  public enum Kind {
    /// The first derivative differs from finite differences.
    GRADCHECK_MISMATCH,
    /// The second derivative differs from finite differences of the first.
    GRADGRADCHECK_MISMATCH,
    /// Two runs gave different bits.
    GRADCHECK_NONDET,
    /// A zero seed gave a gradient that is not zero.
    GRADCHECK_NOT_LINEAR,
    /// A gradient has a shape that its input does not broadcast to; or a function's outputs change
    /// their number, shape or element type near the point.
    GRADCHECK_SHAPE,
    /// A gradient has another element type than its input.
    GRADCHECK_DTYPE,
    /// An output without gradient depends on an input.
    GRADCHECK_NONDIFF,
    /// An absent gradient that comes in is not taken for zero.
    GRADCHECK_UNDEFINED,
    /// A batch of gradients that come in gives other results than each by itself, or an error.
    GRADCHECK_BATCHED,
    /// The checker was asked for something impossible.
    GRADCHECK_ARGS,
    /// No input requires grad, or none is used by the function that is checked.
    GRADCHECK_NO_INPUT,
    /// Elements of an input share memory, so that they cannot be moved one by one.
    GRADCHECK_OVERLAP,
    /// A tangent in forward mode disagrees with the gradient: the rule for tangents is wrong, or
    /// the operation says that it is linear and is not.
    FORWARD_MISMATCH,
    /// Under vmap a result or a gradient has other values than that of each sample by itself.
    BATCH_MISMATCH,
    /// Under vmap a result or a gradient has another shape or type than that of each sample.
    BATCH_SHAPE,
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

  /// Makes a finding of a fault of a case.
  static Finding of(Fault fault, Case c, String detail) {
    return new Finding(
        fault.kind(),
        c.operation().toString(),
        c.seed(),
        c.index(),
        fault.input(),
        fault.element(),
        fault.analytic(),
        fault.numeric(),
        detail);
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
