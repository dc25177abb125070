package dev.autograd.onnx.trace;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds what constants of different sizes have in common.
final class Regular {
  private Regular() {}

  /// Elements `start`, `start + step`, ….
  record Counted(long start, long step) {}

  /// Returns the element that all the tensors are filled with, as a tensor of one; `null` where
  /// they hold different ones.
  static @Nullable OnnxTensor element(List<OnnxTensor> tensors) {
    OnnxTensor only = null;
    for (OnnxTensor tensor : tensors) {
      byte[] raw = raw(tensor);
      long n = tensor.size();
      if (n == 0) {
        return null;
      }
      int width = (int) (raw.length / n);
      for (int i = width; i < raw.length; i++) {
        if (raw[i] != raw[i - width]) {
          return null;
        }
      }
      OnnxTensor one =
          OnnxTensor.ofRaw(
              "", tensor.elementType(), new long[] {1}, ByteBuffer.wrap(raw, 0, width));
      if (only != null && !only.sameContents(one)) {
        return null;
      }
      only = one;
    }
    return only;
  }

  /// Returns how the vectors of i64 count, all the same; `null` where they do not.
  static @Nullable Counted counted(List<OnnxTensor> tensors) {
    Counted common = null;
    for (OnnxTensor tensor : tensors) {
      if (tensor.elementType() != ElementType.INT64
          || tensor.dims().length != 1
          || tensor.size() < 2) {
        return null;
      }
      long[] values = tensor.toLongs();
      Counted own = new Counted(values[0], values[1] - values[0]);
      long[] expected = new long[values.length];
      Arrays.setAll(expected, i -> own.start + i * own.step);
      if (own.step == 0
          || !Arrays.equals(values, expected)
          || (common != null && !common.equals(own))) {
        return null;
      }
      common = own;
    }
    return common;
  }

  private static byte[] raw(OnnxTensor tensor) {
    var out = new java.io.ByteArrayOutputStream();
    try {
      tensor.writeRaw(out);
    } catch (java.io.IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }
}
