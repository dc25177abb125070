package dev.autograd;

import dev.autograd.spi.Samples;
import java.util.Locale;

/// What a [Function] and a [MultiFunction] share: a name, samples, traits.
///
/// An operation is a record whose components are its attributes: two applications with equal
/// attributes are equal, and the attributes print themselves.
public sealed interface Operation permits Function, MultiFunction {

  /// Returns the name under which the operation is registered and reported, in snake case; by
  /// default the class's simple name, `LogSoftmax` giving `log_softmax`.
  default String name() {
    String simple = getClass().getSimpleName();
    StringBuilder b = new StringBuilder(simple.length() + 4);
    for (int i = 0; i < simple.length(); i++) {
      char c = simple.charAt(i);
      boolean wordStarts =
          i > 0
              && Character.isUpperCase(c)
              && (!Character.isUpperCase(simple.charAt(i - 1))
                  || (i + 1 < simple.length() && Character.isLowerCase(simple.charAt(i + 1))));
      if (wordStarts) {
        b.append('_');
      }
      b.append(c);
    }
    return b.toString().toLowerCase(Locale.ROOT);
  }

  /// Returns the name of the graph nodes this operation leaves, such as `AddBackward`.
  default String nodeName() {
    return getClass().getSimpleName() + "Backward";
  }

  /// Tells whether the results can carry gradients at all; `false` for comparisons, indices and the
  /// like, whose results never require grad.
  default boolean differentiable() {
    return true;
  }

  /// Tells whether the results are linear in the floating-point inputs taken together, for every
  /// value of the others: then the operation is its own tangent rule.
  default boolean linear() {
    return false;
  }

  /// Tells whether a result that shares memory with an input is a plain view of it: every element
  /// is one of the input's, and backward hands its gradient to that one.
  ///
  /// In-place writes through plain views are recorded; through what another operation returns they
  /// are refused (`CUSTOM_VIEW_INPLACE`), since nobody knows what its backward means for the base.
  default boolean plainViews() {
    return false;
  }

  /// Tells whether the results of backward cannot be differentiated in turn, since backward does
  /// more than apply operations. Backward then runs with recording off, and whoever differentiates
  /// its result by anything it depends on gets an error (`ONCE_DIFFERENTIABLE`).
  default boolean onceDifferentiable() {
    return false;
  }

  /// Adds the inputs on which the operation is checked: ordinary ones, corner shapes, every
  /// attribute; away from kinks. Called on a prototype of the operation.
  default void samples(Samples samples) {}
}
