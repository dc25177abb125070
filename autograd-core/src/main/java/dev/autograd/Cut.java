package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Why a tensor has no history although something it was computed from had one.
///
/// It is noted on the tensor where the history ends and handed on to what is computed from that. It
/// holds no tensor, and there is one for each kind of operation and reason, so that noting it
/// allocates nothing.
final class Cut implements Origin {
  enum Reason {
    NO_GRAD,
    INFERENCE,
    NOT_DIFFERENTIABLE,
    NOT_FLOATING,
    MARKED,
    DETACHED
  }

  /// The cuts that operations of a class have made so far; filled by whoever comes first, twice
  /// being harmless.
  private static final ClassValue<Cut[]> MADE =
      new ClassValue<>() {
        @Override
        protected Cut[] computeValue(Class<?> type) {
          return new Cut[Reason.values().length];
        }
      };

  static final Cut DETACHED = new Cut(Reason.DETACHED, "detach");

  private final Reason reason;
  private final String operation;

  private Cut(Reason reason, String operation) {
    this.reason = reason;
    this.operation = operation;
  }

  @SuppressWarnings("EnumOrdinal") // the place in an array that nobody else sees
  static Cut by(Operation operation, Reason reason) {
    @Nullable Cut[] made = MADE.get(operation.getClass());
    Cut cut = made[reason.ordinal()];
    if (cut == null) {
      cut = new Cut(reason, operation.name());
      made[reason.ordinal()] = cut;
    }
    return cut;
  }

  /// Returns why results of an operation that was not recorded have no history, or `null` if there
  /// was none to lose.
  static @Nullable Cut after(Operation operation, Tensor[] in, boolean enabled, boolean inference) {
    Cut inherited = null;
    for (Tensor t : in) {
      if (t.isTracked()) {
        return by(
            operation,
            !operation.differentiable()
                ? Reason.NOT_DIFFERENTIABLE
                : inference ? Reason.INFERENCE : enabled ? Reason.MARKED : Reason.NO_GRAD);
      }
      if (inherited == null) {
        inherited = t.cut();
      }
    }
    return inherited;
  }

  /// Says where history ends, why, and what to do about it, in whole sentences.
  static String explain(@Nullable Cut cut) {
    if (cut == null) {
      return "Nothing it was computed from requires grad. Call requiresGrad(true) on the leaves"
          + " before the forward pass; what goes through a Java array and back is a new constant.";
    }
    String op = "'" + cut.operation + "'";
    return switch (cut.reason) {
      case NO_GRAD ->
          "Its history ends at "
              + op
              + ", which ran while recording was off, as in GradMode.noGrad(). Compute it where"
              + " gradients are recorded.";
      case INFERENCE ->
          "Its history ends at "
              + op
              + ", which ran in inference mode. Compute it outside of GradMode.inferenceMode().";
      case NOT_DIFFERENTIABLE ->
          "Its history ends at "
              + op
              + ", which has no derivative, like all comparisons, indices and casts to whole"
              + " numbers. Compute a loss that varies smoothly instead.";
      case NOT_FLOATING ->
          "Its history ends at "
              + op
              + ", whose result here is of whole numbers or truth values, which carry no gradient."
              + " Stay in floating types.";
      case MARKED ->
          "Its history ends at " + op + ", which declares that this output has no gradient.";
      case DETACHED -> "Its history was cut off by detach(). Use the tensor itself.";
    };
  }
}
