package dev.autograd;

/// Stands in the graph where a derivative would be wrong: harmless until a gradient comes.
///
/// # Note [Derivatives that are not there]
///
/// A value that backward used, but whose way of coming about is not recorded, is a constant to a
/// second derivative, and the result is silently wrong. So such a value gets this for its history,
/// with edges to everything the value may depend on: whoever asks for a derivative by one of those
/// sends a gradient through here and gets an error; whoever does not is not disturbed.
///
/// @param kind what the error is
/// @param function the operation at whose derivative it arises
/// @param message what is wrong and what to do
record Undifferentiable(ErrorKind kind, String function, String message) implements Function {

  /// Returns the error for the result of a backward that can be differentiated once.
  static Undifferentiable again(Operation operation) {
    return new Undifferentiable(
        ErrorKind.ONCE_DIFFERENTIABLE,
        operation.name(),
        "its backward can be differentiated once only, since it is not made of operations; here its"
            + " result is differentiated again");
  }

  /// Returns the error for an intermediate value that was saved.
  static Undifferentiable intermediate(Operation operation, Tensor value, int index) {
    return new Undifferentiable(
        ErrorKind.SAVED_INTERMEDIATE,
        operation.name(),
        "saved value "
            + index
            + ", of shape "
            + value.shape()
            + ", is neither an input nor an output, so it has no history, and a second derivative"
            + " flows through it. Save inputs or outputs only and compute the value again in"
            + " backward, or return it as another output; if it is a constant, save its detach()");
  }

  @Override
  public String nodeName() {
    return "Undifferentiable";
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    throw new IllegalStateException("stands in graphs only");
  }

  @Override
  public Tensor[] backward(Context ctx, Tensor g) {
    throw new FunctionContractException(kind, function, message);
  }
}
