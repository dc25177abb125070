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
  /// Recomputation saved another number, shape or type of tensors than the first run.
  CHECKPOINT_MISMATCH,
  /// A cached value of a selective checkpoint was written in place, or is asked for a second time.
  CHECKPOINT_SELECTIVE,
  /// In-place write on a view that a custom function returned.
  CUSTOM_VIEW_INPLACE,
  /// Only leaves can be copied with their gradient.
  DEEPCOPY_NON_LEAF,
  /// The operation has no derivative.
  DERIVATIVE_NOT_IMPLEMENTED,
  /// A view cannot be detached in place.
  DETACH_VIEW,
  /// An input marked dirty is not among the outputs.
  DIRTY_NOT_RETURNED,
  /// The list of inputs is empty.
  EMPTY_INPUTS,
  /// A level of forward mode was opened inside another.
  FWAD_NESTED,
  /// The operation has no tangent rule.
  FWAD_NOT_IMPLEMENTED,
  /// A dual tensor was asked for where no level of forward mode is open.
  FWAD_NO_LEVEL,
  /// A tangent has another shape or type than its primal.
  FWAD_SIZE,
  /// An assigned gradient has another shape or type, or is the tensor itself.
  GRAD_ASSIGN_MISMATCH,
  /// A hook or a backward wrote in place into a gradient that it was given.
  GRAD_WRITTEN,
  /// The saved values of this graph were freed by an earlier backward.
  GRAPH_FREED,
  /// A Hessian needs a function of one result element.
  HESSIAN_SCALAR,
  /// A hook returned a tensor of another shape.
  HOOK_BAD_RETURN,
  /// A hook was asked for on a tensor that does not require grad.
  HOOK_NO_GRAD,
  /// A tensor of inference mode was written in place outside of it.
  INFERENCE_INPLACE,
  /// A tensor of inference mode was asked to require grad outside of it.
  INFERENCE_REQUIRES_GRAD,
  /// A tensor of inference mode was saved for backward.
  INFERENCE_SAVED,
  /// A tensor of inference mode was asked for its version.
  INFERENCE_VERSION,
  /// An input of `grad` does not require grad.
  INPUT_NO_GRAD,
  /// In-place write on a leaf that requires grad, in grad mode.
  LEAF_INPLACE,
  /// In-place write on a view made by an operation that returns several views.
  MULTI_VIEW_INPLACE,
  /// A node was called with the wrong number of gradients.
  NODE_ARITY,
  /// In-place write, in grad mode, on a view made without recording.
  NOGRAD_VIEW_INPLACE,
  /// Only floating-point tensors can require grad.
  NON_FLOAT_REQUIRES_GRAD,
  /// The function has no backward rule.
  NO_BACKWARD,
  /// The custom function has no tangent rule, and none can be derived from its backward.
  NO_JVP,
  /// The result of a backward that can be differentiated once was differentiated again.
  ONCE_DIFFERENTIABLE,
  /// A result was to be written into a given tensor while gradients are recorded.
  OUT_REQUIRES_GRAD,
  /// In-place write on a tensor several of whose elements share memory.
  OVERLAPPING_WRITE,
  /// A pack hook wrote into its argument.
  PACK_HOOK_INPLACE,
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
  /// A saved tensor was detached in place afterwards.
  SAVED_DETACHED,
  /// Saved-tensor hooks are forbidden in this scope.
  SAVED_HOOKS_DISABLED,
  /// A saved tensor already has hooks.
  SAVED_HOOKS_TWICE,
  /// A second derivative would flow through a saved intermediate value, which has no history.
  SAVED_INTERMEDIATE,
  /// A tensor was asked for its values after the scope it was made in had closed.
  SCOPE_CLOSED,
  /// A seed has another shape than its root.
  SEED_SHAPE,
  /// A seed has a type that cannot weigh its root.
  SEED_TYPE,
  /// In strict mode, an output does not depend on an input.
  STRICT_INDEPENDENT,
  /// An unpack hook returned something that cannot stand for the saved tensor.
  UNPACK_BAD_RETURN,
  /// An input of `grad` is not reached.
  UNUSED_INPUT,
  /// A saved tensor was modified in place before backward.
  VERSION_MISMATCH,
  /// In-place write on a view of a leaf that requires grad.
  VIEW_OF_LEAF_INPLACE,
  /// Host code asked for the values of a batched tensor.
  VMAP_CONTROL_FLOW,
  /// A batched value was to be written into a tensor that is not batched.
  VMAP_INPLACE,
  /// A random operation ran under vmap without a choice of randomness.
  VMAP_RANDOM,
  /// The mapped dimensions have different sizes.
  VMAP_SIZE,
  /// The vector of a product is missing.
  V_REQUIRED,
  /// The vector of a product has another shape than it needs.
  V_SIZE,
  /// Backward passes were started inside each other without end.
  WALKS_NESTED
}
