package dev.autograd.gradcheck.planted;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;

/// Backwards that are right, and wrong when they are differentiated in turn.
public final class WrongOrders {
  private WrongOrders() {}

  /// `y = x³`; backward cuts its result off from `x`.
  public record Detached() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0).detach().square().mul(3))};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(0.5, 2, 3));
    }
  }

  /// `y = x³`; of `x·x` in the backward one factor is cut off, so that half of its derivative is
  /// missing.
  public record HalfDetached() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor x = ctx.saved(0);
      return new Tensor[] {g.mul(x.mul(x.detach()).mul(3))};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(0.5, 2, 3));
    }
  }

  /// `y = x²`; backward is cut off from the gradient that comes in.
  public record UpstreamDetached() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].square();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.detach().mul(ctx.saved(0)).mul(2)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(0.5, 2, 3));
    }
  }
}
