package dev.autograd.ops;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;
import dev.autograd.ops.activation.Elu;
import dev.autograd.ops.activation.Gelu;
import dev.autograd.ops.activation.LeakyRelu;
import dev.autograd.ops.activation.Relu;
import dev.autograd.ops.activation.Sigmoid;
import dev.autograd.ops.activation.Silu;
import dev.autograd.ops.activation.Softplus;
import dev.autograd.ops.activation.Tanh;
import dev.autograd.ops.arithmetic.Abs;
import dev.autograd.ops.arithmetic.Add;
import dev.autograd.ops.arithmetic.AddScalar;
import dev.autograd.ops.arithmetic.Ceil;
import dev.autograd.ops.arithmetic.Clamp;
import dev.autograd.ops.arithmetic.Div;
import dev.autograd.ops.arithmetic.DivScalar;
import dev.autograd.ops.arithmetic.Floor;
import dev.autograd.ops.arithmetic.Lerp;
import dev.autograd.ops.arithmetic.Maximum;
import dev.autograd.ops.arithmetic.Minimum;
import dev.autograd.ops.arithmetic.Mul;
import dev.autograd.ops.arithmetic.MulScalar;
import dev.autograd.ops.arithmetic.Neg;
import dev.autograd.ops.arithmetic.Remainder;
import dev.autograd.ops.arithmetic.Round;
import dev.autograd.ops.arithmetic.RsubScalar;
import dev.autograd.ops.arithmetic.Sign;
import dev.autograd.ops.arithmetic.Sub;
import dev.autograd.ops.arithmetic.SubScalar;
import dev.autograd.ops.arithmetic.Trunc;
import dev.autograd.ops.comparison.Eq;
import dev.autograd.ops.comparison.EqScalar;
import dev.autograd.ops.comparison.Ge;
import dev.autograd.ops.comparison.GeScalar;
import dev.autograd.ops.comparison.Gt;
import dev.autograd.ops.comparison.GtScalar;
import dev.autograd.ops.comparison.IsNan;
import dev.autograd.ops.comparison.Le;
import dev.autograd.ops.comparison.LeScalar;
import dev.autograd.ops.comparison.LogicalAnd;
import dev.autograd.ops.comparison.LogicalNot;
import dev.autograd.ops.comparison.LogicalOr;
import dev.autograd.ops.comparison.Lt;
import dev.autograd.ops.comparison.LtScalar;
import dev.autograd.ops.comparison.MaskedFill;
import dev.autograd.ops.comparison.Ne;
import dev.autograd.ops.comparison.NeScalar;
import dev.autograd.ops.comparison.Where;
import dev.autograd.ops.elementary.Erf;
import dev.autograd.ops.elementary.Exp;
import dev.autograd.ops.elementary.Expm1;
import dev.autograd.ops.elementary.Log;
import dev.autograd.ops.elementary.Log1p;
import dev.autograd.ops.elementary.Pow;
import dev.autograd.ops.elementary.PowScalar;
import dev.autograd.ops.elementary.Reciprocal;
import dev.autograd.ops.elementary.Rsqrt;
import dev.autograd.ops.elementary.Sqrt;
import dev.autograd.ops.elementary.Square;
import dev.autograd.ops.index.Gather;
import dev.autograd.ops.index.IndexSelect;
import dev.autograd.ops.index.Scatter;
import dev.autograd.ops.index.ScatterAdd;
import dev.autograd.ops.linalg.Matmul;
import dev.autograd.ops.linalg.Outer;
import dev.autograd.ops.normalization.LogSoftmax;
import dev.autograd.ops.normalization.Softmax;
import dev.autograd.ops.random.CopyInto;
import dev.autograd.ops.random.Fill;
import dev.autograd.ops.random.RandomFill;
import dev.autograd.ops.reduction.All;
import dev.autograd.ops.reduction.Amax;
import dev.autograd.ops.reduction.Amin;
import dev.autograd.ops.reduction.Any;
import dev.autograd.ops.reduction.Argmax;
import dev.autograd.ops.reduction.Argmin;
import dev.autograd.ops.reduction.Cumsum;
import dev.autograd.ops.reduction.Logsumexp;
import dev.autograd.ops.reduction.MaxDim;
import dev.autograd.ops.reduction.Mean;
import dev.autograd.ops.reduction.MinDim;
import dev.autograd.ops.reduction.Norm;
import dev.autograd.ops.reduction.Prod;
import dev.autograd.ops.reduction.Std;
import dev.autograd.ops.reduction.Sum;
import dev.autograd.ops.reduction.SumTo;
import dev.autograd.ops.reduction.Var;
import dev.autograd.ops.shape.Cast;
import dev.autograd.ops.shape.Cat;
import dev.autograd.ops.shape.Copy;
import dev.autograd.ops.shape.Expand;
import dev.autograd.ops.shape.Flip;
import dev.autograd.ops.shape.Permute;
import dev.autograd.ops.shape.Repeat;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.ops.shape.Select;
import dev.autograd.ops.shape.Slice;
import dev.autograd.ops.shape.Split;
import dev.autograd.ops.shape.Squeeze;
import dev.autograd.ops.shape.Stack;
import dev.autograd.ops.shape.Tril;
import dev.autograd.ops.shape.Triu;
import dev.autograd.ops.shape.Unbind;
import dev.autograd.ops.shape.Unsqueeze;
import dev.autograd.ops.trigonometry.Cos;
import dev.autograd.ops.trigonometry.Sin;
import dev.autograd.spi.TensorOperations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operations behind the fluent methods of a tensor: each is a static method in a room of its
/// own.
///
/// Found through `java.util.ServiceLoader`; nobody else makes one.
public final class Operations implements TensorOperations {
  /// Makes the provider.
  public Operations() {}

  // --- needed by the engine
  // ------------------------------------------------------------------------

  @Override
  public boolean releasesGradients(Class<?> operation) {
    return operation.getModule() == Operations.class.getModule()
        && operation.getPackageName().startsWith(Operations.class.getPackageName());
  }

  @Override
  public Tensor sumTo(Tensor x, Shape shape) {
    return SumTo.sumTo(x, shape);
  }

  @Override
  public Tensor cast(Tensor x, DType dtype) {
    return Cast.cast(x, dtype);
  }

  @Override
  public Tensor copy(Tensor x) {
    return Copy.copy(x);
  }

  @Override
  public void copyInto(Tensor source, Tensor target) {
    CopyInto.copy(source, target);
  }

  @Override
  public void fillInto(double value, Tensor target) {
    Fill.fill(value, target);
  }

  @Override
  public void uniformInto(Tensor target, double low, double high, Generator generator) {
    RandomFill.uniform(target, low, high, generator);
  }

  @Override
  public void normalInto(Tensor target, double mean, double std, Generator generator) {
    RandomFill.normal(target, mean, std, generator);
  }

  @Override
  public Tensor permutation(int n, Generator generator) {
    return RandomFill.permutation(n, generator);
  }

  // --- arithmetic
  // ----------------------------------------------------------------------------------

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return Add.add(a, b);
  }

  @Override
  public Tensor add(Tensor a, double b) {
    return AddScalar.add(a, b);
  }

  @Override
  public Tensor sub(Tensor a, Tensor b) {
    return Sub.sub(a, b);
  }

  @Override
  public Tensor sub(Tensor a, double b) {
    return SubScalar.sub(a, b);
  }

  @Override
  public Tensor rsub(Tensor a, double b) {
    return RsubScalar.rsub(a, b);
  }

  @Override
  public Tensor mul(Tensor a, Tensor b) {
    return Mul.mul(a, b);
  }

  @Override
  public Tensor mul(Tensor a, double b) {
    return MulScalar.mul(a, b);
  }

  @Override
  public Tensor div(Tensor a, Tensor b) {
    return Div.div(a, b);
  }

  @Override
  public Tensor div(Tensor a, double b) {
    return DivScalar.div(a, b);
  }

  @Override
  public Tensor remainder(Tensor a, Tensor b) {
    return Remainder.remainder(a, b);
  }

  @Override
  public Tensor neg(Tensor x) {
    return Neg.neg(x);
  }

  @Override
  public Tensor pow(Tensor x, double exponent) {
    return PowScalar.pow(x, exponent);
  }

  @Override
  public Tensor pow(Tensor x, Tensor exponent) {
    return Pow.pow(x, exponent);
  }

  @Override
  public Tensor square(Tensor x) {
    return Square.square(x);
  }

  @Override
  public Tensor reciprocal(Tensor x) {
    return Reciprocal.reciprocal(x);
  }

  @Override
  public Tensor sqrt(Tensor x) {
    return Sqrt.sqrt(x);
  }

  @Override
  public Tensor rsqrt(Tensor x) {
    return Rsqrt.rsqrt(x);
  }

  @Override
  public Tensor exp(Tensor x) {
    return Exp.exp(x);
  }

  @Override
  public Tensor expm1(Tensor x) {
    return Expm1.expm1(x);
  }

  @Override
  public Tensor log(Tensor x) {
    return Log.log(x);
  }

  @Override
  public Tensor log1p(Tensor x) {
    return Log1p.log1p(x);
  }

  @Override
  public Tensor sin(Tensor x) {
    return Sin.sin(x);
  }

  @Override
  public Tensor cos(Tensor x) {
    return Cos.cos(x);
  }

  @Override
  public Tensor erf(Tensor x) {
    return Erf.erf(x);
  }

  @Override
  public Tensor abs(Tensor x) {
    return Abs.abs(x);
  }

  @Override
  public Tensor sign(Tensor x) {
    return Sign.sign(x);
  }

  @Override
  public Tensor floor(Tensor x) {
    return Floor.floor(x);
  }

  @Override
  public Tensor ceil(Tensor x) {
    return Ceil.ceil(x);
  }

  @Override
  public Tensor round(Tensor x) {
    return Round.round(x);
  }

  @Override
  public Tensor trunc(Tensor x) {
    return Trunc.trunc(x);
  }

  @Override
  public Tensor maximum(Tensor a, Tensor b) {
    return Maximum.maximum(a, b);
  }

  @Override
  public Tensor minimum(Tensor a, Tensor b) {
    return Minimum.minimum(a, b);
  }

  @Override
  public Tensor clamp(Tensor x, double low, double high) {
    return Clamp.clamp(x, low, high);
  }

  @Override
  public Tensor lerp(Tensor a, Tensor b, double weight) {
    return Lerp.lerp(a, b, weight);
  }

  // --- comparison and selection
  // --------------------------------------------------------------------

  @Override
  public Tensor eq(Tensor a, Tensor b) {
    return Eq.eq(a, b);
  }

  @Override
  public Tensor ne(Tensor a, Tensor b) {
    return Ne.ne(a, b);
  }

  @Override
  public Tensor lt(Tensor a, Tensor b) {
    return Lt.lt(a, b);
  }

  @Override
  public Tensor le(Tensor a, Tensor b) {
    return Le.le(a, b);
  }

  @Override
  public Tensor gt(Tensor a, Tensor b) {
    return Gt.gt(a, b);
  }

  @Override
  public Tensor ge(Tensor a, Tensor b) {
    return Ge.ge(a, b);
  }

  @Override
  public Tensor eq(Tensor a, double b) {
    return EqScalar.eq(a, b);
  }

  @Override
  public Tensor ne(Tensor a, double b) {
    return NeScalar.ne(a, b);
  }

  @Override
  public Tensor lt(Tensor a, double b) {
    return LtScalar.lt(a, b);
  }

  @Override
  public Tensor le(Tensor a, double b) {
    return LeScalar.le(a, b);
  }

  @Override
  public Tensor gt(Tensor a, double b) {
    return GtScalar.gt(a, b);
  }

  @Override
  public Tensor ge(Tensor a, double b) {
    return GeScalar.ge(a, b);
  }

  @Override
  public Tensor isNan(Tensor x) {
    return IsNan.isNan(x);
  }

  @Override
  public Tensor logicalAnd(Tensor a, Tensor b) {
    return LogicalAnd.logicalAnd(a, b);
  }

  @Override
  public Tensor logicalOr(Tensor a, Tensor b) {
    return LogicalOr.logicalOr(a, b);
  }

  @Override
  public Tensor logicalNot(Tensor x) {
    return LogicalNot.logicalNot(x);
  }

  @Override
  public Tensor where(Tensor condition, Tensor a, Tensor b) {
    return Where.where(condition, a, b);
  }

  @Override
  public Tensor maskedFill(Tensor x, Tensor mask, double value) {
    return MaskedFill.maskedFill(x, mask, value);
  }

  // --- reductions (no dims = all)
  // ------------------------------------------------------------------

  @Override
  public Tensor sum(Tensor x, int[] dims, boolean keepDim) {
    return Sum.sum(x, dims, keepDim);
  }

  @Override
  public Tensor mean(Tensor x, int[] dims, boolean keepDim) {
    return Mean.mean(x, dims, keepDim);
  }

  @Override
  public Tensor prod(Tensor x) {
    return Prod.prod(x);
  }

  @Override
  public Tensor amax(Tensor x, int[] dims, boolean keepDim) {
    return Amax.amax(x, dims, keepDim);
  }

  @Override
  public Tensor amin(Tensor x, int[] dims, boolean keepDim) {
    return Amin.amin(x, dims, keepDim);
  }

  @Override
  public ValuesAndIndices max(Tensor x, int dim, boolean keepDim) {
    return MaxDim.max(x, dim, keepDim);
  }

  @Override
  public ValuesAndIndices min(Tensor x, int dim, boolean keepDim) {
    return MinDim.min(x, dim, keepDim);
  }

  @Override
  public Tensor argmax(Tensor x, @Nullable Integer dim, boolean keepDim) {
    return Argmax.argmax(x, dim, keepDim);
  }

  @Override
  public Tensor argmin(Tensor x, @Nullable Integer dim, boolean keepDim) {
    return Argmin.argmin(x, dim, keepDim);
  }

  @Override
  public Tensor var(Tensor x, int[] dims, int correction, boolean keepDim) {
    return Var.var(x, dims, correction, keepDim);
  }

  @Override
  public Tensor std(Tensor x, int[] dims, int correction, boolean keepDim) {
    return Std.std(x, dims, correction, keepDim);
  }

  @Override
  public Tensor norm(Tensor x, double p, int[] dims, boolean keepDim) {
    return Norm.norm(x, p, dims, keepDim);
  }

  @Override
  public Tensor logsumexp(Tensor x, int[] dims, boolean keepDim) {
    return Logsumexp.logsumexp(x, dims, keepDim);
  }

  @Override
  public Tensor cumsum(Tensor x, int dim) {
    return Cumsum.cumsum(x, dim);
  }

  @Override
  public Tensor all(Tensor x) {
    return All.all(x);
  }

  @Override
  public Tensor any(Tensor x) {
    return Any.any(x);
  }

  // --- linear algebra
  // ------------------------------------------------------------------------------

  @Override
  public Tensor matmul(Tensor a, Tensor b) {
    return Matmul.matmul(a, b);
  }

  @Override
  public Tensor outer(Tensor a, Tensor b) {
    return Outer.outer(a, b);
  }

  // --- shape, indexing, joining
  // --------------------------------------------------------------------

  @Override
  public Tensor reshape(Tensor x, int... shape) {
    return Reshape.reshape(x, shape);
  }

  @Override
  public Tensor permute(Tensor x, int... dims) {
    return Permute.permute(x, dims);
  }

  @Override
  public Tensor expand(Tensor x, int... shape) {
    return Expand.expand(x, shape);
  }

  @Override
  public Tensor repeat(Tensor x, int... times) {
    return Repeat.repeat(x, times);
  }

  @Override
  public Tensor squeeze(Tensor x, int... dims) {
    return Squeeze.squeeze(x, dims);
  }

  @Override
  public Tensor unsqueeze(Tensor x, int dim) {
    return Unsqueeze.unsqueeze(x, dim);
  }

  @Override
  public Tensor select(Tensor x, int dim, int index) {
    return Select.select(x, dim, index);
  }

  @Override
  public Tensor slice(Tensor x, int dim, int start, int end, int step) {
    return Slice.slice(x, dim, start, end, step);
  }

  @Override
  public List<Tensor> split(Tensor x, int[] sizes, int dim) {
    return Split.split(x, sizes, dim);
  }

  @Override
  public List<Tensor> unbind(Tensor x, int dim) {
    return Unbind.unbind(x, dim);
  }

  @Override
  public Tensor cat(List<Tensor> all, int dim) {
    return Cat.cat(all, dim);
  }

  @Override
  public Tensor stack(List<Tensor> all, int dim) {
    return Stack.stack(all, dim);
  }

  @Override
  public Tensor flip(Tensor x, int... dims) {
    return Flip.flip(x, dims);
  }

  @Override
  public Tensor tril(Tensor x, int diagonal) {
    return Tril.tril(x, diagonal);
  }

  @Override
  public Tensor triu(Tensor x, int diagonal) {
    return Triu.triu(x, diagonal);
  }

  @Override
  public Tensor indexSelect(Tensor x, int dim, Tensor index) {
    return IndexSelect.indexSelect(x, dim, index);
  }

  @Override
  public Tensor gather(Tensor x, int dim, Tensor index) {
    return Gather.gather(x, dim, index);
  }

  @Override
  public Tensor scatter(Tensor x, int dim, Tensor index, Tensor source) {
    return Scatter.scatter(x, dim, index, source);
  }

  @Override
  public Tensor scatterAdd(Tensor x, int dim, Tensor index, Tensor source) {
    return ScatterAdd.scatterAdd(x, dim, index, source);
  }

  // --- activations
  // ---------------------------------------------------------------------------------

  @Override
  public Tensor relu(Tensor x) {
    return Relu.relu(x);
  }

  @Override
  public Tensor leakyRelu(Tensor x, double slope) {
    return LeakyRelu.leakyRelu(x, slope);
  }

  @Override
  public Tensor elu(Tensor x, double alpha) {
    return Elu.elu(x, alpha);
  }

  @Override
  public Tensor gelu(Tensor x) {
    return Gelu.gelu(x);
  }

  @Override
  public Tensor silu(Tensor x) {
    return Silu.silu(x);
  }

  @Override
  public Tensor softplus(Tensor x) {
    return Softplus.softplus(x);
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    return Sigmoid.sigmoid(x);
  }

  @Override
  public Tensor tanh(Tensor x) {
    return Tanh.tanh(x);
  }

  @Override
  public Tensor softmax(Tensor x, int dim) {
    return Softmax.softmax(x, dim);
  }

  @Override
  public Tensor logSoftmax(Tensor x, int dim) {
    return LogSoftmax.logSoftmax(x, dim);
  }
}
