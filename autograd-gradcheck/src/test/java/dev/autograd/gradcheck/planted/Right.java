package dev.autograd.gradcheck.planted;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.MultiFunction;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// Operations without a mistake, among them ones that a hasty checker would find fault with.
public final class Right {
  private Right() {}

  /// `y = x³`.
  public record Cube() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0).square()).mul(3)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2, 3));
      s.add(this, s.randn());
      s.add(this, s.randn(0, 2));
      s.add(this, s.randn(3, 2).transpose(0, 1));
    }
  }

  /// `y = x³`, whose backward computes with arrays.
  public record CubeOnce() implements Function {
    @Override
    public boolean onceDifferentiable() {
      return true;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor x = ctx.saved(0);
      double[] dx = g.toDoubleArray();
      double[] values = x.toDoubleArray();
      for (int i = 0; i < dx.length; i++) {
        dx[i] *= 3 * values[i] * values[i];
      }
      return new Tensor[] {Tensor.of(dx, x.shape().dims()).to(x.dtype())};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2, 3));
    }
  }

  /// `y = a · b`, broadcast; the engine sums the gradients, and only what is needed is computed.
  public record Product() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return in[0].mul(in[1]);
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new @Nullable Tensor[] {
        ctx.needs(0) ? g.mul(ctx.saved(1)) : null, ctx.needs(1) ? g.mul(ctx.saved(0)) : null
      };
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2, 3), s.randn(3));
      s.add(this, s.randn(2, 1), s.randn(1, 3));
      s.add(this, s.randn(), s.randn(2));
    }
  }

  /// `Y = A B`.
  public record Matmul() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return in[0].matmul(in[1]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {
        g.matmul(ctx.saved(1).transpose(0, 1)), ctx.saved(0).transpose(0, 1).matmul(g)
      };
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2, 3), s.randn(3, 4));
      s.add(this, s.randn(3, 3), s.randn(3, 3));
      s.add(this, s.randn(2, 0), s.randn(0, 2));
    }
  }

  /// `x` rounded to integers, which carries no gradient and comes first; and `x²`.
  public record RoundAndSquare() implements MultiFunction {
    @Override
    public Tensor[] forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      Tensor rounded = in[0].round();
      ctx.markNonDifferentiable(rounded);
      return new Tensor[] {rounded, in[0].square()};
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor... g) {
      return new Tensor[] {g[1].mul(ctx.saved(0)).mul(2)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(0.6, 1.4, 3));
    }
  }

  /// A cast; the gradient goes back as it came, and the engine gives it the input's type.
  public record Narrow() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].to(DType.F32).mul(2);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(2)};
    }

    @Override
    public void samples(Samples s) {
      // The values of single precision cannot be moved by little steps.
      s.add(this, new boolean[] {false}, s.randn(3));
    }
  }

  /// `y = x` where `x > 0`: no gradient, and none is asked for.
  public record Positive() implements Function {
    @Override
    public boolean differentiable() {
      return false;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].gt(0);
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      throw new AssertionError("a function that is not differentiable is not walked");
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3));
    }
  }

  /// `y = a + b` of equal shapes; refuses others.
  public record Refuses() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      if (!in[0].shape().equals(in[1].shape())) {
        throw new dev.autograd.AutogradException(
            dev.autograd.ErrorKind.SHAPE, "refuses: inputs must have the same shape");
      }
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
}
