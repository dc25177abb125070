package dev.autograd.ops.pointwise;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a backward for one set of wanted inputs needs, and how it finds it again.
final class GradientGroup {
  private final int[] saved;
  private final int[] computed;
  private final int[][] places;
  private final CompiledFormulas fused;

  /// The gradients of the operation that asked last; one that is lost in a race is made again.
  private final @Nullable PointwiseGradient[] gradients;

  private GradientGroup(int[] saved, int[] computed, int[][] places, CompiledFormulas fused) {
    this.saved = saved;
    this.computed = computed;
    this.places = places;
    this.fused = fused;
    this.gradients = new PointwiseGradient[computed.length];
  }

  /// Works out the group for a set of inputs, one bit each.
  static GradientGroup of(PointwisePlan plan, int wanted) {
    BitSet symbols = new BitSet();
    BitSet inputs = new BitSet();
    for (int i = 0; i < plan.arity(); i++) {
      if ((wanted & 1 << i) != 0 && plan.gradient(i).isComputed()) {
        inputs.set(i);
        for (int symbol : plan.gradient(i).saved()) {
          symbols.set(symbol);
        }
      }
    }
    int[] saved = symbols.stream().toArray();
    int[] computed = inputs.stream().toArray();
    int[] placeOf = new int[plan.arity() + 1];
    for (int k = 0; k < saved.length; k++) {
      placeOf[saved[k]] = k + 1;
    }
    int[][] places = new int[computed.length][];
    List<Expr> formulas = new ArrayList<>();
    for (int k = 0; k < computed.length; k++) {
      int[] own = plan.gradient(computed[k]).saved();
      int[] place = new int[own.length + 1];
      for (int j = 0; j < own.length; j++) {
        place[j + 1] = placeOf[own[j]];
      }
      places[k] = place;
      formulas.add(
          ExprWalk.rewrite(
              plan.gradient(computed[k]).computed().formula(),
              e -> e instanceof Expr.Input i ? Expr.input(place[i.index()]) : e));
    }
    return new GradientGroup(
        saved, computed, places, new CompiledFormulas(plan.name() + "_gradients", formulas));
  }

  /// Returns what forward saves, rising: the number of an input or, for the result, the number of
  /// inputs.
  int[] saved() {
    return saved;
  }

  /// Returns the inputs whose gradients are computed: not zero, and not the incoming one itself.
  int[] computed() {
    return computed;
  }

  /// Returns where, among the incoming gradient and everything saved, the inputs of computed
  /// gradient `k` are.
  int[] places(int k) {
    return places[k];
  }

  /// Returns computed gradient `k` of an operation.
  PointwiseGradient gradient(Pointwise of, int k) {
    PointwiseGradient known = gradients[k];
    if (known == null || known.of() != of) {
      known = new PointwiseGradient(of, computed[k]);
      gradients[k] = known;
    }
    return known;
  }

  /// Returns the inputs of computed gradient `k`, from the incoming gradient and everything saved;
  /// the same array if that is all of them.
  Tensor[] pick(int k, Tensor... all) {
    int[] place = places[k];
    if (computed.length == 1) {
      return all;
    }
    Tensor[] own = new Tensor[place.length];
    for (int j = 0; j < own.length; j++) {
      own[j] = all[place[j]];
    }
    return own;
  }

  /// Returns all the computed gradients over the incoming gradient and everything saved.
  CompiledFormulas fused() {
    return fused;
  }
}
