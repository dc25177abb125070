package dev.autograd.nn;

import dev.autograd.Tensor;
import java.util.function.UnaryOperator;

/// A layer without parameters: any function of one tensor, such as an activation.
public final class Lambda extends Layer {
  private final String name;
  private final UnaryOperator<Tensor> function;

  /// Makes a layer of a function; `name` is how it prints.
  public Lambda(String name, UnaryOperator<Tensor> function) {
    this.name = name;
    this.function = function;
  }

  @Override
  public Tensor forward(Tensor x) {
    return function.apply(x);
  }

  @Override
  protected String describe() {
    return name;
  }
}
