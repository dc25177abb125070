package dev.autograd.onnx.eval;

import dev.autograd.Tensor;
import dev.autograd.ops.loss.CrossEntropy;
import dev.autograd.ops.loss.NllLoss;
import dev.autograd.ops.loss.Reduction;
import java.util.Locale;
import java.util.Map;

/// Losses of scores against classes.
final class LossImporters {
  // A class that no target can name, for nodes that ignore none.
  private static final long NONE = Long.MIN_VALUE;

  private LossImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put(
        "NegativeLogLikelihoodLoss",
        Importer.of(c -> NllLoss.nllLoss(c.in(0), c.in(1), c.orNull(2), ignored(c), reduction(c))));
    all.put(
        "SoftmaxCrossEntropyLoss",
        c -> {
          Tensor loss =
              CrossEntropy.crossEntropy(c.in(0), c.in(1), c.orNull(2), ignored(c), 0, reduction(c));
          return c.node().hasOutput(1)
              ? new Tensor[] {loss, c.in(0).logSoftmax(1)}
              : new Tensor[] {loss};
        });
  }

  private static long ignored(NodeCall c) {
    return c.node().intOr("ignore_index", NONE);
  }

  private static Reduction reduction(NodeCall c) {
    String name = c.node().stringOr("reduction", "mean");
    for (Reduction reduction : Reduction.values()) {
      if (reduction.name().toLowerCase(Locale.ROOT).equals(name)) {
        return reduction;
      }
    }
    throw c.refuse("reduction '" + name + "' is not evaluated");
  }
}
