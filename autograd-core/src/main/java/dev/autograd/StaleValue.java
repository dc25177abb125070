package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Reports saved values that were written in place before backward read them.
final class StaleValue {
  private StaleValue() {}

  /// Returns the error for `tensor`, which `saver` saved at version `expected`.
  ///
  /// @param producer the node that had made the tensor when it was saved, if any
  static AutogradException of(
      Tensor tensor, @Nullable Node producer, FunctionNode saver, int expected) {
    String made =
        producer != null
            ? ", output " + tensor.outputNr() + " of " + producer.name() + ","
            : tensor.gradFn() == saver ? ", its own output," : "";
    return new AutogradException(
        ErrorKind.VERSION_MISMATCH,
        saver.name()
            + ": a value saved for backward was written in place: the "
            + tensor.dtype()
            + " tensor of shape "
            + tensor.shape()
            + made
            + " is at version "
            + tensor.sharedStorage().version()
            + ", expected version "
            + expected
            + writer(tensor.sharedStorage())
            + ". Clone it before the in-place operation, or use the out-of-place one."
            + (AnomalyMode.isEnabled()
                ? " " + ForwardPlace.sentence(saver) + "."
                : " AnomalyMode.detect() around the forward pass tells the lines of the program."));
  }

  private static String writer(Storage storage) {
    String last = storage.lastWrite();
    return last == null
        ? "; what wrote last did not give its name"
        : "; it was last written by " + last;
  }
}
