package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Runs the hooks of a node, in the documented order.
final class NodeHooks {
  private NodeHooks() {}

  /// Returns what is another number once one of these was written in place.
  static int versions(@Nullable Tensor[] all) {
    int sum = 0;
    for (Tensor t : all) {
      if (t != null) {
        sum += t.sharedStorage().version();
      }
    }
    return sum;
  }

  /// A gradient may have other readers: other branches, the caller's seed, a leaf's gradient.
  static AutogradException written(Node node, String who) {
    return new AutogradException(
        ErrorKind.GRAD_WRITTEN,
        node.name()
            + ": "
            + who
            + " wrote in place into a gradient that it was given, which others may read. Compute a"
            + " new tensor instead, such as g.mul(2) for g.mul_(2), and return that.");
  }

  /// Runs the hooks on the gradients of single outputs; what they return may be held by others.
  static void ofTensors(Node node, Node.Extras extras, Visit v, BackwardCall call) {
    if (extras.tensorHooks.isEmpty()) {
      return;
    }
    v.share();
    try (var _ = GradMode.setEnabled(call.createGraph())) {
      for (Node.TensorHook h : extras.tensorHooks.hooks()) {
        Tensor before = v.grad(h.outputNr());
        if (before == null) {
          continue;
        }
        int version = before.sharedStorage().version();
        // An unchecked cast can let anything through to here, and none of it is to go further.
        Object returned = ((java.util.function.Function<? super Tensor, ?>) h.hook()).apply(before);
        if (before.sharedStorage().version() != version) {
          throw written(node, "a hook of its output " + h.outputNr());
        }
        if (returned != null) {
          if (!(returned instanceof Tensor after) || !after.shape().equals(before.shape())) {
            throw new AutogradException(
                ErrorKind.HOOK_BAD_RETURN,
                "hook: must return a gradient of the shape it was given, "
                    + before.shape()
                    + ", got "
                    + (returned instanceof Tensor other
                        ? other.shape()
                        : "a " + returned.getClass().getSimpleName()));
          }
          v.put(h.outputNr(), after, Holding.SHARED);
        }
      }
    }
  }

  /// Returns what the hooks before a node make of the gradients it is given.
  static @Nullable Tensor[] before(Node node, Node.Extras extras, @Nullable Tensor[] g) {
    @Nullable Tensor[] current = g;
    for (Node.PreHook h : extras.preHooks.hooks()) {
      int before = versions(current);
      @Nullable Tensor[] replaced = h.call(current);
      if (versions(current) != before) {
        throw written(node, "a pre-hook");
      }
      if (replaced != null) {
        if (replaced.length != node.outputCount()) {
          throw new AutogradException(
              ErrorKind.HOOK_BAD_RETURN,
              "pre-hook of "
                  + node.name()
                  + ": must return "
                  + node.outputCount()
                  + " gradients, got "
                  + replaced.length);
        }
        current = replaced;
      }
    }
    return current;
  }

  /// Adds the gradients up that were asked to be kept.
  static void retain(Node.Extras extras, @Nullable Tensor[] g, BackwardCall call) {
    extras.retaining.forEach(
        (outputNr, tensor) -> tensor.accumulateGrad(g[outputNr], call.createGraph()));
  }

  /// Returns what the hooks after a node make of the gradients it returned.
  static @Nullable Tensor[] after(
      Node node, Node.Extras extras, @Nullable Tensor[] out, @Nullable Tensor[] g) {
    @Nullable Tensor[] current = out;
    for (Node.PostHook h : extras.postHooks.hooks()) {
      int before = versions(current) + versions(g);
      @Nullable Tensor[] replaced = h.call(current, g);
      if (versions(current) + versions(g) != before) {
        throw written(node, "a post-hook");
      }
      if (replaced != null) {
        if (replaced.length != out.length) {
          throw new AutogradException(
              ErrorKind.HOOK_BAD_RETURN,
              "post-hook: must return " + out.length + " gradients, got " + replaced.length);
        }
        current = replaced;
      }
    }
    return current;
  }
}
