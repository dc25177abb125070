package dev.autograd;

import java.util.function.UnaryOperator;

/// Writes into tensors so that history stays true.
///
/// # Note [Views and writes]
///
/// A write through a view changes its base, and with it what every other view of the base sees. So
/// the write is recorded at the base, as [CopySlices] of the base's old history and of the value
/// that was written; and a view, when its history is next asked for, notices that its base has
/// another one than when the view was made, and takes [AsStrided] of the base for its own.
final class InPlace {
  private InPlace() {}

  /// Replaces the contents of `x` by `f(x)`, counts the write, and gives `x` the history of the
  /// result.
  ///
  /// What `f` saved of the old `x` is copied first, so that its own backward still sees it.
  static Tensor update(Tensor x, String name, UnaryOperator<Tensor> f) {
    x.checkWritable(name);
    ThreadState state = ThreadState.current();
    SavingScope saving = state.saving;
    SavingScope.Deferred deferred = saving == null ? null : new SavingScope.Deferred();
    state.saving = deferred;
    Tensor r;
    try {
      r = f.apply(x);
    } finally {
      state.saving = saving;
    }
    if (!r.shape().equals(x.shape())) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          name
              + ": the result of an in-place operation must keep its shape, got "
              + r.shape()
              + " for a tensor of shape "
              + x.shape()
              + ". Use the out-of-place operation.");
    }
    if (x.dtype() != r.dtype() && category(r.dtype()) > category(x.dtype())) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          name + ": a result of type " + r.dtype() + " cannot be kept in a tensor of " + x.dtype());
    }
    Tensor cast = r.to(x.dtype());
    if (r.gradFn() instanceof FunctionNode node) {
      node.saveCopyOf(x);
    }
    if (saving != null && deferred != null) {
      deferred.handTo(saving);
    }
    Tensor base = x.base();
    if (base != null && GradMode.isEnabled() && (base.requiresGrad() || cast.requiresGrad())) {
      if (!base.ownsWholeStorage()) {
        throw new AutogradException(
            ErrorKind.VIEW_INPLACE,
            name
                + ": the base of this view, of shape "
                + base.shape()
                + ", is not contiguous itself, so the write cannot be recorded. Clone the view"
                + " first.");
      }
      new CopySlices(Window.of(x)).apply(base, cast);
      return x;
    }
    aboutToWrite(x);
    Tensor.operations().copyInto(cast, x);
    x.storage().bumpVersion();
    Node node = cast.gradFn();
    if (node != null) {
      boolean retains = x.retainsGrad();
      if (retains) {
        x.stopRetaining();
      }
      x.setHistory(node, cast.outputNr());
      if (retains) {
        x.retainGrad();
      }
    }
    return x;
  }

  /// Tells whoever lets saved tensors be overwritten that this one is.
  static void aboutToWrite(Tensor x) {
    MutationScope mutations = ThreadState.current().mutations;
    if (mutations != null) {
      mutations.beforeWrite(x.storage());
    }
  }

  private static int category(DType t) {
    return t.isFloating() ? 2 : t.isInteger() ? 1 : 0;
  }
}
