package com.example;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Operation;
import dev.autograd.Tensor;
import dev.autograd.spi.OpProvider;
import dev.autograd.spi.Samples;
import java.util.List;

/// `y = x³` with a mistake to be found: its backward says `2x² · g` where `3x² · g` is right.
///
/// A loss still falls with such a gradient, which is why it is easily missed without a checker.
public record WrongCube() implements Function {
  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    ctx.save(in[0]);
    return in[0].mul(in[0]).mul(in[0]);
  }

  @Override
  public Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {ctx.saved(0).square().mul(2).mul(g)};
  }

  @Override
  public void samples(Samples samples) {
    samples.add(this, samples.randn(2, 3));
    samples.add(this, samples.randn());
  }

  /// Brings the operation.
  public static final class Plugin implements OpProvider {
    @Override
    public String name() {
      return "wrong-gradient";
    }

    @Override
    public int apiVersion() {
      return API_VERSION;
    }

    @Override
    public List<Operation> operations() {
      return List.of(new WrongCube());
    }
  }
}
