package dev.autograd.ops.regularization;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.Vmap;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.random.RandomFill;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// Drops elements at random and scales the others up, so that the expectation stays.
///
/// - **Formula** `y = x / (1 − p)` where the mask is true, 0 elsewhere; dx is the same of g, under
///   the same mask to every order
/// - **Shapes** `x, mask [*] → y [*]`
/// - **DType** f32, f64; mask bool
/// - **Smooth** everywhere
/// - **ONNX** Where, Mul, with the mask that was drawn
/// - **Saves** the mask
/// - **Source** Srivastava et al., JMLR 15 (2014), inverted scaling
///
/// @param p how likely an element is dropped, in `[0, 1]`
public record Dropout(double p) implements Function {
  /// A stream of random words of its own, so that masks and initial weights never share any.
  private static final long STREAM = 0x64726f70;

  /// Makes the operation that drops every second element.
  public Dropout() {
    this(0.5);
  }

  /// Checks the attribute.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if p is not in `[0, 1]`
  public Dropout {
    if (!(p >= 0 && p <= 1)) {
      throw Operands.argument("dropout: the probability must lie in [0, 1], got " + p);
    }
  }

  /// Returns `x` with elements dropped at random, drawn from the global generator.
  public static Tensor dropout(Tensor x, double p) {
    return dropout(x, p, Generator.global());
  }

  /// Returns `x` with elements dropped at random; 0 everywhere if p is 1.
  public static Tensor dropout(Tensor x, double p, Generator generator) {
    return new Dropout(p).apply(x, mask(x.shape(), p, generator));
  }

  /// Returns a mask that is true with probability `1 − p`, as many numbers taken as it has
  /// elements.
  public static Tensor mask(Shape shape, double p, Generator generator) {
    return Vmap.drawn(
        "dropout",
        shape,
        DType.BOOL,
        mask -> {
          int n = mask.numel();
          byte[] keep = mask.memory().bytes();
          RandomFill.bernoulli(generator.seed(), STREAM, generator.take(n), 1 - p, keep, 0, n);
        });
  }

  private double scale() {
    return p == 1 ? 0 : 1 / (1 - p);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.floating("dropout", in[0]);
    Operands.sameShape("dropout", "x", in[0], "mask", in[1]);
    if (in[1].dtype() != DType.BOOL) {
      throw new AutogradException(
          ErrorKind.DTYPE, "dropout: the mask must be bool, got " + in[1].dtype());
    }
    Tensor y = new Scaled(scale()).apply(in);
    if (ctx.needs(0)) {
      ctx.save(in[1]);
    }
    return y;
  }

  /// The elements, as a formula: part of the chain that they stand in, forward and backward.
  ///
  /// @param scale by what those are multiplied that are kept
  record Scaled(double scale) implements Pointwise.Binary {
    @Override
    public String name() {
      return "dropout_elements";
    }

    @Override
    public Expr formula(Expr x, Expr mask) {
      return Expr.select(mask, x.mul(Expr.param(0)), Expr.ZERO);
    }

    @Override
    public double[] params() {
      return new double[] {scale};
    }
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new @Nullable Tensor[] {apply(g, ctx.saved(0)), null};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return apply(batch.repeated(in));
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    return f.where(in[1], f.mul(in[0], scale()), graph.scalar(in[0].dtype(), 0));
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(3, 4), s.bools(3, 4));
    s.add(new Dropout(0.25), s.randn(4, 3).transpose(0, 1), s.bools(3, 4));
    s.add(new Dropout(0), s.randn(5), Tensor.ones(Shape.of(5), DType.BOOL));
    s.add(new Dropout(1), s.randn(5), Tensor.zeros(Shape.of(5), DType.BOOL));
    s.add(this, s.randn(), s.bools());
    s.add(this, s.randn(0, 2), s.bools(0, 2));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.bools(3));
  }
}
