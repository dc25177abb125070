package dev.autograd;

import org.jspecify.annotations.Nullable;

/// What a node saved for backward: one value is a [SavedTensor] by itself.
abstract sealed class SavedValues
    permits SavedTensor, SavedValues.Several, SavedValues.None, SavedValues.Freed {

  /// The values of a node that saved none.
  static final SavedValues NONE = new None();

  /// Saves tensors as they are now.
  static SavedValues of(@Nullable Tensor... tensors) {
    if (tensors.length == 1) {
      return SavedTensor.of(tensors[0]);
    }
    return tensors.length == 0 ? NONE : new Several(tensors);
  }

  /// Returns how many there are; none once they were freed.
  abstract int count();

  /// Returns value `index`, which there must be.
  abstract SavedTensor at(int index);

  /// Returns these with `value` in place of number `index`; this, changed, if there are several.
  abstract SavedValues with(int index, SavedTensor value);

  /// Returns the values, a fresh array.
  final SavedTensor[] toArray() {
    SavedTensor[] all = new SavedTensor[count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = at(i);
    }
    return all;
  }

  static final class None extends SavedValues {
    private None() {}

    @Override
    int count() {
      return 0;
    }

    @Override
    SavedTensor at(int index) {
      throw new IndexOutOfBoundsException(index);
    }

    @Override
    SavedValues with(int index, SavedTensor value) {
      throw new IndexOutOfBoundsException(index);
    }
  }

  /// Any number of values.
  static final class Several extends SavedValues {
    private final SavedTensor[] all;

    private Several(@Nullable Tensor... tensors) {
      all = new SavedTensor[tensors.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = SavedTensor.of(tensors[i]);
      }
    }

    Several(SavedTensor... all) {
      this.all = all;
    }

    @Override
    int count() {
      return all.length;
    }

    @Override
    SavedTensor at(int index) {
      return all[index];
    }

    @Override
    SavedValues with(int index, SavedTensor value) {
      all[index] = value;
      return this;
    }
  }

  /// What is left of values that are gone.
  static final class Freed extends SavedValues {
    private final long walk;

    /// @param walk the walk that freed them
    Freed(long walk) {
      this.walk = walk;
    }

    long walk() {
      return walk;
    }

    @Override
    int count() {
      return 0;
    }

    @Override
    SavedTensor at(int index) {
      throw new IndexOutOfBoundsException(index);
    }

    @Override
    SavedValues with(int index, SavedTensor value) {
      throw new IndexOutOfBoundsException(index);
    }
  }
}
