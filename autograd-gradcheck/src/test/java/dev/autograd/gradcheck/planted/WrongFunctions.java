package dev.autograd.gradcheck.planted;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.MultiFunction;
import dev.autograd.Tensor;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Operations with one mistake each, for the check of functions.
public final class WrongFunctions {
  private WrongFunctions() {}

  /// `y = x²`, backward `3 x g`.
  public record Bad() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].square();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0)).mul(3)};
    }
  }

  /// `y = x²`; the gradient of the last element is wrong by one in a hundred.
  public record LastElement() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].square();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor dx = g.mul(ctx.saved(0)).mul(2);
      int n = dx.numel();
      double[] factor = new double[n];
      Arrays.fill(factor, 1);
      factor[n - 1] = 1.01;
      return new Tensor[] {dx.mul(Tensor.of(factor))};
    }
  }

  /// `y = x`, with a relative error of a millionth in every other gradient.
  public record Jitter(AtomicInteger calls) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(1 + 1e-6 * (calls.incrementAndGet() % 2))};
    }
  }

  /// `(2 a, 3 a)`; backward fails where the gradient of an output is absent.
  public record RefusesAbsent() implements MultiFunction {
    @Override
    public Tensor[] forward(Context ctx, Tensor... in) {
      ctx.materializeGrads(false);
      return new Tensor[] {in[0].mul(2), in[0].mul(3)};
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
      Tensor first = g[0];
      Tensor second = g[1];
      if (first == null || second == null) {
        throw new IllegalStateException("a gradient is absent");
      }
      return new Tensor[] {first.mul(2).add(second.mul(3))};
    }
  }

  /// `(2 a, 3 a)`; an absent gradient is taken for ones.
  public record TakesAbsentForOnes() implements MultiFunction {
    @Override
    public Tensor[] forward(Context ctx, Tensor... in) {
      ctx.materializeGrads(false);
      return new Tensor[] {in[0].mul(2), in[0].mul(3)};
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
      return new Tensor[] {orOnes(ctx, g[0]).mul(2).add(orOnes(ctx, g[1]).mul(3))};
    }

    private static Tensor orOnes(Context ctx, @Nullable Tensor g) {
      return g == null ? Tensor.ones(ctx.inputShape(0), ctx.inputType(0)) : g;
    }
  }

  /// `y = 2 x`; the tangent is `3 v`.
  public record WrongTangent() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(2);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(2)};
    }

    @Override
    public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... v) {
      Tensor x = v[0];
      return x == null ? null : x.mul(3);
    }
  }

  /// `y = 2 x`; the tangent is right, the gradient is `3 g`.
  public record OnlyTangent() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(2);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(3)};
    }

    @Override
    public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... v) {
      Tensor x = v[0];
      return x == null ? null : x.mul(2);
    }
  }

  /// `y = a + b`; in the tangent an absent one is taken for ones.
  public record AbsentTangentIsOnes() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].add(in[1]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g, g};
    }

    @Override
    public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... v) {
      Tensor a = v[0];
      Tensor b = v[1];
      Tensor ones = Tensor.ones(ctx.inputShape(0), ctx.inputType(0));
      return (a == null ? ones : a).add(b == null ? ones.mul(0) : b);
    }
  }

  /// `y = 2 x`; backward looks at the numbers of its gradient, which a batch has many of.
  public record ReadsGradient() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(2);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.sum().item() == 0 ? g : g.mul(2)};
    }
  }

  /// `y = 2 x`; for a batch it is `3 x`.
  public record WrongBatch() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(2);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {new WrongBatch().apply(g)};
    }

    @Override
    public boolean linear() {
      return true;
    }

    @Override
    public @Nullable Tensor batched(Batch batch, Tensor... in) {
      return in[0].mul(3);
    }
  }

  /// `y = x³`; the tangent of its backward is cut off from `x`.
  public record CutTangent() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {new CutBackward().apply(g, ctx.saved(0))};
    }
  }

  /// `3 g x²`, the backward of the above.
  private record CutBackward() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return in[0].mul(in[1].square()).mul(3);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor x = ctx.saved(1);
      return new Tensor[] {g.mul(x.square()).mul(3), g.mul(ctx.saved(0)).mul(x).mul(6)};
    }

    @Override
    public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... v) {
      Tensor g = v[0];
      return g == null ? null : g.mul(ctx.saved(1).square()).mul(3);
    }
  }
}
