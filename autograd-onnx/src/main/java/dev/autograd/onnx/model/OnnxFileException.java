package dev.autograd.onnx.model;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Thrown where a file cannot be read or written as an ONNX model.
public final class OnnxFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /// What is wrong.
  public enum Problem {
    /// No file stands there.
    NOT_FOUND,
    /// A folder or a device stands there.
    NOT_A_FILE,
    /// The file has no bytes.
    EMPTY,
    /// The file ends in the middle of the model.
    TRUNCATED,
    /// The bytes are no ONNX model.
    NOT_ONNX,
    /// The bytes are an ONNX model that breaks a rule of the format.
    MALFORMED,
    /// The version of the format or of the operators is not known.
    UNSUPPORTED_VERSION,
    /// The model has a part that this library does not read.
    UNSUPPORTED_PART,
    /// A file of weights beside the model is missing, too short or changed.
    EXTERNAL_DATA,
    /// The model does not fit in one file.
    TOO_LARGE
  }

  private final transient Path file;
  private final Problem problem;

  /// Makes an exception. The message begins with the file.
  public OnnxFileException(Path file, Problem problem, String message, @Nullable Throwable cause) {
    super(file + ": " + message, cause);
    this.file = file;
    this.problem = problem;
  }

  /// Returns the file.
  public Path file() {
    return file;
  }

  /// Returns what is wrong.
  public Problem problem() {
    return problem;
  }
}
