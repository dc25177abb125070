package dev.autograd.gradcheck;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A function failed the check of its gradients, or cannot be checked.
///
/// The message tells all that is known; the facts of one element are fields too.
public final class GradcheckException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Set<Finding.Kind> MISUSES =
      Set.of(
          Finding.Kind.GRADCHECK_ARGS,
          Finding.Kind.GRADCHECK_NO_INPUT,
          Finding.Kind.GRADCHECK_OVERLAP,
          Finding.Kind.GRADCHECK_SHAPE);

  private final Finding.Kind kind;
  private final int output;
  private final int input;
  private final @Nullable String outputElement;
  private final @Nullable String inputElement;
  private final double analytic;
  private final double numeric;

  GradcheckException(Finding.Kind kind, String message) {
    this(Fault.of(kind, -1, message), -1, null, message);
  }

  GradcheckException(Fault fault, int output, @Nullable String outputElement, String message) {
    super(message);
    this.kind = fault.kind();
    this.output = output;
    this.input = fault.input();
    this.outputElement = outputElement;
    this.inputElement = fault.element();
    this.analytic = fault.analytic();
    this.numeric = fault.numeric();
  }

  /// Returns which rule is broken.
  public Finding.Kind kind() {
    return kind;
  }

  /// Returns the number of the output, −1 where none is meant.
  public int output() {
    return output;
  }

  /// Returns the number of the input, −1 where none is meant; in a check of second derivatives the
  /// gradients that come in are counted on from the inputs.
  public int input() {
    return input;
  }

  /// Returns the place in the output of the element that is worst, such as `[1, 0]`; `null` where
  /// none is meant.
  public @Nullable String outputElement() {
    return outputElement;
  }

  /// Returns the place in the input of the element that is worst; `null` where none is meant.
  public @Nullable String inputElement() {
    return inputElement;
  }

  /// Returns the derivative that the graph gave, NaN where no numbers are meant.
  public double analytic() {
    return analytic;
  }

  /// Returns what it should be, for most kinds the derivative by finite differences.
  public double numeric() {
    return numeric;
  }

  /// Returns `|analytic − numeric|`.
  public double absoluteError() {
    return Math.abs(analytic - numeric);
  }

  /// Returns the error relative to the larger of the two magnitudes.
  public double relativeError() {
    return absoluteError() / Math.max(Math.abs(analytic), Math.abs(numeric));
  }

  /// Tells whether the check could not be made, which is thrown even where failures are returned.
  boolean isMisuse() {
    return MISUSES.contains(kind);
  }
}
