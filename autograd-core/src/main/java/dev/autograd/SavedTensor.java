package dev.autograd;

import org.jspecify.annotations.Nullable;

/// A tensor as it was when a function saved it for backward.
final class SavedTensor {
  private final Tensor tensor;
  private final int version;
  private final @Nullable Node gradFn;

  SavedTensor(Tensor tensor) {
    this.tensor = tensor;
    this.version = tensor.sharedStorage().versionToSave();
    this.gradFn = tensor.gradFn();
  }

  /// Returns the tensor, unchanged since it was saved.
  Tensor unpack(FunctionNode saver) {
    int now = tensor.sharedStorage().version();
    if (now != version) {
      String producer =
          gradFn != null
              ? ", output " + tensor.outputNr() + " of " + gradFn.name() + ","
              : tensor.gradFn() == saver ? ", its own output," : "";
      throw new AutogradException(
          ErrorKind.VERSION_MISMATCH,
          saver.name()
              + ": a value saved for backward was written in place: the "
              + tensor.dtype()
              + " tensor of shape "
              + tensor.shape()
              + producer
              + " is at version "
              + now
              + ", expected version "
              + version
              + ". Clone it before the in-place operation, or use the out-of-place one.");
    }
    if (gradFn != null && tensor.gradFn() == null) {
      throw new AutogradException(
          ErrorKind.SAVED_DETACHED,
          saver.name()
              + ": a value saved for backward, output of "
              + gradFn.name()
              + " of shape "
              + tensor.shape()
              + ", was cut off from its history by detach_() since. Use detach(), which leaves the"
              + " tensor itself alone.");
    }
    return tensor;
  }

  /// Tells whether this is the very tensor.
  boolean holds(Tensor t) {
    return tensor == t;
  }

  /// Returns the same save at the present version.
  SavedTensor again() {
    return new SavedTensor(tensor);
  }

  /// Returns the tensor's storage.
  Storage storage() {
    return tensor.sharedStorage();
  }

  /// Returns the same save of a copy that later writes into the tensor do not reach.
  SavedTensor onCopy(Tensor copy) {
    return new SavedTensor(copy);
  }
}
