package dev.autograd;

/// Why a tensor has a gradient or has none.
///
/// @param state what is the case
/// @param explanation the same for a person, with the next step
public record GradStatus(State state, String explanation) {
  /// What can be the case with a gradient.
  public enum State {
    /// There is one.
    PRESENT,
    /// The tensor does not require grad: it never did, or its history was cut.
    NOT_REQUIRED,
    /// It is the result of an operation, and those keep no gradient unless told to.
    NOT_KEPT,
    /// No operation that was recorded used it.
    UNUSED,
    /// It is used, but no backward pass has run since.
    NO_BACKWARD,
    /// Backward passes ran since it was first used, but none of them led to it.
    UNREACHED,
    /// There was one, but it was dropped.
    DROPPED
  }

  static GradStatus of(Tensor t) {
    if (t.gradOrNull() != null) {
      return new GradStatus(State.PRESENT, "It has a gradient.");
    }
    if (!t.requiresGrad()) {
      return new GradStatus(
          State.NOT_REQUIRED, "It does not require grad. " + Cut.explain(t.cut()));
    }
    Node gradFn = t.gradFn();
    if (gradFn == null) {
      return t.accumulatorOrNull() instanceof AccumulateGrad leaf
          ? ofLeaf(leaf)
          : new GradStatus(
              State.UNUSED,
              "No recorded operation has used it: it took part in none, or only while recording was"
                  + " off, or through detach().");
    }
    if (!t.retainsGrad()) {
      return new GradStatus(
          State.NOT_KEPT,
          "It is the result of "
              + gradFn
              + ", and only leaves keep their gradient. Call retainGrad() before backward(), or"
              + " take the gradient by Autograd.grad.");
    }
    return new GradStatus(
        State.NO_BACKWARD, "It keeps its gradient, but no backward pass has reached it since.");
  }

  private static GradStatus ofLeaf(AccumulateGrad leaf) {
    if (leaf.arrivals() > 0) {
      return new GradStatus(
          State.DROPPED,
          "Gradients have reached it "
              + leaf.arrivals()
              + " times; the last one was dropped since, by zeroGrad() or grad(null).");
    }
    long walks = Engine.walks() - leaf.walksBefore();
    if (walks == 0) {
      return new GradStatus(
          State.NO_BACKWARD, "Recorded operations use it, but no backward pass has run since.");
    }
    return new GradStatus(
        State.UNREACHED,
        "Backward passes ran since it was first used ("
            + walks
            + " in the whole program), and none reached it: the roots do not depend on it, or every"
            + " way to it was cut or had no gradient, or they were calls of grad, which accumulates"
            + " nothing. Graph.of(root).reaches(it) tells for one root.");
  }
}
