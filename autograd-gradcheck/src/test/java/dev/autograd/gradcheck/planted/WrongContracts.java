package dev.autograd.gradcheck.planted;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.MultiFunction;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import java.util.concurrent.atomic.AtomicInteger;

/// Operations that break other rules than those of calculus.
public final class WrongContracts {
  private WrongContracts() {}

  /// `y = x`, with another last bit in every gradient.
  public record UnstableBackward(AtomicInteger calls) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(1 + calls.incrementAndGet() * Math.ulp(1.0))};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3));
    }
  }

  /// `y = x`, with another last bit in every result.
  public record UnstableForward(AtomicInteger calls) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(1 + calls.incrementAndGet() * Math.ulp(1.0));
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3));
    }
  }

  /// `y = Σ a · b`; the gradient of `b` has a shape that `b` does not broadcast to.
  public record WrongShape() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return in[0].mul(in[1]).sum();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(1)), g.mul(ctx.saved(0)).sum()};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2, 3), s.randn(2, 3));
    }
  }

  /// `y = x²`; backward computes in single precision, whatever the input's type.
  public record WrongType() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].square();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0)).mul(2).to(DType.F32)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2));
    }
  }

  /// Backward returns one gradient too few.
  public record WrongCount() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].add(in[1]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2), s.randn(2));
    }
  }

  /// `y = a + 2b`; forward doubles `b` where it lies.
  public record WritesInput() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].add(in[1].mul_(2));
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g, g.mul(2)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2), s.uniform(1, 2, 2));
    }
  }

  /// `y = x`; forward writes into the array past the versions.
  public record WritesArray() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      Tensor y = in[0].clone();
      if (in[0].dtype() == DType.F64) {
        in[0].detach().storage().doubles()[1] = 7;
      }
      return y;
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3));
    }
  }

  /// `y = x`; forward writes back what was there, which a graph that saved `x` must refuse.
  public record WritesSame() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul_(1).clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3));
    }
  }

  /// `y = 2x`; backward doubles the gradient that came in where it lies.
  public record WritesUpstream() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(2);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      try (var _ = GradMode.noGrad()) {
        return new Tensor[] {g.mul_(2)};
      }
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3));
    }
  }

  /// `y = x²`; backward writes into what forward saved.
  public record WritesSaved() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.keep(in[0].detach());
      return in[0].square();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor x = ctx.kept(Tensor.class);
      Tensor dx = g.mul(x).mul(2);
      try (var _ = GradMode.noGrad()) {
        x.mul_(2);
      }
      return new Tensor[] {dx};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(1, 2, 2));
    }
  }

  /// `y = x²`, said to carry no gradient.
  public record HiddenOutput() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      Tensor y = in[0].square();
      ctx.markNonDifferentiable(y);
      return y;
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      throw new AssertionError("an output without gradient is not walked");
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(1, 2, 2));
    }
  }

  /// `y = x², z = x³`; the gradient of `z` is left out.
  public record ForgottenOutput() implements MultiFunction {
    @Override
    public Tensor[] forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return new Tensor[] {in[0].square(), in[0].mul(in[0]).mul(in[0])};
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor... g) {
      return new Tensor[] {g[0].mul(ctx.saved(0)).mul(2)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(1, 2, 2));
    }
  }

  /// `y = x²` in double precision, and a hundredth more in single.
  public record SinglePrecision() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].square().mul(in[0].dtype() == DType.F32 ? 1.01 : 1);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0)).mul(2)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(1, 2, 2));
    }
  }

  /// Backward fails.
  public record Fails() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      throw new IllegalStateException("the backward's own words");
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3));
    }
  }

  /// Takes what it says it refuses.
  public record Accepts() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].add(in[1]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g, g};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3), s.randn(3));
      s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3));
    }
  }

  /// Brings samples of which none has an element.
  public record EmptySamples() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(1);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(7)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(0, 2));
    }
  }

  /// Brings nothing to compare.
  public record NoSamples() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }
  }
}
