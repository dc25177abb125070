package dev.autograd.ops.pointwise;

import org.jspecify.annotations.Nullable;

/// The arrays in which a kernel is given its operands, for a thread to use again and again.
///
/// One thread only ever uses them, however it came to see them; and not while it uses them already,
/// since a kernel of few elements calls nobody back.
final class OperandArrays {
  /// A number, so that no thread is kept that has ended.
  private final long thread;

  final @Nullable Object[] in;
  final @Nullable Object[] out = new Object[1];

  private OperandArrays(long thread, int inputs) {
    this.thread = thread;
    this.in = new Object[inputs];
  }

  /// Returns `known` if it is this thread's, else new ones.
  static OperandArrays ofThisThread(@Nullable OperandArrays known, int inputs) {
    long current = Thread.currentThread().threadId();
    return known != null && known.thread == current && known.in.length == inputs
        ? known
        : new OperandArrays(current, inputs);
  }

  /// Lets go of the operands.
  void release() {
    for (int i = 0; i < in.length; i++) {
      in[i] = null;
    }
    out[0] = null;
  }
}
