package dev.autograd.cli;

import static dev.autograd.ops.attention.ScaledDotProductAttention.scaledDotProductAttention;
import static dev.autograd.ops.conv.Conv2d.conv2d;
import static dev.autograd.ops.conv.MaxPool2d.maxPool2d;

import dev.autograd.DType;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.KernelForms;
import dev.autograd.kernel.KernelForms.Form;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Computes a little with every family of kernels that has a vector form, until all have gone over
/// to it.
final class KernelTrial {
  private static final long PAUSE_MILLIS = 20;

  private KernelTrial() {}

  /// Returns the forms once none may change any more, or after the time.
  static Map<String, Form> run(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      compute();
      Map<String, Form> now = KernelForms.now();
      if (settled(now) || System.nanoTime() >= end) {
        return now;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return now;
      }
    }
  }

  private static boolean settled(Map<String, Form> forms) {
    return !forms.containsValue(Form.WARMING) && !forms.containsValue(Form.UNUSED);
  }

  private static void compute() {
    try (var _ = GradMode.noGrad()) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        Tensor x = Tensor.ones(Shape.of(1, 16, 16, 16), dtype);
        Tensor rows = x.reshape(64, 64);
        rows.matmul(rows);
        rows.softmax(-1);
        rows.sum();
        scaledDotProductAttention(rows, rows, rows);
        for (int filters : new int[] {16, 32}) {
          conv2d(x, Tensor.ones(Shape.of(filters, 16, 3, 3), dtype));
        }
        maxPool2d(x, 2);
      }
    }
  }
}
