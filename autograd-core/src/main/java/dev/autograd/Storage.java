package dev.autograd;

import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicLong;

/// The array behind one tensor or several views, with a count of the writes into it.
///
/// Meant for authors of operations; whoever writes into the array calls [#bumpVersion].
public final class Storage {
  private static final AtomicLong MADE = new AtomicLong();

  private final Object array;
  private final DType dtype;
  private final long serial = MADE.incrementAndGet();
  private int version;

  private Storage(Object array, DType dtype) {
    this.array = array;
    this.dtype = dtype;
  }

  /// Wraps an array without copying it.
  ///
  /// @throws AutogradException (`DTYPE`) if the array is not of the type that `dtype` is kept in
  public static Storage of(Object array, DType dtype) {
    boolean fits =
        switch (dtype) {
          case F32 -> array instanceof float[];
          case F64 -> array instanceof double[];
          case I64 -> array instanceof long[];
          case I32 -> array instanceof int[];
          case U8, BOOL -> array instanceof byte[];
          case F16, BF16 -> array instanceof short[];
        };
    if (!fits) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          "storage: " + dtype + " cannot be kept in a " + array.getClass().getSimpleName());
    }
    return new Storage(array, dtype);
  }

  /// Returns how many storages were made so far.
  static long made() {
    return MADE.get();
  }

  /// Tells whether this was made after [#made] returned `count`.
  boolean isMadeAfter(long count) {
    return serial > count;
  }

  /// Makes a storage of `n` zeros.
  public static Storage zeros(DType dtype, int n) {
    return new Storage(dtype.newArray(n), dtype);
  }

  /// Returns the element type.
  public DType dtype() {
    return dtype;
  }

  /// Returns the array itself.
  public Object array() {
    return array;
  }

  /// Returns the array of an `f32` storage.
  public float[] floats() {
    return (float[]) array;
  }

  /// Returns the array of an `f64` storage.
  public double[] doubles() {
    return (double[]) array;
  }

  /// Returns the array of an `i64` storage.
  public long[] longs() {
    return (long[]) array;
  }

  /// Returns the array of an `i32` storage.
  public int[] ints() {
    return (int[]) array;
  }

  /// Returns the array of a `bool` or `u8` storage.
  public byte[] bytes() {
    return (byte[]) array;
  }

  /// Returns how many elements the array holds.
  public int length() {
    return Array.getLength(array);
  }

  /// Returns how often the storage was written in place.
  public int version() {
    return version;
  }

  /// Counts one in-place write.
  public void bumpVersion() {
    version++;
  }

  /// Returns element `index` as a double; `bool` gives 0 or 1, `u8` 0 to 255.
  public double getDouble(int index) {
    return switch (dtype) {
      case F32 -> floats()[index];
      case F64 -> doubles()[index];
      case I64 -> longs()[index];
      case I32 -> ints()[index];
      case BOOL -> bytes()[index];
      case U8 -> bytes()[index] & 0xff;
      case F16 -> Float.float16ToFloat(((short[]) array)[index]);
      case BF16 -> Float.intBitsToFloat(((short[]) array)[index] << 16);
    };
  }

  /// Returns element `index` as a long, truncated toward zero where it has a fraction.
  public long getLong(int index) {
    return dtype == DType.I64 ? longs()[index] : (long) getDouble(index);
  }
}
