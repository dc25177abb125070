package dev.autograd.onnx;

/// An exported file that does not compute what the model does; it was deleted.
public final class OnnxVerificationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final double largestDifference;
  private final String place;

  /// Makes an exception.
  ///
  /// @param place the batch size and index of the difference
  public OnnxVerificationException(String message, double largestDifference, String place) {
    super(message);
    this.largestDifference = largestDifference;
    this.place = place;
  }

  /// Returns the greatest absolute difference, NaN where shapes or types differ.
  public double largestDifference() {
    return largestDifference;
  }

  /// Returns where it is.
  public String place() {
    return place;
  }
}
