package dev.autograd.onnx;

/// How a model is exported.
///
/// @param opset the version of ONNX's operators to write
/// @param atol the absolute difference that the check of the file allows
/// @param rtol the difference allowed relative to the model's own result
/// @param seed of the random inputs that the model is traced and checked on
/// @param name the graph's name
public record ExportOptions(int opset, double atol, double rtol, long seed, String name) {
  /// Opset 17, differences of 1e-5 and 1e-4 of the result.
  public static final ExportOptions DEFAULTS = new ExportOptions(17, 1e-5, 1e-4, 0, "model");
}
