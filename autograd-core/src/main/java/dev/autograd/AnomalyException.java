package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Anomaly mode met NaN or infinity: says which operation gave it first, and from what.
public final class AnomalyException extends AutogradException {
  private static final long serialVersionUID = 1L;

  private final transient Operation operation;
  private final boolean inBackward;
  private final int index;
  private final transient @Nullable ForwardPlace place;

  AnomalyException(
      String message,
      Operation operation,
      boolean inBackward,
      int index,
      @Nullable ForwardPlace place) {
    super(ErrorKind.ANOMALY_NAN, message);
    this.operation = operation;
    this.inBackward = inBackward;
    this.index = index;
    this.place = place;
  }

  /// Returns the operation whose forward or backward gave the number.
  public Operation operation() {
    return operation;
  }

  /// Tells whether its backward gave it.
  public boolean inBackward() {
    return inBackward;
  }

  /// Returns the input whose gradient, or the output whose value is bad.
  public int index() {
    return index;
  }

  /// Returns where the operation was applied, if anomaly mode was on then.
  public @Nullable ForwardPlace place() {
    return place;
  }
}
