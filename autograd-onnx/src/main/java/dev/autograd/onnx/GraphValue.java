package dev.autograd.onnx;

import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.ElementType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tensor in a graph under construction.
///
/// Its final name is chosen when the graph is complete.
public final class GraphValue {
  private final GraphBuilder owner;
  private final @Nullable PendingNode producer;
  private final String label;
  private final ElementType elementType;
  private final @Nullable List<Dim> dims;

  GraphValue(
      GraphBuilder owner,
      @Nullable PendingNode producer,
      String label,
      ElementType elementType,
      @Nullable List<Dim> dims) {
    this.owner = owner;
    this.producer = producer;
    this.label = label;
    this.elementType = elementType;
    this.dims = dims == null ? null : List.copyOf(dims);
  }

  /// Returns the element type, which is always known.
  public ElementType elementType() {
    return elementType;
  }

  /// Returns the sizes as far as they were declared, or null where nothing was.
  public @Nullable List<Dim> dims() {
    return dims;
  }

  GraphBuilder owner() {
    return owner;
  }

  /// The node that makes this value, or null for inputs and initializers.
  @Nullable PendingNode producer() {
    return producer;
  }

  /// The name this value would have if nothing else had it.
  String label() {
    return label;
  }

  @Override
  public String toString() {
    return "'" + label + "' " + elementType + (dims == null ? "" : dims);
  }
}
