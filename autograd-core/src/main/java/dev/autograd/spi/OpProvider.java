package dev.autograd.spi;

import dev.autograd.Operation;
import java.util.List;

/// A plugin: brings operations, and is found through `java.util.ServiceLoader`.
///
/// ```java
/// public final class MyOps implements OpProvider {
///   public String name() { return "my-ops"; }
///   public int apiVersion() { return API_VERSION; }
///   public List<Operation> operations() { return List.of(new Squareplus()); }
/// }
/// ```
///
/// Name the class in `META-INF/services/dev.autograd.spi.OpProvider`, in a module also as
/// `provides`.
public interface OpProvider {
  /// The version of this interface. A plugin returns it from [#apiVersion]; as a constant it is
  /// copied into the plugin when that is compiled, and so tells what it was compiled against.
  int API_VERSION = 1;

  /// Returns the plugin's name, as listed by tools.
  String name();

  /// Returns [#API_VERSION].
  int apiVersion();

  /// Returns one prototype of each operation, with default attributes.
  List<Operation> operations();
}
