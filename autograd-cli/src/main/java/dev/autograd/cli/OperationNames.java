package dev.autograd.cli;

import dev.autograd.spi.OpRegistry;
import dev.autograd.train.InputException;

/// Finds operations as the user names them.
final class OperationNames {
  private OperationNames() {}

  /// Returns the operation of this name.
  ///
  /// @throws InputException of kind USAGE, with the nearest name, when there is none
  static OpRegistry.Entry find(OpRegistry registry, String name) {
    OpRegistry.Entry entry = registry.find(name);
    if (entry == null) {
      throw InputException.usage("unknown operation '" + name + "'")
          .didYouMean(name, registry.entries().stream().map(OpRegistry.Entry::name).toList())
          .hint("'autograd ops' lists all; --plugin JAR adds those of a plugin.")
          .build();
    }
    return entry;
  }
}
