package dev.autograd;

import dev.autograd.spi.OpCall;
import java.util.HashSet;
import java.util.Set;

/// What a selective [Checkpoint] does with the results of one operation.
public enum CheckpointPolicy {
  /// Keep the results; the operation is not run again.
  MUST_SAVE,
  /// Keep the results, unless there is a reason not to. Today there is none.
  PREFER_SAVE,
  /// Compute the results again.
  MUST_RECOMPUTE,
  /// Compute the results again, unless there is a reason not to. Today there is none.
  PREFER_RECOMPUTE;

  /// Chooses for every operation that the checkpointed function applies, in both runs alike.
  @FunctionalInterface
  public interface Rule {
    /// Returns what to do with the results of this call.
    CheckpointPolicy of(OpCall call);
  }

  /// Keeps the results of these operations, and computes all others again.
  ///
  /// @throws AutogradException (`ARGUMENT`) without any operation
  @SafeVarargs
  public static Rule saving(Class<? extends Operation>... operations) {
    if (operations.length == 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "CheckpointPolicy.saving: takes the operations whose results are kept, got none. A plain"
              + " checkpoint computes everything again.");
    }
    Set<Class<?>> kept = new HashSet<>();
    for (Class<? extends Operation> each : operations) {
      kept.add(each);
    }
    return call -> kept.contains(call.operation().getClass()) ? MUST_SAVE : PREFER_RECOMPUTE;
  }

  boolean saves() {
    return this == MUST_SAVE || this == PREFER_SAVE;
  }
}
