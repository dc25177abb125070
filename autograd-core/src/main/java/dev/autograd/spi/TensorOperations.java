package dev.autograd.spi;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the engine and the fluent methods of a tensor need of an operation library.
///
/// There is one implementation, found through `java.util.ServiceLoader`. Every method that returns
/// a tensor records itself; semantics, shapes and errors are described at the fluent method.
public interface TensorOperations {

  // --- needed by the engine --------------------------------------------------------------------

  /// Tells whether the operations of a class are the library's own, whose backward keeps no
  /// reference to the gradients it is given or returns: then the engine may use their memory again.
  boolean releasesGradients(Class<?> operation);

  /// Sums `x` down to `shape`, which broadcasts to its own.
  Tensor sumTo(Tensor x, Shape shape);

  /// Returns `x` in another element type.
  Tensor cast(Tensor x, DType dtype);

  /// Returns a contiguous copy.
  Tensor copy(Tensor x);

  /// Copies the elements of `source` into `target`, of the same shape and type; records nothing.
  void copyInto(Tensor source, Tensor target);

  /// Writes `value` into every element; records nothing.
  void fillInto(double value, Tensor target);

  /// Fills with uniform numbers in `[low, high)`; records nothing.
  void uniformInto(Tensor target, double low, double high, Generator generator);

  /// Fills with normal numbers; records nothing.
  void normalInto(Tensor target, double mean, double std, Generator generator);

  /// Returns a random order of `[0, n)` as `i64`.
  Tensor permutation(int n, Generator generator);

  // --- arithmetic ------------------------------------------------------------------------------

  Tensor add(Tensor a, Tensor b);

  Tensor add(Tensor a, double b);

  Tensor sub(Tensor a, Tensor b);

  Tensor sub(Tensor a, double b);

  /// Returns `b − a`.
  Tensor rsub(Tensor a, double b);

  Tensor mul(Tensor a, Tensor b);

  Tensor mul(Tensor a, double b);

  Tensor div(Tensor a, Tensor b);

  Tensor div(Tensor a, double b);

  Tensor remainder(Tensor a, Tensor b);

  Tensor neg(Tensor x);

  Tensor pow(Tensor x, double exponent);

  Tensor pow(Tensor x, Tensor exponent);

  Tensor square(Tensor x);

  Tensor reciprocal(Tensor x);

  Tensor sqrt(Tensor x);

  Tensor rsqrt(Tensor x);

  Tensor exp(Tensor x);

  Tensor expm1(Tensor x);

  Tensor log(Tensor x);

  Tensor log1p(Tensor x);

  Tensor sin(Tensor x);

  Tensor cos(Tensor x);

  Tensor erf(Tensor x);

  Tensor abs(Tensor x);

  Tensor sign(Tensor x);

  Tensor floor(Tensor x);

  Tensor ceil(Tensor x);

  Tensor round(Tensor x);

  Tensor trunc(Tensor x);

  Tensor maximum(Tensor a, Tensor b);

  Tensor minimum(Tensor a, Tensor b);

  Tensor clamp(Tensor x, double low, double high);

  Tensor lerp(Tensor a, Tensor b, double weight);

  // --- comparison and selection ----------------------------------------------------------------

  Tensor eq(Tensor a, Tensor b);

  Tensor ne(Tensor a, Tensor b);

  Tensor lt(Tensor a, Tensor b);

  Tensor le(Tensor a, Tensor b);

  Tensor gt(Tensor a, Tensor b);

  Tensor ge(Tensor a, Tensor b);

  Tensor eq(Tensor a, double b);

  Tensor ne(Tensor a, double b);

  Tensor lt(Tensor a, double b);

  Tensor le(Tensor a, double b);

  Tensor gt(Tensor a, double b);

  Tensor ge(Tensor a, double b);

  Tensor isNan(Tensor x);

  Tensor logicalAnd(Tensor a, Tensor b);

  Tensor logicalOr(Tensor a, Tensor b);

  Tensor logicalNot(Tensor x);

  Tensor where(Tensor condition, Tensor a, Tensor b);

  Tensor maskedFill(Tensor x, Tensor mask, double value);

  // --- reductions (no dims = all) --------------------------------------------------------------

  Tensor sum(Tensor x, int[] dims, boolean keepDim);

  Tensor mean(Tensor x, int[] dims, boolean keepDim);

  Tensor prod(Tensor x);

  Tensor amax(Tensor x, int[] dims, boolean keepDim);

  Tensor amin(Tensor x, int[] dims, boolean keepDim);

  ValuesAndIndices max(Tensor x, int dim, boolean keepDim);

  ValuesAndIndices min(Tensor x, int dim, boolean keepDim);

  Tensor argmax(Tensor x, @Nullable Integer dim, boolean keepDim);

  Tensor argmin(Tensor x, @Nullable Integer dim, boolean keepDim);

  Tensor var(Tensor x, int[] dims, int correction, boolean keepDim);

  Tensor std(Tensor x, int[] dims, int correction, boolean keepDim);

  Tensor norm(Tensor x, double p, int[] dims, boolean keepDim);

  Tensor logsumexp(Tensor x, int[] dims, boolean keepDim);

  Tensor cumsum(Tensor x, int dim);

  Tensor all(Tensor x);

  Tensor any(Tensor x);

  // --- linear algebra --------------------------------------------------------------------------

  Tensor matmul(Tensor a, Tensor b);

  Tensor outer(Tensor a, Tensor b);

  // --- shape, indexing, joining ----------------------------------------------------------------

  Tensor reshape(Tensor x, int... shape);

  Tensor permute(Tensor x, int... dims);

  Tensor expand(Tensor x, int... shape);

  Tensor repeat(Tensor x, int... times);

  Tensor squeeze(Tensor x, int... dims);

  Tensor unsqueeze(Tensor x, int dim);

  Tensor select(Tensor x, int dim, int index);

  Tensor slice(Tensor x, int dim, int start, int end, int step);

  List<Tensor> split(Tensor x, int[] sizes, int dim);

  List<Tensor> unbind(Tensor x, int dim);

  Tensor cat(List<Tensor> all, int dim);

  Tensor stack(List<Tensor> all, int dim);

  Tensor flip(Tensor x, int... dims);

  Tensor tril(Tensor x, int diagonal);

  Tensor triu(Tensor x, int diagonal);

  Tensor indexSelect(Tensor x, int dim, Tensor index);

  Tensor gather(Tensor x, int dim, Tensor index);

  Tensor scatter(Tensor x, int dim, Tensor index, Tensor source);

  Tensor scatterAdd(Tensor x, int dim, Tensor index, Tensor source);

  // --- activations -----------------------------------------------------------------------------

  Tensor relu(Tensor x);

  Tensor leakyRelu(Tensor x, double slope);

  Tensor elu(Tensor x, double alpha);

  Tensor gelu(Tensor x);

  Tensor silu(Tensor x);

  Tensor softplus(Tensor x);

  Tensor sigmoid(Tensor x);

  Tensor tanh(Tensor x);

  Tensor softmax(Tensor x, int dim);

  Tensor logSoftmax(Tensor x, int dim);
}
