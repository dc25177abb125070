package dev.autograd.onnx;

import java.util.List;
import java.util.stream.Collectors;

/// A model that cannot be exported as it is; nothing was written.
public final class OnnxExportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Unsupported> unsupported;

  /// An operation without an ONNX form.
  ///
  /// @param operation its name
  /// @param attributes the operation with its attributes
  /// @param source the line of the program that applied it
  public record Unsupported(String operation, String attributes, String source) {}

  /// Makes an exception of one mistake.
  public OnnxExportException(String message) {
    super(message);
    unsupported = List.of();
  }

  /// Makes an exception that names all operations without a form.
  public OnnxExportException(List<Unsupported> unsupported) {
    super(message(unsupported));
    this.unsupported = List.copyOf(unsupported);
  }

  /// Returns the operations without an ONNX form, none where another mistake was made.
  public List<Unsupported> unsupported() {
    return unsupported == null ? List.of() : unsupported;
  }

  private static String message(List<Unsupported> unsupported) {
    return unsupported.stream()
        .map(each -> "\n  " + each.operation() + " (" + each.attributes() + ") at " + each.source())
        .collect(
            Collectors.joining(
                "",
                "export: every operation must have an ONNX form, these have none:",
                "\nOverride onnx(OnnxGraph, Value...) in the operation, or write its forward with"
                    + " operations that have a form."));
  }
}
