package dev.autograd;

/// A mistake of the caller: says who found it, the rule, the facts and the next step.
public class AutogradException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;

  /// Makes an exception of this kind.
  public AutogradException(ErrorKind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /// Makes an exception of this kind with the failure that led to it.
  public AutogradException(ErrorKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// Returns the family of the error.
  public ErrorKind kind() {
    return kind;
  }
}
