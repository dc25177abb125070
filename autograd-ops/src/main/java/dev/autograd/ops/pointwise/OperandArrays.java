package dev.autograd.ops.pointwise;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The arrays in which a thread gives its operands to a kernel of few elements, again and again.
///
/// They are found by the number of the thread, faster than a thread finds what is local to it. One
/// thread only ever uses them, however it came to see them, and never twice at once: a kernel of
/// few elements calls nobody back. Threads that share a place, whose numbers are equal in their low
/// bits, take it from each other, which costs time only.
final class OperandArrays {
  private static final int PLACES = 8;

  /// Stands where no operand is.
  private static final Object NOTHING = new Object();

  private final long thread;
  private final Object[] in;
  private final Object[] out = {NOTHING};

  private OperandArrays(long thread, int inputs) {
    this.thread = thread;
    this.in = new Object[inputs];
    Arrays.fill(in, NOTHING);
  }

  /// Returns places for the arrays of several threads.
  static @Nullable OperandArrays[] places() {
    return new OperandArrays[PLACES];
  }

  /// Returns the arrays of this thread for a number of inputs that is always the same.
  static OperandArrays ofThisThread(@Nullable OperandArrays[] places, int inputs) {
    long thread = Thread.currentThread().threadId();
    int place = (int) thread & (PLACES - 1);
    OperandArrays known = places[place];
    if (known == null || known.thread != thread || known.in.length != inputs) {
      known = new OperandArrays(thread, inputs);
      places[place] = known;
    }
    return known;
  }

  Object[] in() {
    return in;
  }

  Object[] out() {
    return out;
  }

  /// Lets go of the operands.
  void release() {
    for (int i = 0; i < in.length; i++) {
      in[i] = NOTHING;
    }
    out[0] = NOTHING;
  }
}
