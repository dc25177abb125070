package dev.autograd.kernel;

/// Elements that a kernel reads stretch by stretch, and that may be computed as it comes to them.
///
/// Every element is to be asked for exactly once: its value may take the place of what it is
/// computed from.
public interface Inflow {
  /// Returns a window for one thread.
  ///
  /// @param capacity how many elements the thread looks at together
  Window window(int capacity);

  /// Tells whether all elements lie in an array already, so that any stretch is there for free.
  default boolean isReady() {
    return false;
  }

  /// Returns the elements of an array from `offset` on.
  static Inflow of(Object array, int offset) {
    return new Ready(array, offset);
  }

  /// What one thread sees of the elements.
  interface Window {
    /// Returns the array that elements are found in.
    Object array();

    /// Returns the index in [#array] at which the elements `[from, from + n)` begin, once they are
    /// there.
    ///
    /// @param slot where in the window they go, if they are kept nowhere else; what was there goes
    int at(int from, int n, int slot);
  }

  /// Elements that are there.
  ///
  /// @param offset the index of the first
  record Ready(Object array, int offset) implements Inflow, Window {
    @Override
    public Window window(int capacity) {
      return this;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public int at(int from, int n, int slot) {
      return offset + from;
    }
  }
}
