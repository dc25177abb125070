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

  static FunctionContractException noBackward(Operation operation) {
    return new FunctionContractException(
        ErrorKind.NO_BACKWARD,
        operation.name(),
        "a gradient came to it, and it has no backward. Implement backward; or, if its results are"
            + " not to carry gradients, let differentiable() return false or mark them by"
            + " Context.markNonDifferentiable");
  }

  /// Returns the name of the function at fault.
  public String function() {
    return function;
  }
}
