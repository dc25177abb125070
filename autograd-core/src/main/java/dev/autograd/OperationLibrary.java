package dev.autograd;

import dev.autograd.spi.TensorOperations;
import java.util.Iterator;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the one implementation of [TensorOperations].
final class OperationLibrary {
  private static volatile @Nullable TensorOperations loaded;

  private OperationLibrary() {}

  /// Returns the library if a program has used it.
  static @Nullable TensorOperations loadedOrNull() {
    return loaded;
  }

  static TensorOperations load() {
    TensorOperations found = find();
    loaded = found;
    return found;
  }

  private static TensorOperations find() {
    // Inside containers the context loader sees the application; in plain programs both are the
    // same.
    return Stream.of(Thread.currentThread().getContextClassLoader(), Tensor.class.getClassLoader())
        .filter(Objects::nonNull)
        .distinct()
        .map(loader -> ServiceLoader.load(TensorOperations.class, loader).iterator())
        .filter(Iterator::hasNext)
        .map(Iterator::next)
        .findFirst()
        .orElseThrow(
            () ->
                new AutogradException(
                    ErrorKind.PLUGIN,
                    "autograd: no operation library was found. Add the module dev.autograd.ops"
                        + " (autograd-ops.jar) to the module path or the class path; when jars are"
                        + " merged, merge their META-INF/services too."));
  }
}
