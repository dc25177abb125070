package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A sum over products of elements, written as an equation of subscripts.
///
/// - **Formula** `"ij,jk->ik"`: `y[i, k] = Σⱼ a[i, j] b[j, k]`; the gradient of an operand is the
///   sum with `g` and the other operands in its place, `"ik,jk->ij"` of `g` and `b`
/// - **Shapes** one letter for each dimension; `...` stands for any number of leading or other
///   dimensions, which broadcast; a letter that repeats in one operand takes its diagonal
/// - **DType** f32, f64, promoted to one
/// - **Smooth** everywhere
/// - **ONNX** Transpose, Reshape, MatMul, ReduceSum, Mul
/// - **Source** A. Einstein, Die Grundlage der allgemeinen Relativitätstheorie (1916) §5;
///   https://numpy.org/doc/stable/reference/generated/numpy.einsum.html
///
/// Without `->` the result has what `...` stands for, then the letters that occur once, in the
/// order of the alphabet, capitals first. Operands are multiplied from the left to the right, each
/// product as matrices.
///
/// @param equation the subscripts
public record Einsum(String equation) implements Function {

  /// Makes the prototype, the product of two matrices.
  public Einsum() {
    this("ij,jk->ik");
  }

  /// Returns the sum over products that `equation` tells.
  ///
  /// @throws AutogradException (`ARGUMENT`) if the equation cannot be read or is for another number
  ///   of operands, (`SHAPE`) if the shapes do not fit, (`DTYPE`) if an operand is not floating
  public static Tensor einsum(String equation, Tensor... operands) {
    if (operands.length == 0) {
      throw Operands.argument("einsum: takes at least one operand, got none");
    }
    return new Einsum(equation).apply(Operands.promoted("einsum", operands));
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.floating("einsum", in);
    Subscripts s =
        Subscripts.of(equation, Arrays.stream(in).map(Tensor::shape).toArray(Shape[]::new));
    Contraction y = operand(s, in, 0);
    for (int k = 1; k < in.length; k++) {
      y = y.times(operand(s, in, k), keptAfter(s, k));
    }
    Tensor result = y.summed(l -> contains(s.result(), l)).ordered(s.result());
    ctx.save(
        IntStream.range(0, in.length)
            .filter(k -> isSaved(ctx, k))
            .mapToObj(k -> in[k])
            .toArray(Tensor[]::new));
    return result.isView() || Arrays.asList(in).contains(result) ? result.clone() : result;
  }

  private static Contraction operand(Subscripts s, Tensor[] in, int k) {
    int[] labels = s.operands()[k];
    return new Contraction(expanded(in[k], s.shape(labels)), labels).withoutRepeats();
  }

  private static Tensor expanded(Tensor x, int... shape) {
    return Arrays.equals(x.shape().dims(), shape) ? x : x.expand(shape);
  }

  /// Tells which labels are still wanted once operand `k` has been multiplied.
  private static IntPredicate keptAfter(Subscripts s, int k) {
    return l ->
        contains(s.result(), l)
            || IntStream.range(k + 1, s.operands().length)
                .anyMatch(later -> contains(s.operands()[later], l));
  }

  private static boolean contains(int[] labels, int label) {
    return Arrays.stream(labels).anyMatch(l -> l == label);
  }

  /// Tells whether the gradient of another operand needs operand `k`.
  private static boolean isSaved(Context ctx, int k) {
    return IntStream.range(0, ctx.inputCount()).anyMatch(other -> other != k && ctx.needs(other));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int n = ctx.inputCount();
    Subscripts s =
        Subscripts.of(
            equation, IntStream.range(0, n).mapToObj(ctx::inputShape).toArray(Shape[]::new));
    @Nullable Tensor[] all = new Tensor[n];
    int at = 0;
    for (int k = 0; k < n; k++) {
      all[k] = isSaved(ctx, k) ? ctx.saved(at++) : null;
    }
    @Nullable Tensor[] gradients = new Tensor[n];
    for (int k = 0; k < n; k++) {
      gradients[k] = ctx.needs(k) ? gradient(s, g, all, k) : null;
    }
    return gradients;
  }

  private static Tensor gradient(Subscripts s, Tensor g, @Nullable Tensor[] all, int k) {
    int[] own = Contraction.distinct(s.operands()[k]);
    Tensor[] in = new Tensor[all.length];
    in[0] = g;
    StringBuilder terms = new StringBuilder(s.text(s.result()));
    int at = 1;
    for (int other = 0; other < all.length; other++) {
      Tensor x = all[other];
      if (other != k && x != null) {
        int[] labels = s.operands()[other];
        in[at++] = expanded(x, s.shape(labels));
        terms.append(',').append(s.text(labels));
      }
    }
    int[] found =
        Arrays.stream(own)
            .filter(
                l ->
                    contains(s.result(), l)
                        || IntStream.range(0, all.length)
                            .anyMatch(j -> j != k && contains(s.operands()[j], l)))
            .toArray();
    Tensor product = einsum(terms + "->" + s.text(found), in);
    // What only this operand has was summed: all its elements get the same.
    for (int d = 0; d < own.length; d++) {
      if (!contains(found, own[d])) {
        product = product.unsqueeze(d);
      }
    }
    return Contraction.alongDiagonals(expanded(product, s.shape(own)), s.operands()[k]);
  }

  /// The batch is one more subscript, in front.
  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Shape[] samples = new Shape[in.length];
    for (int k = 0; k < in.length; k++) {
      samples[k] = batch.has(k) ? Batch.sampleShape(in[k]) : in[k].shape();
    }
    Subscripts s = Subscripts.of(equation, samples);
    Tensor[] all = new Tensor[in.length];
    for (int k = 0; k < in.length; k++) {
      Ints sample = Ints.of(s.shape(s.operands()[k]));
      all[k] = expanded(in[k], (batch.has(k) ? sample.after(batch.size()) : sample).toArray());
    }
    return new Einsum(s.withBatch(batch)).apply(all);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Einsum("ij,jk->ik"), s.randn(2, 3), s.randn(3, 4));
    s.add(new Einsum("bij,bjk->bik"), s.randn(2, 2, 3), s.randn(2, 3, 2));
    s.add(new Einsum("ii->i"), s.randn(3, 3));
    s.add(new Einsum("ii"), s.randn(3, 3));
    s.add(new Einsum("iji->j"), s.randn(2, 3, 2).transpose(0, 2));
    s.add(new Einsum("iii->i"), s.randn(2, 2, 2));
    s.add(new Einsum("ij->ji"), s.randn(2, 3));
    s.add(new Einsum("ij->ij"), s.randn(2, 3));
    s.add(new Einsum("ij->"), s.randn(2, 3));
    s.add(new Einsum("i,j->ij"), s.randn(2), s.randn(3));
    s.add(new Einsum("i,i"), s.randn(3), s.randn(3));
    s.add(new Einsum("ij,ij->ij"), s.randn(2, 3), s.randn(3, 2).transpose(0, 1));
    s.add(new Einsum("ij,kl->j"), s.randn(2, 3), s.randn(2, 2));
    s.add(new Einsum("ba"), s.randn(2, 3));
    s.add(new Einsum("i,ij,j->"), s.randn(2), s.randn(2, 3), s.randn(3));
    s.add(new Einsum("bi,bj,bk->bijk"), s.randn(2, 2), s.randn(2, 2), s.randn(2, 3));
    s.add(new Einsum("...ij,...jk"), s.randn(2, 1, 2, 3), s.randn(4, 3, 2));
    s.add(new Einsum("...i,j...->...j"), s.randn(2, 3), s.randn(2, 1));
    s.add(new Einsum("...i->i"), s.randn(2, 2, 3));
    s.add(new Einsum(","), s.randn(), s.randn());
    s.add(new Einsum("ij,jk->ik"), s.randn(2, 0), s.randn(0, 3));
    s.reject(new Einsum("ij,jk->ik"), "for 2 operands", s.randn(2, 3));
    s.reject(new Einsum("ij"), "name 2 dimensions", s.randn(2, 3, 4));
    s.reject(new Einsum("i1"), "are letters", s.randn(2, 3));
    s.reject(new Einsum("ij,jk->ik"), "must have one size", s.randn(2, 3), s.randn(4, 2));
    s.reject(new Einsum("ij->ijk"), "must occur in an operand", s.randn(2, 3));
    s.reject(new Einsum("ij->ii"), "stands twice", s.randn(2, 3));
  }
}
