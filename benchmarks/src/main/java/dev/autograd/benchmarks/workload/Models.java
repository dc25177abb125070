package dev.autograd.benchmarks.workload;

import static dev.autograd.ops.loss.CrossEntropy.crossEntropy;
import static dev.autograd.ops.loss.MseLoss.mseLoss;

import dev.autograd.Tensor;
import dev.autograd.nn.BatchNorm;
import dev.autograd.nn.Conv2d;
import dev.autograd.nn.Flatten;
import dev.autograd.nn.Lambda;
import dev.autograd.nn.Layer;
import dev.autograd.nn.Linear;
import dev.autograd.nn.Lstm;
import dev.autograd.nn.MaxPool2d;
import dev.autograd.nn.Sequential;
import dev.autograd.optim.Adam;
import dev.autograd.optim.Optimizer;
import dev.autograd.optim.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// W2, W3, W4, W7 and W9: training steps of small models.
final class Models {
  private Models() {}

  static Stream<Workload> all() {
    return Stream.of(
        Workload.millis("W2_mlp_b64", "ms/step", () -> mlp(64)),
        Workload.millis("W2_mlp_b512", "ms/step", () -> mlp(512)),
        Workload.millis("W3_lenet_b64", "ms/step", Models::lenet),
        Workload.millis("W4_transformer", "ms/step", () -> transformer(false)),
        Workload.millis("W4_transformer_sdpa", "ms/step", () -> transformer(true)),
        Workload.millis("W7_lstm", "ms/step", Models::lstm),
        Workload.millis("W9_resblock", "ms", Models::residualBlock));
  }

  /// W2: 784-512-256-10.
  static Training mlp(int batch) {
    Layer model =
        new Sequential(
            new Linear(784, 512), relu(), new Linear(512, 256), relu(), new Linear(256, 10));
    Tensor x = Tensor.randn(batch, 784);
    Tensor y = labels(batch);
    Optimizer optimizer = new Sgd(model.namedParameters(), 0.01, Sgd.Options.momentum(0.9));
    return new Training(optimizer, () -> crossEntropy(model.forward(x), y));
  }

  /// W3: two convolutions, two linear layers.
  static Training lenet() {
    Layer model =
        new Sequential(
            new Conv2d(1, 32, 3),
            relu(),
            new Conv2d(32, 64, 3),
            relu(),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(9216, 128),
            relu(),
            new Linear(128, 10));
    Tensor x = Tensor.randn(64, 1, 28, 28);
    Tensor y = labels(64);
    Optimizer optimizer = Adam.adam(model.namedParameters(), 1e-3, Adam.Options.DEFAULTS);
    return new Training(optimizer, () -> crossEntropy(model.forward(x), y));
  }

  /// W4: two pre-norm blocks.
  static Training transformer(boolean fused) {
    Layer model = new Sequential(new AttentionBlock(fused), new AttentionBlock(fused));
    Tensor x = Tensor.randn(8, 128, 256);
    Tensor y = Tensor.randn(8, 128, 256);
    Optimizer optimizer =
        Adam.adamW(model.namedParameters(), 1e-3, Adam.Options.DEFAULTS.withWeightDecay(0.01));
    return new Training(optimizer, () -> mseLoss(model.forward(x), y));
  }

  /// W7: one recurrent layer, classified by its last step.
  static Training lstm() {
    Layer model =
        new Layer() {
          private final Lstm recurrent = child("recurrent", new Lstm(64, 256));
          private final Linear output = child("output", new Linear(256, 10));

          @Override
          public Tensor forward(Tensor x) {
            return output.forward(recurrent.forward(x).select(0, -1));
          }
        };
    Tensor x = Tensor.randn(64, 32, 64);
    Tensor y = labels(32);
    Optimizer optimizer = Adam.adam(model.namedParameters(), 1e-3, Adam.Options.DEFAULTS);
    return new Training(optimizer, () -> crossEntropy(model.forward(x), y));
  }

  /// W9: two convolutions with batch normalisation and a way around them.
  static Runnable residualBlock() {
    Conv2d.Options unbiased = Conv2d.Options.DEFAULTS.withPadding(1).withoutBias();
    Layer branch =
        new Sequential(
            new Conv2d(64, 64, 3, unbiased),
            new BatchNorm(64),
            relu(),
            new Conv2d(64, 64, 3, unbiased),
            new BatchNorm(64));
    Tensor x = Tensor.randn(8, 64, 56, 56).requiresGrad(true);
    Tensor g = Tensor.randn(8, 64, 56, 56);
    List<Tensor> leaves = new ArrayList<>(branch.parameters());
    leaves.add(x);
    return Passes.forwardAndBackward(() -> branch.forward(x).add(x).relu(), g, leaves);
  }

  private static Layer relu() {
    return new Lambda("relu", Tensor::relu);
  }

  private static Tensor labels(int n) {
    long[] classes = new long[n];
    for (int i = 0; i < n; i++) {
      classes[i] = i * 7L % 10;
    }
    return Tensor.of(classes, n);
  }
}
