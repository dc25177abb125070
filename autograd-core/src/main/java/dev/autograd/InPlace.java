package dev.autograd;

import dev.autograd.spi.Pending;
import java.util.function.UnaryOperator;

/// Writes into tensors so that history stays true.
///
/// # Note [Views and writes]
///
/// A write through a view changes its base, and with it what every other view of the base sees. So
/// the write is recorded at the base, as [CopySlices] of the base's old history and of the value
/// that was written; and a view, when its history is next asked for, notices that its base has
/// another one than when the view was made, and takes [AsStrided] of the base for its own.
///
/// [CopySlices] is an operation of the program and passes the [Doorway], where interceptors see it;
/// it returns the base. [AsStrided] is not: a view that learns of a write computes nothing, its
/// elements are in place already, and only its history changes. Who must account for values, such
/// as a tracer, does so at the write.
///
/// Of some views a write is refused, whatever views were made in between, because the node they
/// came from does not say what its outputs see of the base: of views made where nothing was
/// recorded, of one of several views with one node, and of what an operation returned that does not
/// vouch for it by [Operation#plainViews]. A base several of whose elements share memory cannot be
/// told either.
final class InPlace {
  private InPlace() {}

  /// Replaces the contents of `x` by `f(x)`, counts the write, and gives `x` the history of the
  /// result.
  ///
  /// What `f` saved of the old `x` is copied first, so that its own backward still sees it.
  ///
  /// @param madeBefore [Storage#made] before anything of the result was
  static Tensor update(Tensor x, String name, UnaryOperator<Tensor> f, long madeBefore) {
    WriteChecks.check(x, name);
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
    Batching.checkWritable(name, x, r);
    Tensor cast = r.to(x.dtype());
    if (r.gradFn() instanceof FunctionNode node) {
      node.saveCopyOf(x);
    }
    if (saving != null && deferred != null) {
      deferred.handTo(saving);
    }
    Tensor base = x.base();
    if (base != null && GradMode.isEnabled() && (base.requiresGrad() || cast.requiresGrad())) {
      WriteChecks.checkRecordable(x, name, base);
      try (var _ = ForwardMode.mute(ThreadState.current(), null)) {
        new CopySlices(Window.of(x)).apply(base, cast);
      }
      x.sharedStorage().writtenBy(name);
      writeTangents(x, name, cast);
      return x;
    }
    try (var _ = GradMode.noGrad()) {
      if (!isComputedInPlace(cast, x, madeBefore)) {
        aboutToWrite(x);
        Tensor.operations().copyInto(cast, x);
      }
    }
    x.sharedStorage().bumpVersion(name);
    Node node = cast.gradFn();
    if (node == null) {
      x.lostHistoryLike(cast);
    } else {
      boolean retains = x.retainsGrad();
      if (retains) {
        x.stopRetaining();
      }
      x.setHistory(node.slot(cast.outputNr()));
      if (retains) {
        x.retainGrad();
      }
    }
    writeTangents(x, name, cast);
    return x;
  }

  /// Computes a result that is pending straight into `x`, if it was made for that and nobody else
  /// is to see it.
  private static boolean isComputedInPlace(Tensor result, Tensor x, long madeBefore) {
    Storage values = result.sharedStorage();
    // What the old values come from is not to be computed while the new ones are.
    x.sharedStorage().array();
    Pending source = values.pending();
    if (source == null
        || result.requiresGrad()
        || !values.isMadeAfter(madeBefore)
        || ThreadState.current().interceptors != null
        || !source.canComputeInto(result, x)) {
      return false;
    }
    tellMutationScope(x);
    x.sharedStorage().settleReadersBut(values);
    source.computeInto(result, x);
    values.abandon();
    return true;
  }

  /// Makes sure that the old values of `x` have served.
  static void aboutToWrite(Tensor x) {
    tellMutationScope(x);
    x.sharedStorage().aboutToWrite();
  }

  /// Tells whoever lets saved tensors be overwritten that this one is.
  private static void tellMutationScope(Tensor x) {
    MutationScope mutations = ThreadState.current().mutations;
    if (mutations != null) {
      mutations.beforeWrite(x.sharedStorage());
    }
  }

  /// Writes the tangents of `value` where those of `x` are.
  private static void writeTangents(Tensor x, String name, Tensor value) {
    ThreadState state = ThreadState.current();
    for (ForwardMode.Level l = state.forward; l != null; l = l.outer()) {
      if (!l.isLive()) {
        continue;
      }
      Tensor now = value.tangentAt(l);
      Tensor old = x.tangentAt(l);
      if (now == null && old == null) {
        continue;
      }
      try (var _ = ForwardMode.mute(state, l)) {
        if (old == null) {
          old = zeroTangent(x, l);
        }
        Tensor next = now == null ? Tensor.zeros(x.shape(), x.dtype()) : now;
        old.update(name, _ -> next);
      }
    }
  }

  /// Gives `x` and, if it is a view, its base a tangent of zeros; returns that of `x`.
  private static Tensor zeroTangent(Tensor x, ForwardMode.Level level) {
    Tensor base = x.base();
    Tensor zeros;
    if (base != null && base.ownsWholeStorage()) {
      Tensor whole = Tensor.zeros(base.shape(), base.dtype());
      zeros = Window.of(x).in(whole);
      base.setTangent(level, whole);
    } else {
      zeros = Tensor.zeros(x.shape(), x.dtype());
    }
    x.setTangent(level, zeros);
    return zeros;
  }

  /// Tells the base of a view that an operation wrote into the view itself, which has its history
  /// by now.
  static void rebase(Tensor view, Tensor base) {
    Node history = view.gradFn();
    if (history == null) {
      return;
    }
    Tensor written = view.detach();
    written.setHistory(history.slot(view.outputNr()));
    Tensor[] in = {base, written};
    long number = ThreadState.current().nextSequenceNumber++;
    FunctionNode node = new FunctionNode(new CopySlices(Window.of(view)), in, number);
    Recording.link(node, new Tensor[0], base);
  }

  private static int category(DType t) {
    return t.isFloating() ? 2 : t.isInteger() ? 1 : 0;
  }
}
