package dev.autograd.ops.shape;

import java.util.Arrays;

/// A fixed list of whole numbers, as attributes of operations need it: dimensions, sizes, amounts.
public final class Ints {
  /// The list of none.
  public static final Ints NONE = new Ints(new int[0]);

  private final int[] values;

  private Ints(int[] values) {
    this.values = values;
  }

  /// Makes a list of these values.
  public static Ints of(int... values) {
    return values.length == 0 ? NONE : new Ints(values.clone());
  }

  /// Returns how many values there are.
  public int size() {
    return values.length;
  }

  /// Tells whether there are none.
  public boolean isEmpty() {
    return values.length == 0;
  }

  /// Returns value `i`.
  public int get(int i) {
    return values[i];
  }

  /// Returns the values, a fresh array.
  public int[] toArray() {
    return values.clone();
  }

  /// Returns the values as longs, a fresh array.
  public long[] toLongs() {
    return Arrays.stream(values).asLongStream().toArray();
  }

  /// Returns these values after another one.
  public Ints after(int first) {
    int[] all = new int[values.length + 1];
    all[0] = first;
    System.arraycopy(values, 0, all, 1, values.length);
    return new Ints(all);
  }

  /// Returns these values before another one.
  public Ints before(int last) {
    int[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = last;
    return new Ints(all);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Ints other && Arrays.equals(values, other.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /// Returns the values as `[0, 2]`.
  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
