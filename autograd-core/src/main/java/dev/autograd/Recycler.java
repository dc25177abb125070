package dev.autograd;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps the arrays of storages that nobody can reach any more, for the next storage of their size.
///
/// # Note [Arrays used again]
///
/// A fresh array costs twice: the virtual machine clears it, and its memory has long left the
/// caches. A training step makes the same sizes over and over, so arrays of at least [#SMALLEST]
/// bytes are taken back where it is certain that nobody holds their storage:
///
/// - a gradient that the engine got from one operation of the library and gave to another, which
///   let go of it (see [dev.autograd.spi.TensorOperations#releasesGradients]), with no hook,
///   interceptor or retained graph that could have seen it;
/// - a leaf's gradient that is dropped or replaced, and was never handed out by [Tensor#grad()].
///
/// Tensors that a program has seen are left to the garbage collector, always. The arrays are held
/// by soft references, no more of them than a share of the heap, and only as long as they are of
/// use.
final class Recycler {
  /// Arrays of fewer bytes are cheaper to make than to find.
  static final int SMALLEST = 1 << 14;

  private static final long BUDGET = Runtime.getRuntime().maxMemory() / 4;

  /// Whether what is promised to be written whole starts as not-a-number, to find out if it is not.
  private static final boolean POISON = Boolean.getBoolean("autograd.poison");

  /// Arrays of one kind and length.
  private record Size(DType dtype, int length) {
    long bytes() {
      return (long) dtype.bytes() * length;
    }
  }

  /// How many arrays of a size come back before those that were of no use meanwhile are let go.
  static final int PERIOD = 1024;

  /// The arrays of one size that are free, the last one that came back first.
  private static final class Shelf {
    private final ArrayDeque<SoftReference<Object>> arrays = new ArrayDeque<>();

    /// How many of them nobody has taken since the period began.
    private int unused;

    private int given;

    /// Lets go of what nobody has taken in a period: now and then more is needed at a time than
    /// ever again. Returns how many arrays went.
    int endPeriod() {
      int gone = unused;
      for (int i = 0; i < gone; i++) {
        arrays.removeLast();
      }
      given = 0;
      unused = arrays.size();
      return gone;
    }
  }

  /// By size, the one that was asked for longest ago first.
  private static final Map<Size, Shelf> FREE = new LinkedHashMap<>(16, 0.75f, true);

  private static long held;

  private Recycler() {}

  /// Returns an array whose elements are whatever its last user left.
  static Object dirtyArray(DType dtype, int n) {
    Object array = n >= SMALLEST / dtype.bytes() ? take(dtype, n) : null;
    if (array == null) {
      array = dtype.newArray(n);
    }
    if (POISON) {
      poison(array);
    }
    return array;
  }

  /// Returns an array of zeros.
  static Object clearArray(DType dtype, int n) {
    Object array = n >= SMALLEST / dtype.bytes() ? take(dtype, n) : null;
    if (array == null) {
      return dtype.newArray(n);
    }
    switch (array) {
      case float[] a -> Arrays.fill(a, 0);
      case double[] a -> Arrays.fill(a, 0);
      case long[] a -> Arrays.fill(a, 0);
      case int[] a -> Arrays.fill(a, 0);
      case short[] a -> Arrays.fill(a, (short) 0);
      default -> Arrays.fill((byte[]) array, (byte) 0);
    }
    return array;
  }

  private static @Nullable Object take(DType dtype, int n) {
    Size size = new Size(dtype, n);
    synchronized (FREE) {
      Shelf same = FREE.get(size);
      while (same != null && !same.arrays.isEmpty()) {
        held -= size.bytes();
        Object array = same.arrays.pop().get();
        same.unused = Math.min(same.unused, same.arrays.size());
        if (array != null) {
          return array;
        }
      }
    }
    return null;
  }

  /// Takes back the array of a storage that nobody else holds.
  static void give(Storage storage) {
    if (storage.byteSize() < SMALLEST) {
      return;
    }
    Size size = new Size(storage.dtype(), storage.length());
    Object array = storage.surrender();
    synchronized (FREE) {
      Shelf same = FREE.computeIfAbsent(size, _ -> new Shelf());
      same.arrays.push(new SoftReference<>(array));
      held += size.bytes();
      if (++same.given == PERIOD) {
        held -= same.endPeriod() * size.bytes();
      }
      var oldest = FREE.entrySet().iterator();
      while (held > BUDGET && oldest.hasNext()) {
        var entry = oldest.next();
        held -= entry.getKey().bytes() * entry.getValue().arrays.size();
        oldest.remove();
      }
    }
  }

  /// Returns how many arrays of one kind and length are free.
  static int free(DType dtype, int n) {
    synchronized (FREE) {
      Shelf same = FREE.get(new Size(dtype, n));
      return same == null ? 0 : same.arrays.size();
    }
  }

  private static void poison(Object array) {
    switch (array) {
      case float[] a -> Arrays.fill(a, Float.NaN);
      case double[] a -> Arrays.fill(a, Double.NaN);
      case long[] a -> Arrays.fill(a, Long.MIN_VALUE);
      case int[] a -> Arrays.fill(a, Integer.MIN_VALUE);
      case short[] a -> Arrays.fill(a, Short.MIN_VALUE);
      default -> Arrays.fill((byte[]) array, (byte) 85);
    }
  }
}
