package dev.autograd;

/// Undoes a registration.
@FunctionalInterface
public interface RemovableHandle extends AutoCloseable {
  /// Removes what was registered; does nothing the second time.
  void remove();

  @Override
  default void close() {
    remove();
  }
}
