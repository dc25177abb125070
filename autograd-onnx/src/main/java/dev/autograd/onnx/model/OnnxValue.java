package dev.autograd.onnx.model;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A named value of a graph and what is declared of it.
///
/// @param type the declared type, or null where nothing is declared, as nested graphs may leave it
public record OnnxValue(String name, @Nullable OnnxType type, String doc) {
  /// Declares a tensor.
  public static OnnxValue of(String name, ElementType elementType, List<Dim> dims) {
    return new OnnxValue(name, new OnnxType.Tensor(elementType, dims), "");
  }

  /// Declares a tensor of fixed size.
  public static OnnxValue of(String name, ElementType elementType, long... dims) {
    return of(name, elementType, Arrays.stream(dims).mapToObj(Dim::of).toList());
  }

  /// Returns the tensor's element type.
  ///
  /// @throws OnnxModelException if the value is not declared as a tensor
  public ElementType elementType() {
    return tensor().elementType();
  }

  /// Returns the tensor's dimensions, or null where the rank is unknown.
  ///
  /// @throws OnnxModelException if the value is not declared as a tensor
  public @Nullable List<Dim> dims() {
    return tensor().dims();
  }

  private OnnxType.Tensor tensor() {
    if (type instanceof OnnxType.Tensor tensor) {
      return tensor;
    }
    throw new OnnxModelException(
        "value '"
            + name
            + "' must be a tensor, it is declared as "
            + (type == null ? "nothing" : type));
  }
}
