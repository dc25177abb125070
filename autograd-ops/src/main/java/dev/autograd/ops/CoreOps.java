package dev.autograd.ops;

import dev.autograd.Operation;
import dev.autograd.ops.activation.ActivationOps;
import dev.autograd.ops.arithmetic.ArithmeticOps;
import dev.autograd.ops.attention.AttentionOps;
import dev.autograd.ops.comparison.ComparisonOps;
import dev.autograd.ops.conv.ConvOps;
import dev.autograd.ops.elementary.ElementaryOps;
import dev.autograd.ops.index.IndexOps;
import dev.autograd.ops.linalg.LinalgOps;
import dev.autograd.ops.loss.LossOps;
import dev.autograd.ops.normalization.NormalizationOps;
import dev.autograd.ops.order.OrderOps;
import dev.autograd.ops.recurrent.RecurrentOps;
import dev.autograd.ops.reduction.ReductionOps;
import dev.autograd.ops.regularization.RegularizationOps;
import dev.autograd.ops.shape.ShapeOps;
import dev.autograd.ops.special.SpecialOps;
import dev.autograd.ops.trigonometry.TrigonometryOps;
import dev.autograd.spi.OpProvider;
import java.util.List;
import java.util.stream.Stream;

/// The plugin that brings the operation library: its families, one after the other.
public final class CoreOps implements OpProvider {
  /// Makes the provider.
  public CoreOps() {}

  @Override
  public String name() {
    return "autograd";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public List<Operation> operations() {
    return Stream.of(
            ArithmeticOps.all(),
            ElementaryOps.all(),
            TrigonometryOps.all(),
            SpecialOps.all(),
            ComparisonOps.all(),
            ActivationOps.all(),
            ShapeOps.all(),
            IndexOps.all(),
            ReductionOps.all(),
            OrderOps.all(),
            LinalgOps.all(),
            ConvOps.all(),
            NormalizationOps.all(),
            LossOps.all(),
            AttentionOps.all(),
            RecurrentOps.all(),
            RegularizationOps.all())
        .flatMap(List::stream)
        .toList();
  }
}
