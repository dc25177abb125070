package dev.autograd;

import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The array behind one tensor or several views, with a count of the writes into it.
///
/// Meant for authors of operations; whoever writes into the array calls [#bumpVersion].
public final class Storage {
  private static final AtomicLong MADE = new AtomicLong();

  /// The sign bit of [#version] marks what was made in inference mode.
  private static final int INFERENCE = Integer.MIN_VALUE;

  /// `null` once the array has gone back to the [Recycler].
  private @Nullable Object array;
  private final DType dtype;
  private final long serial = MADE.incrementAndGet();
  private int version;

  /// The name of what wrote last, or a [Write] if anomaly mode was on.
  private @Nullable Object lastWriter;

  /// A write whose place is known.
  private record Write(String writer, ForwardPlace place) {
    @Override
    public String toString() {
      return writer + " (" + place + ")";
    }
  }

  private Storage(Object array, DType dtype) {
    this.array = array;
    this.dtype = dtype;
    this.version = ThreadState.inInference() ? INFERENCE : 0;
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

  /// Tells the same of the low bits of `count`, for storages that were made not long before or
  /// after.
  boolean isMadeAfterLow(int count) {
    return (int) serial - count > 0;
  }

  /// Makes a storage of `n` zeros.
  public static Storage zeros(DType dtype, int n) {
    return new Storage(Recycler.clearArray(dtype, n), dtype);
  }

  /// Makes a storage of `n` elements with unspecified values, for results that are written whole.
  public static Storage empty(DType dtype, int n) {
    return new Storage(Recycler.dirtyArray(dtype, n), dtype);
  }

  /// Returns the element type.
  public DType dtype() {
    return dtype;
  }

  /// Returns the array itself.
  public Object array() {
    Object a = array;
    if (a == null) {
      throw new IllegalStateException("the array of this storage has another user by now");
    }
    return a;
  }

  /// Gives the array away. Only for the [Recycler], when nobody can reach this.
  Object surrender() {
    Object a = array();
    array = null;
    return a;
  }

  /// Returns the array of an `f32` storage.
  public float[] floats() {
    return (float[]) array();
  }

  /// Returns the array of an `f64` storage.
  public double[] doubles() {
    return (double[]) array();
  }

  /// Returns the array of an `i64` storage.
  public long[] longs() {
    return (long[]) array();
  }

  /// Returns the array of an `i32` storage.
  public int[] ints() {
    return (int[]) array();
  }

  /// Returns the array of a `bool` or `u8` storage.
  public byte[] bytes() {
    return (byte[]) array();
  }

  /// Returns how many elements the array holds.
  public int length() {
    return Array.getLength(array());
  }

  /// Returns how many bytes the array holds.
  long byteSize() {
    return (long) length() * dtype.bytes();
  }

  /// Returns how often the storage was written in place.
  public int version() {
    return version & ~INFERENCE;
  }

  /// Tells whether this was made in inference mode, so that its version means nothing to backward.
  boolean isInference() {
    return version < 0;
  }

  /// Returns the version to hold a saved tensor against.
  ///
  /// @throws AutogradException (`INFERENCE_SAVED`) for what was made in inference mode
  int versionToSave() {
    if (version < 0) {
      throw new AutogradException(
          ErrorKind.INFERENCE_SAVED,
          "save: a tensor that was made in inference mode cannot be saved for backward, since"
              + " writes into it are not counted. Clone it outside of inference mode, or make it"
              + " inside GradMode.noGrad() instead.");
    }
    return version;
  }

  /// Counts one in-place write by something that has no name.
  public void bumpVersion() {
    count();
    lastWriter = null;
  }

  /// Counts one in-place write.
  ///
  /// @param writer the name of the operation that wrote, for messages
  public void bumpVersion(String writer) {
    count();
    writtenBy(writer);
  }

  /// Says what the last write that was counted is called.
  void writtenBy(String writer) {
    ForwardPlace place = AnomalyMode.placeIfOn();
    lastWriter = place == null ? writer : new Write(writer, place);
  }

  /// Returns which operation wrote last, and where in the program if that is known; `null` if
  /// nobody said.
  @Nullable String lastWrite() {
    Object last = lastWriter;
    return last == null ? null : last.toString();
  }

  private void count() {
    version = (version & INFERENCE) | ((version + 1) & ~INFERENCE);
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
      case F16 -> Float.float16ToFloat(((short[]) array())[index]);
      case BF16 -> Float.intBitsToFloat(((short[]) array())[index] << 16);
    };
  }

  /// Returns element `index` as a long, truncated toward zero where it has a fraction.
  public long getLong(int index) {
    return dtype == DType.I64 ? longs()[index] : (long) getDouble(index);
  }
}
