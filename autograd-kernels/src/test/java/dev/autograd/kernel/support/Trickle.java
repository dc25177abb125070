package dev.autograd.kernel.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.Inflow;
import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// Elements that come only when they are asked for, and only once.
public final class Trickle implements Inflow {
  private final Object values;
  private final int offset;
  private final boolean kept;
  private final Object all;
  private final AtomicIntegerArray asked;

  /// Hides an array.
  ///
  /// @param kept whether the elements go to an array of all, or to each window's own
  public Trickle(Object values, int offset, boolean kept) {
    this.values = values;
    this.offset = offset;
    this.kept = kept;
    this.all = empty(Array.getLength(values));
    this.asked = new AtomicIntegerArray(Array.getLength(values));
  }

  private Object empty(int n) {
    Object array = Array.newInstance(values.getClass().getComponentType(), n);
    for (int i = 0; i < n; i++) {
      if (array instanceof float[] floats) {
        floats[i] = Float.NaN;
      } else {
        ((double[]) array)[i] = Double.NaN;
      }
    }
    return array;
  }

  @Override
  public Window window(int capacity) {
    Object array = kept ? all : empty(capacity);
    return new Window() {
      @Override
      public Object array() {
        return array;
      }

      @Override
      public int at(int from, int n, int slot) {
        for (int i = from; i < from + n; i++) {
          assertThat(asked.incrementAndGet(i)).as("times that element %d was asked for", i).isOne();
        }
        int to = kept ? from : slot;
        System.arraycopy(values, offset + from, array, to, n);
        return to;
      }
    };
  }
}
