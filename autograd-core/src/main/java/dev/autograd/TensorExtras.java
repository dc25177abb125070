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
}
