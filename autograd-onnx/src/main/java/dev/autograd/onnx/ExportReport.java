package dev.autograd.onnx;

import java.nio.file.Path;
import java.util.List;

/// What an export wrote, and how well the file agrees with the model.
///
/// @param batchSizes those on which the file was compared with the model
/// @param largestDifference the greatest absolute difference found
public record ExportReport(
    Path file,
    int opset,
    int nodes,
    int initializers,
    List<Integer> batchSizes,
    double largestDifference) {
  public ExportReport {
    batchSizes = List.copyOf(batchSizes);
  }
}
