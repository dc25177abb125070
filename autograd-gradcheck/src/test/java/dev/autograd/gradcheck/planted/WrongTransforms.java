package dev.autograd.gradcheck.planted;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// Right forwards and backwards with wrong rules for tangents and for batches.
public final class WrongTransforms {
  private WrongTransforms() {}

  /// `y = x³` and its backward, to which rules are added.
  public interface Cubes extends Function {
    @Override
    default Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    default @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(0).square()).mul(3)};
    }

    @Override
    default void samples(Samples s) {
      s.add(this, s.uniform(0.5, 2, 4));
    }
  }

  /// `y = a b` and its backward, to which rules are added.
  public interface Products extends Function {
    @Override
    default Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return in[0].mul(in[1]);
    }

    @Override
    default @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(1)), g.mul(ctx.saved(0))};
    }

    @Override
    default void samples(Samples s) {
      s.add(this, s.randn(3, 2), s.randn(2));
    }
  }

  // --- tangents --------------------------------------------------------------------------------

  /// The tangent has the factor 2 for 3.
  public record WrongTangent() implements Cubes {
    @Override
    public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
      Tensor v = tangents[0];
      return v == null ? null : v.mul(ctx.saved(0).square()).mul(2);
    }
  }

  /// The rule knows nothing of the second input's tangent.
  public record ForgottenTangent() implements Products {
    @Override
    public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
      Tensor v = tangents[0];
      return v == null ? null : v.mul(ctx.saved(1));
    }
  }

  /// The rule for each input is right, that for both leaves one out.
  public record OneTangentAtATime() implements Products {
    @Override
    public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
      Tensor a = tangents[0];
      Tensor b = tangents[1];
      return a != null ? a.mul(ctx.saved(1)) : b != null ? b.mul(ctx.saved(0)) : null;
    }
  }

  /// The tangent is that of the direction's magnitude.
  public record UnsignedTangent() implements Cubes {
    @Override
    public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
      Tensor v = tangents[0];
      return v == null ? null : v.abs().mul(ctx.saved(0).square()).mul(3);
    }
  }

  /// Says that cubes are linear.
  public record FalselyLinear() implements Cubes {
    @Override
    public boolean linear() {
      return true;
    }
  }

  /// Backward takes constants where nothing is recorded, and so loses the tangents of dual tensors.
  public record LostTangents() implements Cubes {
    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      Tensor x = GradMode.isEnabled() ? ctx.saved(0) : ctx.saved(0).detach();
      return new Tensor[] {g.mul(x.square()).mul(3)};
    }
  }

  // --- batches ---------------------------------------------------------------------------------

  /// The batch comes out last.
  public record BatchLast() implements Cubes {
    @Override
    public Tensor batched(Batch batch, Tensor... in) {
      return apply(in[0]).transpose(0, -1);
    }
  }

  /// As [BatchLast], where a sample has as many elements as there are samples.
  public record BatchLastOfTwo() implements Cubes {
    @Override
    public Tensor batched(Batch batch, Tensor... in) {
      return apply(in[0]).transpose(0, -1);
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.uniform(0.5, 2, 2));
    }
  }

  /// The sum of the first dimension, which in a batch is that of the samples.
  public record SumsTheBatch() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].sum(0);
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.expand(ctx.inputShape(0).dims())};
    }

    @Override
    public Tensor batched(Batch batch, Tensor... in) {
      return apply(in[0]);
    }

    @Override
    public void samples(Samples s) {
      s.add(this, s.randn(3, 4));
    }
  }

  /// Takes for all samples what the first one has as second input.
  public record FirstForAll() implements Products {
    @Override
    public Tensor batched(Batch batch, Tensor... in) {
      Tensor[] all = batch.repeated(in);
      return apply(all[0], all[1].select(0, 0));
    }
  }

  /// Pairs dimensions as if no input had the batch in front.
  public record Misaligned() implements Products {
    @Override
    public Tensor batched(Batch batch, Tensor... in) {
      return apply(in);
    }
  }

  /// The results of a batch are right, and cut off from the inputs.
  public record CutOffBatch() implements Cubes {
    @Override
    public Tensor batched(Batch batch, Tensor... in) {
      return apply(in).detach();
    }
  }

  /// The rule for batches has half precision, at best.
  public record CoarseBatch() implements Cubes {
    @Override
    public Tensor batched(Batch batch, Tensor... in) {
      return apply(in).mul(1 + 1e-8);
    }
  }
}
