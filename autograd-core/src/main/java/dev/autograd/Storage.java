package dev.autograd;

import dev.autograd.spi.Pending;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The array behind one tensor or several views, with a count of the writes into it.
///
/// Meant for authors of operations; whoever writes into the array calls [#bumpVersion].
public final class Storage {
  private static final AtomicLong MADE = new AtomicLong();

  /// The sign bit of [#version] marks what was made in inference mode.
  private static final int INFERENCE = Integer.MIN_VALUE;

  /// `null` while the values are pending, and once it belongs to another storage or to none.
  private @Nullable Object array;

  private final DType dtype;
  private final int length;
  private final long serial = MADE.incrementAndGet();
  private int version;

  /// What few storages have; `null` for all others.
  private @Nullable Extras extras;

  /// Whether somebody may write into the array without telling.
  private boolean exposed;

  /// Whether the array may be used again when the last of the readers has its values.
  private boolean spent;

  /// What takes the array back when it closes; `null` for what nothing but the garbage collector
  /// does.
  private @Nullable TensorScope scope;

  private static final class Extras {
    /// The name of what wrote last, or a [Write] if anomaly mode was on.
    @Nullable Object lastWriter;

    /// Where the values come from as long as they are not computed. See Note [Values that come
    /// later].
    @Nullable Pending pending;

    /// Storages whose values are pending and will be computed from these, or `null` for none.
    @Nullable List<WeakReference<Storage>> readers;

    /// How many readers there may be before those that are done are taken out: twice as many as
    /// were left the last time, so that each costs the same however many are never computed.
    int mostReaders = 8;
  }

  /// A write whose place is known.
  private record Write(String writer, ForwardPlace place) {
    @Override
    public String toString() {
      return writer + " (" + place + ")";
    }
  }

  private Storage(@Nullable Object array, DType dtype, int length) {
    this.array = array;
    this.dtype = dtype;
    this.length = length;
    this.version = ThreadState.inInference() ? INFERENCE : 0;
    TensorScope innermost = TensorScope.innermost();
    if (innermost != null) {
      belongTo(innermost);
    }
  }

  /// Returns the extras, made by one thread only: what another one notes in them must not be lost.
  private synchronized Extras extras() {
    Extras known = extras;
    if (known == null) {
      known = new Extras();
      // Whoever finds them without the lock finds them empty.
      VarHandle.releaseFence();
      extras = known;
    }
    return known;
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
    Storage wrapped = new Storage(array, dtype, Array.getLength(array));
    wrapped.exposed = true;
    return wrapped;
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
    return new Storage(Recycler.clearArray(dtype, n), dtype, n);
  }

  /// Makes a storage of `n` elements with unspecified values, for results that are written whole.
  public static Storage empty(DType dtype, int n) {
    return new Storage(Recycler.dirtyArray(dtype, n), dtype, n);
  }

  /// Returns the element type.
  public DType dtype() {
    return dtype;
  }

  /// Makes a storage whose values come from `source` when somebody needs them.
  public static Storage pending(DType dtype, int n, Pending source) {
    Storage later = new Storage(null, dtype, n);
    later.extras().pending = source;
    return later;
  }

  /// Returns the array itself.
  public Object array() {
    Object a = array;
    return a != null ? a : awaited();
  }

  private Object awaited() {
    Pending source = pending();
    if (source != null) {
      source.compute();
    }
    Object a = array;
    if (isExpired()) {
      throw new AutogradException(
          ErrorKind.SCOPE_CLOSED,
          "storage: this tensor was made inside a TensorScope that has closed, and its memory went"
              + " back. Inside the scope, keep() what is needed later, or copy its values to an"
              + " array.");
    }
    if (a == null) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "storage: the values of this tensor went to the one that was given to Autograd.into. Go"
              + " on with what into returned.");
    }
    return a;
  }

  /// Returns where the values come from if they are not computed yet, else `null`.
  public @Nullable Pending pending() {
    Extras e = extras;
    return array == null && e != null ? e.pending : null;
  }

  /// Returns an array with unspecified values that belongs to no storage yet, for [#complete].
  public static Object emptyArray(DType dtype, int n) {
    return Recycler.dirtyArray(dtype, n);
  }

  /// Sets the values; for the [Pending] they come from.
  ///
  /// @param values an array that no other storage has
  public void complete(Object values) {
    // Whoever finds the array without a lock finds what is in it.
    VarHandle.releaseFence();
    array = values;
    abandon();
  }

  /// Gives the array away; who still holds this gets no values any more.
  Object surrender() {
    Object a = array();
    array = null;
    return a;
  }

  // --- values that come later ------------------------------------------------------------------

  // Note [Values that come later]
  //
  // A storage may be made before its values are computed, so that a chain of operations runs as
  // one. Nothing of this is visible: whoever asks for the array gets it computed. The values that
  // a pending computation reads must stay until it has read them, so each storage knows who is
  // going to read it, and has them computed before it is written. Where a write could go unseen,
  // in an array that the program has in its hands, nobody may put off reading.

  /// Tells whether `reader`, whose values are pending, may read this storage later, and notes that
  /// it will. If not, it must read at once.
  public synchronized boolean readLater(Storage reader) {
    if (exposed) {
      return false;
    }
    Extras e = extras();
    List<WeakReference<Storage>> all = e.readers;
    if (all == null) {
      all = new ArrayList<>(2);
      e.readers = all;
    } else if (all.size() >= e.mostReaders) {
      all.removeIf(Storage::isDone);
      e.mostReaders = Math.max(8, 2 * all.size());
    }
    all.add(new WeakReference<>(reader));
    return true;
  }

  private @Nullable List<WeakReference<Storage>> readers() {
    Extras e = extras;
    return e == null ? null : e.readers;
  }

  private static boolean isDone(WeakReference<Storage> reader) {
    Storage s = reader.get();
    return s == null || s.pending() == null;
  }

  /// Has everything computed that is to be computed from the present values; to be called before
  /// they are written.
  public void aboutToWrite() {
    if (readers() != null) {
      settleReaders();
    }
  }

  private void settleReaders() {
    settleReadersBut(null);
  }

  /// Has everything computed that is to be computed from the present values but for one storage,
  /// which is given up.
  void settleReadersBut(@Nullable Storage abandoned) {
    List<WeakReference<Storage>> all;
    synchronized (this) {
      all = readers();
      if (all != null) {
        extras().readers = null;
      }
    }
    if (all != null) {
      for (WeakReference<Storage> r : all) {
        Storage s = r.get();
        Pending source = s == null || s == abandoned ? null : s.pending();
        if (source != null) {
          source.compute();
        }
      }
    }
  }

  /// Gives up values that were never computed.
  void abandon() {
    Extras e = extras;
    if (e != null) {
      e.pending = null;
    }
  }

  /// Tells whether values that are pending are going to be computed from these.
  public synchronized boolean isReadLater() {
    List<WeakReference<Storage>> all = readers();
    if (all != null) {
      all.removeIf(Storage::isDone);
    }
    return all != null && !all.isEmpty();
  }

  /// Notes that the array leaves the library's hands.
  void expose() {
    exposed = true;
    aboutToWrite();
  }

  /// Notes that nobody but pending computations needs the values any more.
  void spend() {
    if (array == null) {
      return;
    }
    spent = isReadLater();
    if (!spent) {
      Recycler.give(this);
    }
  }

  /// Notes that a pending computation has read these values.
  public void readDone() {
    if (spent) {
      spend();
    }
  }

  /// Takes over the array of a storage that only `reader` needs; `null` if that is not certain.
  public @Nullable Object inherit(Storage reader) {
    synchronized (this) {
      if (!spent || exposed || array == null) {
        return null;
      }
      List<WeakReference<Storage>> all = readers();
      if (all != null) {
        for (WeakReference<Storage> r : all) {
          Storage s = r.get();
          if (s != null && s != reader && s.pending() != null) {
            return null;
          }
        }
      }
      Object a = array;
      array = null;
      return a;
    }
  }

  // --- scopes ----------------------------------------------------------------------------------

  /// Has `next` take the array back when it closes, instead of what would have; `null` for nothing.
  void belongTo(@Nullable TensorScope next) {
    scope = next;
    if (next != null) {
      next.add(this);
    }
  }

  /// Returns what takes the array back when it closes.
  @Nullable TensorScope scope() {
    return scope;
  }

  /// Tells whether the values went when a scope closed.
  boolean isExpired() {
    return array == null && spent;
  }

  /// Has computed what others than the storages of a scope are going to read from this.
  void settleReadersOutside(TensorScope closing) {
    List<WeakReference<Storage>> all;
    synchronized (this) {
      List<WeakReference<Storage>> known = readers();
      all = known == null ? List.of() : List.copyOf(known);
    }
    for (WeakReference<Storage> r : all) {
      Storage s = r.get();
      Pending source = s == null || s.scope == closing ? null : s.pending();
      if (source != null) {
        source.compute();
      }
    }
  }

  /// Gives the values up, computed or not, unless the program has their array in its hands.
  void expire() {
    scope = null;
    if (exposed) {
      return;
    }
    abandon();
    if (array != null) {
      Recycler.give(this);
      array = null;
    }
    spent = true;
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
    return length;
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
    Extras e = extras;
    if (e != null) {
      e.lastWriter = null;
    }
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
    extras().lastWriter = place == null ? writer : new Write(writer, place);
  }

  /// Returns which operation wrote last, and where in the program if that is known; `null` if
  /// nobody said.
  @Nullable String lastWrite() {
    Extras e = extras;
    Object last = e == null ? null : e.lastWriter;
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
