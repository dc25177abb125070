package dev.autograd.spi;

/// The origin of values that are computed when somebody needs them.
@FunctionalInterface
public interface Pending {
  /// Computes the values and hands them to their storages by
  /// [dev.autograd.Storage#complete(Object)]; does nothing where that was done already, and may be
  /// called by several threads at once.
  void compute();
}
