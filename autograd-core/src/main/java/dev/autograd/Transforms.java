package dev.autograd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Operations on tensors that are dual or batched: forward mode, and vmap.
///
/// # Note [Order of the transforms]
///
/// Substitutes come first. Then batches are unwrapped, so that the rule for tangents and the
/// recording see operations on ordinary, larger tensors, and there is one graph only, that of the
/// larger tensors. Tangents come next: the operation runs as if its inputs were not dual, its
/// context is kept, and the tangents follow from the context, from the outermost level to the
/// innermost. Each is computed with operations of the levels outside it, which makes levels nest.
/// Interceptors come last: they see the operations that are really computed.
final class Transforms {
  private Transforms() {}

  /// Asks the doorway for the context of one call.
  static final class ContextRequest {
    private final Operation operation;
    private final Tensor[] in;
    private final boolean[] wanted;
    private @Nullable FunctionNode context;

    ContextRequest(Operation operation, Tensor[] in, boolean[] wanted) {
      this.operation = operation;
      this.in = in;
      this.wanted = wanted;
    }

    /// Tells whether this very call is meant, rather than one that is made on its way.
    boolean isFor(Operation called, Tensor[] inputs) {
      return operation == called && in == inputs;
    }

    boolean[] wanted() {
      return wanted;
    }

    void fulfil(FunctionNode node) {
      context = node;
    }
  }

  /// Tells whether an operation on these inputs is more than an ordinary one.
  static boolean concern(ThreadState state, Tensor[] in) {
    for (Tensor t : in) {
      if (state.substitution != null && state.substitution.get(t) != t) {
        return true;
      }
      if (t.batch() != null || Tangent.live(t.tangents()) != null) {
        return true;
      }
    }
    return false;
  }

  static Tensor[] apply(ThreadState state, Operation operation, Tensor[] given) {
    Tensor[] in = state.substitution == null ? given : state.substitution.get(given);
    Vmap.Level level = Batching.innermost(in);
    if (level != null) {
      return Batching.apply(state, level, operation, in);
    }
    return operation.differentiable() && state.forward != null
        ? dual(state, state.forward, operation, in)
        : Doorway.plain(state, operation, in);
  }

  private static Tensor[] dual(
      ThreadState state, ForwardMode.Level innermost, Operation operation, Tensor[] in) {
    boolean[] wanted = new boolean[in.length];
    for (int i = 0; i < in.length; i++) {
      wanted[i] = Tangent.live(in[i].tangents()) != null;
    }
    ContextRequest request = new ContextRequest(operation, in, wanted);
    ContextRequest before = state.contextRequest;
    Tensor[] out;
    state.contextRequest = request;
    try {
      out = Doorway.plain(state, operation, in);
    } finally {
      state.contextRequest = before;
    }
    FunctionNode context = request.context;
    SavingScope saving = state.saving;
    if (context != null) {
      // The tangents read what was saved, and leave nothing that a checkpoint has to know of.
      state.saving = null;
      try {
        attach(state, innermost, context, in, out);
      } finally {
        state.saving = saving;
      }
      if (saving != null && Arrays.stream(out).anyMatch(y -> y.gradFn() == context)) {
        saving.recorded(context, in, out);
      }
    }
    // Without a context an interceptor took the operation apart, and its parts saw to the tangents.
    return out;
  }

  private static void attach(
      ThreadState state,
      ForwardMode.@Nullable Level level,
      FunctionNode context,
      Tensor[] in,
      Tensor[] out) {
    // Levels are few, and open inside each other: their number bounds this recursion.
    if (level == null) {
      return;
    }
    attach(state, level.outer(), context, in, out);
    if (!level.isLive()) {
      return;
    }
    @Nullable Tensor[] tangents = new Tensor[in.length];
    boolean any = false;
    for (int i = 0; i < in.length; i++) {
      tangents[i] = in[i].tangentAt(level);
      any |= tangents[i] != null;
    }
    if (!any) {
      return;
    }
    @Nullable Tensor[] results;
    try (var _ = ForwardMode.mute(state, level)) {
      results = Tangents.of(context, in, tangents, out.length);
    }
    for (int i = 0; i < out.length; i++) {
      Tensor tangent = context.carriesGrad(i) ? results[i] : null;
      if (tangent != null) {
        out[i].setTangent(level, Tangents.checked(context, i, out[i], tangent));
      }
    }
  }
}
