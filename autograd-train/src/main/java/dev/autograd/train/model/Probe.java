package dev.autograd.train.model;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.nn.Layer;

/// A batch that no data is needed for, to find out shapes.
///
/// Its numbers are random, of their own generator: loops of a model that end when something grows
/// would not end on zeros.
final class Probe {
  /// How many samples it has: two, so that a model that confuses the batch with another dimension
  /// is found.
  static final int SIZE = 2;

  private Probe() {}

  static Tensor batch(ModelShape shape) {
    return Tensor.rand(Shape.of(shape.batch(SIZE)), DType.F32, new Generator(0));
  }

  /// Runs a layer in evaluation mode, without recording, and leaves no trace.
  static Tensor run(Layer layer, Tensor x) {
    Generator generator = Generator.global();
    long position = generator.position();
    layer.eval();
    try (var _ = GradMode.noGrad()) {
      return layer.forward(
          layer.dtype() == x.dtype() || !x.dtype().isFloating() ? x : x.to(layer.dtype()));
    } finally {
      layer.train(true);
      generator.position(position);
    }
  }
}
