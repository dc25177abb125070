package dev.autograd.gradcheck.planted;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// Backwards of the right shape and type that say something wrong.
public final class WrongValues {
  private WrongValues() {}

  /// `y = sin x`; backward has the sign of `−cos x`.
  public record Sign() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].sin();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0).cos()).neg()};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(-1, 1, 2, 3));
    }
  }

  /// `y = x³`; backward says `2x²`.
  public record Constant() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0).square()).mul(2)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(0.5, 2, 4));
    }
  }

  /// `y = a + b`; the gradient of a `b` that was broadcast is the first row, not the sum of rows.
  public record Reduction() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].add(in[1]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g, g.select(0, 0)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3, 2), s.randn(2));
    }
  }

  /// `y = a · b`; each input gets the other's gradient.
  public record Swapped() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return in[0].mul(in[1]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0)), g.mul(ctx.saved(1))};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(1, 2, 3), s.uniform(3, 4, 3));
    }
  }

  /// `Y = A B`; `dB` is transposed, which square matrices let pass.
  public record Transposed() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return in[0].matmul(in[1]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor da = g.matmul(ctx.saved(1).transpose(0, 1));
      Tensor db = ctx.saved(0).transpose(0, 1).matmul(g);
      return new Tensor[] {da, db.transpose(0, 1)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3, 3), s.randn(3, 3));
    }
  }

  /// `y = x²`; backward is that of the sum, whatever gradient comes in.
  public record Upstream() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].square();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {ctx.saved(0).mul(2)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(0.5, 2, 2, 2));
    }
  }

  /// `y = a · b`; the gradient of `b` is forgotten.
  public record Forgotten() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[1]);
      return in[0].mul(in[1]);
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new @Nullable Tensor[] {g.mul(ctx.saved(0)), null};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(1, 2, 2), s.randn(2));
    }
  }

  /// `y = 2x`; one element of the gradient is off by a thousandth.
  public record OneElement() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(2);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      double[] factor = {2, 2, 2, 2, 2, 2.002};
      return new Tensor[] {g.mul(Tensor.of(factor, 2, 3))};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(2, 3));
    }
  }

  /// `y = a · b`; the gradient of `a` is right only where that of `b` is wanted too.
  public record Alone() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return in[0].mul(in[1]);
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new @Nullable Tensor[] {
        g.mul(ctx.saved(ctx.needs(1) ? 1 : 0)), ctx.needs(1) ? g.mul(ctx.saved(0)) : null
      };
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(1, 2, 2), s.uniform(3, 4, 2));
    }
  }

  /// `y = x²`; backward is wrong on six elements and more, which few samples have.
  public record LargeOnly() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].square();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor x = ctx.saved(0);
      return new Tensor[] {g.mul(x).mul(x.numel() < 6 ? 2 : 3)};
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(1, 2, s.size(0, 6)));
    }
  }
}
