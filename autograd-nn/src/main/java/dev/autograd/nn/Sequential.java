package dev.autograd.nn;

import dev.autograd.Tensor;
import java.util.List;

/// Layers one after the other, named by their positions.
public final class Sequential extends Layer {
  private final List<Layer> layers;

  /// Makes a chain of layers.
  public Sequential(Layer... layers) {
    this(List.of(layers));
  }

  /// Makes a chain of layers.
  public Sequential(List<? extends Layer> layers) {
    this.layers = List.copyOf(layers);
    for (int i = 0; i < layers.size(); i++) {
      child(Integer.toString(i), layers.get(i));
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.forward(y);
    }
    return y;
  }
}
