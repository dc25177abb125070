package dev.autograd.onnx.eval;

import dev.autograd.Tensor;
import dev.autograd.ops.shape.Pad;
import java.util.Map;

/// Borders around tensors.
final class PaddingImporters {
  private PaddingImporters() {}

  /// Finds the element that a place outside `[0, n)` repeats.
  private interface Fold {
    long source(long place, long n);
  }

  static void addTo(Map<String, Importer> all) {
    all.put("Pad", Importer.of(PaddingImporters::pad));
  }

  private static Tensor pad(NodeCall c) {
    Tensor x = c.in(0);
    long[] pads = c.in(1).toLongArray();
    int[] axes = new int[pads.length / 2];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = c.has(3) ? x.shape().axis("Pad", (int) c.in(3).toLongArray()[i]) : i;
    }
    String mode = c.node().stringOr("mode", "constant");
    return switch (mode) {
      case "constant" -> constant(x, axes, pads, c.has(2) ? c.in(2).item() : 0);
      case "edge" -> folded(x, axes, pads, (place, n) -> Math.clamp(place, 0, n - 1));
      case "reflect" -> folded(x, axes, pads, PaddingImporters::reflected);
      case "wrap" -> folded(x, axes, pads, Math::floorMod);
      default -> throw c.refuse("mode '" + mode + "' is not evaluated");
    };
  }

  private static Tensor constant(Tensor x, int[] axes, long[] pads, double value) {
    if (x.rank() == 0) {
      return x;
    }
    int[] padding = new int[2 * x.rank()];
    for (int i = 0; i < axes.length; i++) {
      int fromLast = x.rank() - 1 - axes[i];
      padding[2 * fromLast] = Math.toIntExact(pads[i]);
      padding[2 * fromLast + 1] = Math.toIntExact(pads[axes.length + i]);
    }
    return Pad.pad(x, padding, value);
  }

  private static long reflected(long place, long n) {
    if (n == 1) {
      return 0;
    }
    long period = 2 * (n - 1);
    long at = Math.floorMod(place, period);
    return at < n ? at : period - at;
  }

  private static Tensor folded(Tensor x, int[] axes, long[] pads, Fold fold) {
    Tensor y = x;
    for (int i = 0; i < axes.length; i++) {
      long n = y.size(axes[i]);
      long low = pads[i];
      long[] at = new long[Math.toIntExact(low + n + pads[axes.length + i])];
      for (int k = 0; k < at.length; k++) {
        at[k] = fold.source(k - low, n);
      }
      y = y.indexSelect(axes[i], NodeCall.vector(at));
    }
    return y;
  }
}
