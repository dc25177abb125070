package dev.autograd;

/// What went wrong, one constant for each family of errors.
public enum ErrorKind {
  /// An argument is outside its range.
  ARGUMENT,
  /// Shapes do not fit.
  SHAPE,
  /// An element type does not fit.
  DTYPE,
  /// An index or a dimension is out of range.
  INDEX,
  /// No such operation, or two of one name.
  OPERATION,
  /// A plugin cannot be used.
  PLUGIN,
  /// Anomaly detection met NaN or infinity.
  ANOMALY_NAN,
  /// A backward returned too few gradients, or a surplus one.
  BAD_GRAD_COUNT,
  /// A gradient's shape cannot be reduced to its input's.
  BAD_GRAD_SHAPE,
  /// A view cannot be detached in place.
  DETACH_VIEW,
  /// An input marked dirty is not among the outputs.
  DIRTY_NOT_RETURNED,
  /// The list of inputs is empty.
  EMPTY_INPUTS,
  /// An assigned gradient has another shape or type, or is the tensor itself.
  GRAD_ASSIGN_MISMATCH,
  /// The saved values of this graph were freed by an earlier backward.
  GRAPH_FREED,
  /// A hook returned a tensor of another shape.
  HOOK_BAD_RETURN,
  /// A hook was asked for on a tensor that does not require grad.
  HOOK_NO_GRAD,
  /// An input of `grad` does not require grad.
  INPUT_NO_GRAD,
  /// In-place write on a leaf that requires grad, in grad mode.
  LEAF_INPLACE,
  /// A node was called with the wrong number of gradients.
  NODE_ARITY,
  /// Only floating-point tensors can require grad.
  NON_FLOAT_REQUIRES_GRAD,
  /// The function has no backward rule.
  NO_BACKWARD,
  /// The operation has no derivative.
  DERIVATIVE_NOT_IMPLEMENTED,
  /// In-place write on a tensor several of whose elements share memory.
  OVERLAPPING_WRITE,
  /// A post-accumulate hook was asked for on a tensor that is not a leaf.
  POST_ACC_HOOK_NON_LEAF,
  /// Raw array access to a tensor that requires grad.
  RAW_ACCESS_REQUIRES_GRAD,
  /// `requiresGrad` can be cleared only on leaves.
  REQUIRES_GRAD_ON_NON_LEAF,
  /// `retainGrad` on a tensor without gradient.
  RETAIN_NO_GRAD,
  /// The implicit seed needs a one-element root.
  ROOT_NOT_SCALAR,
  /// The root does not require grad.
  ROOT_NO_GRAD,
  /// A seed has another shape than its root.
  SEED_SHAPE,
  /// An input of `grad` is not reached.
  UNUSED_INPUT,
  /// A saved tensor was modified in place before backward.
  VERSION_MISMATCH,
  /// In-place write, in grad mode, through a view that cannot record it in its base.
  VIEW_INPLACE,
  /// In-place write on a view of a leaf that requires grad.
  VIEW_OF_LEAF_INPLACE
}
