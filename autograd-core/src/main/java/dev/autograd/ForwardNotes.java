package dev.autograd;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What few nodes have to remember of their forward: it has more than two inputs or more than one
/// output, or said something of itself by its [Context].
///
/// Everything starts as it is for a node that has none of these.
final class ForwardNotes {
  private static final Slot[] NO_SLOTS = {};

  /// The inputs after the first two.
  Slot[] inputs = NO_SLOTS;

  /// The outputs after the first.
  Slot[] outputs = NO_SLOTS;

  /// Whether the first output has no gradient.
  boolean firstHasNone;

  /// Which inputs' derivatives are wanted although they have no edge, or `null` for none.
  boolean @Nullable [] wanted;

  /// The value that forward kept.
  @Nullable Object kept;

  /// Inputs that forward wrote into; `null` for none, and once the outputs are linked.
  @Nullable List<Tensor> dirty;

  /// Outputs without gradient; `null` for none, and once the outputs are linked.
  @Nullable List<Tensor> nonDifferentiable;

  /// Whether the gradient of an output that nobody used is `null` instead of zeros.
  boolean unusedIsNull;

  /// Whether a saved value is let go of when it is read.
  boolean clearOnAccess;

  /// Whether another has a saved value in custody, and is to be told when it is freed.
  boolean inCustody;

  boolean isDirty(Tensor t) {
    return dirty != null && dirty.contains(t);
  }

  boolean isNonDifferentiable(Tensor t) {
    return nonDifferentiable != null && nonDifferentiable.contains(t);
  }
}
