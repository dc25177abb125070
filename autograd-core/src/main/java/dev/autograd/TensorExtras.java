package dev.autograd;

import org.jspecify.annotations.Nullable;

/// What few tensors have: a layout of their own, a tensor they are a view of, samples or tangents.
///
/// All others lie in row-major order from the beginning of their storage.
final class TensorExtras {
  final int[] strides;
  final int offset;

  /// What it is a view of, never itself a view.
  final @Nullable Tensor base;

  /// What is behind a tensor that stands for one sample of many, see [Vmap]. History, gradient and
  /// tangents are those of the tensor behind.
  final Vmap.@Nullable Batched batch;

  @Nullable Tangent tangents;

  /// Of a view: the history of its base that its own history belongs to.
  @Nullable Node baseHistory;

  /// Of a view: whether it was made while nothing was recorded, and stays out of its base's
  /// history.
  boolean apart;

  /// Of a view: whether it, or one it is a view of, is one of several that share a node.
  boolean oneOfSeveral;

  /// Of a view: whether it, or one it is a view of, came from an operation that does not vouch for
  /// its views.
  boolean custom;

  TensorExtras(int[] strides, int offset, @Nullable Tensor base, Vmap.@Nullable Batched batch) {
    this.strides = strides;
    this.offset = offset;
    this.base = base;
    this.batch = batch;
    this.baseHistory = base == null ? null : base.gradFn();
  }

  // --- views -----------------------------------------------------------------------------------

  /// Notes how a view left the operation that made it, see Note [Views and writes] in [InPlace];
  /// returns false, and notes nothing, if it was made elsewhere.
  boolean viewMade(Tensor view, Operation operation, Tensor[] in, boolean recorded) {
    Tensor seen = null;
    for (Tensor source : in) {
      if (source == view) {
        return false; // written in place or handed back
      }
      if (seen == null && source.sharedStorage() == view.sharedStorage()) {
        seen = source;
      }
    }
    apart = !recorded || (seen != null && seen.isApart());
    if (seen != null) {
      oneOfSeveral = operation instanceof MultiFunction || seen.isOneOfSeveral();
      custom = !operation.plainViews() || seen.isCustomView();
    }
    return true;
  }

  /// Takes a view's history from its base if the base was written since. See Note [Views and
  /// writes] in [InPlace].
  void followBase(Tensor view) {
    Tensor whole = base;
    if (whole == null || whole.knownNode() == baseHistory) {
      return;
    }
    Node now = whole.gradFn();
    Node own = view.knownNode();
    boolean ownLeaf = view.isTracked() && (own == null || own instanceof AccumulateGrad);
    if (now == null || now == baseHistory || ownLeaf) {
      return;
    }
    if (apart) {
      throw new AutogradException(
          ErrorKind.NOGRAD_VIEW_INPLACE,
          "gradFn: the base of this view of shape "
              + view.shape()
              + " was written in place since by "
              + now.name()
              + ", but the view was made without recording and cannot follow. Make it again.");
    }
    baseHistory = now;
    boolean retains = view.retainsGrad();
    if (retains) {
      view.stopRetaining();
    }
    Tensor[] in = {whole};
    long number = ThreadState.current().nextSequenceNumber++;
    Recording.link(new FunctionNode(new AsStrided(Window.of(view)), in, number), in, view);
    if (retains) {
      view.retainGrad();
    }
  }

  /// Returns the tangents, of a view with the part of those that its base got when it was written.
  @Nullable Tangent tangentsOf(Tensor view) {
    Tensor whole = base;
    Tangent first = whole == null ? null : whole.ownTangents();
    if (whole == null || first == null) {
      return tangents;
    }
    for (Tangent t = Tangent.live(first); t != null; t = Tangent.live(t.outer())) {
      boolean known = false;
      for (Tangent own = tangents; own != null; own = own.outer()) {
        known |= own.level() == t.level();
      }
      if (!known && whole.ownsWholeStorage() && t.value().ownsWholeStorage()) {
        Tensor part = Window.of(view).in(t.value()).madeBeforeWrites();
        tangents = Tangent.with(tangents, t.level(), part);
      }
    }
    return tangents;
  }
}
