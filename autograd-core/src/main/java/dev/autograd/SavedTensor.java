package dev.autograd;

import org.jspecify.annotations.Nullable;

/// A tensor as it was when a function saved it for backward.
///
/// # Note [Saved values in custody]
///
/// Nearly always the content is the tensor itself, and a read costs a comparison of versions. Where
/// a [SavingScope] is in force when the node is recorded, the content becomes a [PackedTensor]: the
/// value's place in the graph, and a source that brings the value back when it is asked for. The
/// scope takes over after forward has returned, not in [Context#save]: only then do outputs have
/// their place in the graph, and only then is the value of an input that forward wrote into final.
final class SavedTensor extends SavedValues {
  /// Stands for `null` among the saved values.
  static final SavedTensor ABSENT = new SavedTensor(null, 0, null);

  /// Stands for a value that could be read once only, and was.
  static final SavedTensor TAKEN = new SavedTensor("taken", 0, null);

  private final @Nullable Object content;
  private final int version;
  private final @Nullable Node gradFn;

  private SavedTensor(@Nullable Object content, int version, @Nullable Node gradFn) {
    this.content = content;
    this.version = version;
    this.gradFn = gradFn;
  }

  SavedTensor(Tensor tensor) {
    this(tensor, tensor.sharedStorage().versionToSave(), tensor.gradFn());
  }

  static SavedTensor of(@Nullable Tensor tensor) {
    return tensor == null ? ABSENT : new SavedTensor(tensor);
  }

  @Override
  int count() {
    return 1;
  }

  @Override
  SavedTensor at(int index) {
    return this;
  }

  @Override
  SavedValues with(int index, SavedTensor value) {
    return value;
  }

  /// Returns the tensor, unchanged since it was saved.
  Tensor unpack(FunctionNode saver) {
    if (content instanceof Tensor tensor) {
      check(tensor, saver);
      return tensor;
    }
    if (content instanceof PackedTensor packed) {
      return packed.unpack(saver);
    }
    throw new FunctionContractException(
        ErrorKind.ARGUMENT,
        saver.operation().name(),
        "backward asks for a saved value that is null. Read it with savedOrNull.");
  }

  private void check(Tensor tensor, FunctionNode saver) {
    int now = tensor.sharedStorage().version();
    if (now != version) {
      throw StaleValue.of(tensor, gradFn, saver, version);
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
  }

  /// Tells whether `null` was saved.
  boolean isAbsent() {
    return content == null;
  }

  /// Returns the tensor, or `null` if none was saved or another has it in custody.
  @Nullable Tensor tensorOrNull() {
    return content instanceof Tensor tensor ? tensor : null;
  }

  /// Returns what has the value in custody, or `null` if nothing has.
  @Nullable PackedTensor packedOrNull() {
    return content instanceof PackedTensor packed ? packed : null;
  }

  /// Tells whether this is the very tensor.
  boolean holds(Tensor t) {
    return content == t;
  }

  /// Tells whether this is a tensor over that storage.
  boolean isIn(Storage storage) {
    return content instanceof Tensor tensor && tensor.sharedStorage() == storage;
  }

  /// Returns the same save at the present version.
  SavedTensor again() {
    return of(tensorOrNull());
  }

  /// Returns the value whoever has it, or `null` if none was saved.
  @Nullable Tensor value(FunctionNode saver) {
    return isAbsent() ? null : unpack(saver);
  }

  /// Returns the same save with `value`, which it holds now, in the custody of `source`.
  SavedTensor in(Tensor value, PackedTensor.Source source) {
    PackedTensor before = packedOrNull();
    PackedTensor custody =
        before == null ? new PackedTensor(value, source) : before.from(value, source);
    return new SavedTensor(custody, version, gradFn);
  }

  /// Returns the value's place in the graph, or `null` if no gradient flows to it.
  @Nullable Edge edge() {
    if (content instanceof Tensor tensor) {
      Node node = tensor.gradientNode();
      return node == null ? null : new Edge(node, tensor.outputNr());
    }
    return content instanceof PackedTensor packed ? packed.edge() : null;
  }

  /// Returns the same save with `end` in place of the history that the value does not have.
  SavedTensor endingAt(Tensor value, FunctionNode end) {
    PackedTensor.Source source =
        new PackedTensor.Source() {
          @Override
          public Tensor fetch(FunctionNode saver) {
            if (value.sharedStorage().version() != version) {
              throw StaleValue.of(value, null, saver, version);
            }
            return value;
          }

          @Override
          public boolean isForGood() {
            return false;
          }
        };
    return new SavedTensor(new PackedTensor(value, end, 0, source), version, gradFn);
  }

  /// Lets go of a value in custody, for good.
  void release() {
    if (content instanceof PackedTensor packed) {
      packed.release();
    }
  }
}
