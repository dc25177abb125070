package dev.autograd.nn;

import dev.autograd.Tensor;

/// `y = x + f(x)`
public final class Residual extends Layer {
  private final Layer body;

  /// Makes a skip connection around `body`, which keeps the shape.
  public Residual(Layer body) {
    this.body = child("body", body);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.add(body.forward(x));
  }
}
