package dev.autograd;

/// A mistake of a function's author: its forward or backward breaks the contract of [Function].
public final class FunctionContractException extends AutogradException {
  private static final long serialVersionUID = 1L;

  private final String function;

  /// Makes an exception that blames `function`.
  public FunctionContractException(ErrorKind kind, String function, String message) {
    super(kind, function + ": " + message);
    this.function = function;
  }

  /// Returns the name of the function at fault.
  public String function() {
    return function;
  }
}
