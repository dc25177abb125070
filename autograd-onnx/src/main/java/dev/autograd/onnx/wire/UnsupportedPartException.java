package dev.autograd.onnx.wire;

/// Thrown where a well-formed model has a part that the model's values cannot hold.
public final class UnsupportedPartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedPartException(String message) {
    super(message);
  }
}
