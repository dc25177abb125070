package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.reduction.Norm;
import dev.autograd.ops.shape.Cast;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The cosine of the angle between vectors along a dimension.
///
/// - **Formula** `y = â · b̂` with `â = a / max(‖a‖, eps)`; `da = g (b̂ − y â) / ‖a‖`, and `g b̂ /
///   eps` where `‖a‖ ≤ eps`; `db` likewise
/// - **Shapes** `a, b: [.., n, ..] → y: [.., ..]`, broadcast
/// - **DType** f32, f64, promoted to one
/// - **Smooth** where no norm is `eps`; a zero vector has similarity 0 and a finite gradient
/// - **ONNX** ReduceL2 (13), Clip, Div, Mul, ReduceSum
/// - **Source** G. Salton, M. McGill, Introduction to modern information retrieval (1983) §4.1
///
/// @param dim the dimension of the broadcast shape; negative counts from the end
/// @param eps the least norm to divide by
public record CosineSimilarity(int dim, double eps) implements Function {

  /// Makes the prototype, which compares along the last dimension.
  public CosineSimilarity() {
    this(-1, 1e-8);
  }

  /// Checks `eps`.
  ///
  /// @throws AutogradException (`ARGUMENT`) if it is not positive
  public CosineSimilarity {
    if (!(eps > 0)) {
      throw Operands.argument("cosine_similarity: eps must be positive, got " + eps);
    }
  }

  /// Returns the similarity of `a` and `b` along `dim`, from −1 to 1.
  ///
  /// @throws AutogradException (`SHAPE`) if they do not broadcast, (`INDEX`) if there is no such
  ///   dimension, (`DTYPE`) if they are not floating
  public static Tensor cosineSimilarity(Tensor a, Tensor b, int dim) {
    return new CosineSimilarity(dim, 1e-8).apply(Operands.promoted("cosine_similarity", a, b));
  }

  /// A vector in the direction of another, and what that was divided by.
  private record Direction(Tensor unit, Tensor norm, Tensor divisor) {}

  private Direction direction(Tensor x, Shape shape) {
    Tensor all = x.shape().equals(shape) ? x : x.expand(shape.dims());
    Tensor norm = Norm.norm(all, 2, new int[] {dim}, true);
    Tensor divisor = norm.clampMin(eps);
    return new Direction(all.div(divisor), norm, divisor);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.floating("cosine_similarity", in);
    Shape shape = Shape.broadcast("cosine_similarity", in[0].shape(), in[1].shape());
    shape.axis("cosine_similarity", dim);
    if (ctx.needs(0) || ctx.needs(1)) {
      ctx.save(in[0], in[1]);
    }
    Tensor a = direction(in[0], shape).unit();
    Tensor b = direction(in[1], shape).unit();
    return a.mul(b).sum(new int[] {dim}, false);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape shape = Shape.broadcast("cosine_similarity", ctx.inputShape(0), ctx.inputShape(1));
    Direction a = direction(ctx.saved(0), shape);
    Direction b = direction(ctx.saved(1), shape);
    Tensor y = a.unit().mul(b.unit()).sum(new int[] {dim}, true);
    Tensor kept = shape.rank() == 0 ? g : g.unsqueeze(dim);
    return new @Nullable Tensor[] {
      ctx.needs(0) ? gradient(kept, a, b, y) : null, ctx.needs(1) ? gradient(kept, b, a, y) : null
    };
  }

  private Tensor gradient(Tensor g, Direction own, Direction other, Tensor y) {
    // Where the divisor is eps it does not follow the vector.
    Tensor follows = Cast.cast(own.norm().detach().gt(eps), g.dtype());
    return other.unit().sub(own.unit().mul(y).mul(follows)).mul(g.div(own.divisor()));
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Shape sample =
        Shape.broadcast(
            "cosine_similarity",
            batch.has(0) ? Batch.sampleShape(in[0]) : in[0].shape(),
            batch.has(1) ? Batch.sampleShape(in[1]) : in[1].shape());
    int axis = sample.axis("cosine_similarity", dim) + 1;
    Tensor[] all = batch.aligned(in);
    for (int i = 0; i < all.length && sample.rank() == 0; i++) {
      all[i] = all[i].unsqueeze(-1);
    }
    return new CosineSimilarity(axis, eps).apply(all);
  }

  @Override
  public void samples(Samples s) {
    s.add(new CosineSimilarity(), s.randn(2, 3), s.randn(2, 3));
    s.add(new CosineSimilarity(0, 1e-8), s.randn(3), s.randn(3));
    s.add(new CosineSimilarity(1, 1e-3), s.randn(2, 3, 2).transpose(1, 2), s.randn(2, 1));
    s.add(new CosineSimilarity(-1, 10), s.randn(2, 3), s.randn(2, 3));
    s.add(new CosineSimilarity(), s.uniform(1, 2), s.uniform(1, 2));
    s.add(new CosineSimilarity(), s.randn(0, 2), s.randn(0, 2));
    s.add(new CosineSimilarity(), s.randn(2, 0), s.randn(2, 0));
    s.reject(new CosineSimilarity(), "broadcast", s.randn(2), s.randn(3));
    s.reject(new CosineSimilarity(2, 1e-8), "dimension must lie in", s.randn(2), s.randn(2));
  }
}
