package dev.autograd.kernel.linalg;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// Lends work arrays that outlive a call, because clearing a fresh one costs as much as using it.
///
/// A lent array holds whatever its last user left. Not giving one back is allowed; it is then
/// collected as any other object.
public final class Scratch {
  private static final int SLOTS = 8;
  private static final int KEPT_AT_MOST = 1 << 23;

  // Twins: f32 as f64.

  private static final AtomicReferenceArray<float[]> FLOATS = new AtomicReferenceArray<>(SLOTS);

  // End of twins.

  private Scratch() {}

  // Twins: f32 as f64.

  /// Returns an array of at least `length` floats with unspecified contents.
  public static float[] floats(int length) {
    // The smallest that is long enough: a long one is dear to replace.
    int best = -1;
    int size = Integer.MAX_VALUE;
    for (int i = 0; i < SLOTS; i++) {
      float[] held = FLOATS.get(i);
      if (held != null && held.length >= length && held.length < size) {
        size = held.length;
        best = i;
      }
    }
    if (best >= 0) {
      float[] a = FLOATS.getAndSet(best, null);
      if (a != null) {
        if (a.length >= length) {
          return a;
        }
        FLOATS.compareAndSet(best, null, a);
      }
    }
    return new float[capacity(length)];
  }

  /// Takes an array back.
  public static void release(float[] a) {
    if (a.length <= KEPT_AT_MOST) {
      int smallest = 0;
      int size = Integer.MAX_VALUE;
      for (int i = 0; i < SLOTS; i++) {
        float[] held = FLOATS.get(i);
        if (held == null && FLOATS.compareAndSet(i, null, a)) {
          return;
        }
        if (held != null && held.length < size) {
          size = held.length;
          smallest = i;
        }
      }
      if (size < a.length) {
        FLOATS.set(smallest, a);
      }
    }
  }

  // End of twins.

  private static int capacity(int length) {
    if (length > KEPT_AT_MOST) {
      return length;
    }
    return Math.max(1024, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
  }
}
