package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The context of a forward that records nothing: saving is free, nothing is needed.
final class Untracked implements Context {
  private final Tensor[] inputs;

  /// Inputs that forward wrote into, or `null` for none.
  private @Nullable List<Tensor> dirty;

  Untracked(Tensor[] inputs) {
    this.inputs = inputs;
  }

  @Override
  public void save(@Nullable Tensor... tensors) {}

  @Override
  public Tensor saved(int index) {
    throw new IllegalStateException("nothing is saved where nothing is recorded");
  }

  @Override
  public @Nullable Tensor savedOrNull(int index) {
    return saved(index);
  }

  @Override
  public void clearSavedOnAccess() {}

  @Override
  public boolean needs(int index) {
    return false;
  }

  @Override
  public void keep(Object value) {}

  @Override
  public <T> T kept(Class<T> type) {
    throw new IllegalStateException("nothing is kept where nothing is recorded");
  }

  @Override
  public void markDirty(Tensor input) {
    InPlace.aboutToWrite(input);
    if (dirty == null) {
      dirty = new ArrayList<>(1);
    }
    dirty.add(input);
  }

  @Override
  public void markNonDifferentiable(Tensor output) {}

  @Override
  public void materializeGrads(boolean materialize) {}

  @Override
  public int inputCount() {
    return inputs.length;
  }

  @Override
  public Shape inputShape(int index) {
    return inputs[index].shape();
  }

  @Override
  public DType inputType(int index) {
    return inputs[index].dtype();
  }

  boolean isDirty(Tensor t) {
    return dirty != null && dirty.contains(t);
  }

  /// Counts the writes that forward declared.
  void finish(Operation operation) {
    if (dirty != null) {
      for (Tensor t : dirty) {
        t.sharedStorage().bumpVersion(operation.name());
      }
    }
  }
}
