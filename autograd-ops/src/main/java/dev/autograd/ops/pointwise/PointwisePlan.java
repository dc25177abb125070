package dev.autograd.ops.pointwise;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.Vmap;
import dev.autograd.kernel.expr.Expr;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What follows from a formula, worked out once for all applications: its kernels, its derivatives,
/// and what they need to have saved.
///
/// # Note [Symbols of a derivative]
///
/// With `n` inputs, `Expr.input(i)` for `i < n` is an input, `Expr.input(n)` the result and
/// `Expr.input(n + 1)` the incoming gradient. A derived derivative that contains the formula
/// itself, as that of `tanh` does, gets the result in its place, and so saves the result only.
final class PointwisePlan {
  static final double[] NO_PARAMS = {};

  private static final Tensor[] NO_TENSORS = {};

  private static final int MOST_INPUTS = 30;

  /// Up to this many inputs the groups are kept in an array, by the bits of what is wanted.
  private static final int FEW_INPUTS = 6;

  private static final ClassValue<PlansOfClass> PLANS =
      new ClassValue<>() {
        @Override
        protected PlansOfClass computeValue(Class<?> type) {
          return new PlansOfClass(type.isRecord() ? type.getRecordComponents().length : -1);
        }
      };

  /// The plans of one class of operations; see Note [Attributes of a formula].
  private static final class PlansOfClass {
    private final int attributes;
    private final Map<Object, PointwisePlan> byForm = new ConcurrentHashMap<>();
    private @Nullable PointwisePlan only;

    PlansOfClass(int attributes) {
      this.attributes = attributes;
    }

    PointwisePlan find(Pointwise op) {
      PointwisePlan known = only;
      if (known != null) {
        return known;
      }
      Object form = op.form();
      boolean allAreParams = attributes == 0 || attributes == op.params().length;
      if (allAreParams && form.equals(op)) {
        PointwisePlan plan = new PointwisePlan(op);
        only = plan;
        return plan;
      }
      // Not computeIfAbsent: an operation made of others may ask for theirs meanwhile.
      PointwisePlan plan = byForm.get(form);
      if (plan == null) {
        plan = new PointwisePlan(op);
        byForm.put(form, plan);
      }
      return plan;
    }
  }

  /// The gradient with respect to one input.
  static final class Gradient {
    private final boolean zero;
    private final int[] saved;
    private final @Nullable PointwisePlan plan;

    private Gradient(boolean zero, int[] saved, @Nullable PointwisePlan plan) {
      this.zero = zero;
      this.saved = saved;
      this.plan = plan;
    }

    /// Tells whether it is zero everywhere.
    boolean isZero() {
      return zero;
    }

    /// Tells whether it has a formula, being neither zero nor the incoming gradient itself.
    boolean isComputed() {
      return plan != null;
    }

    /// Returns the symbols it needs, rising.
    int[] saved() {
      return saved;
    }

    /// Returns its formula, over the incoming gradient and the saved symbols.
    PointwisePlan computed() {
      if (plan == null) {
        throw new IllegalStateException("a gradient that is not computed has no formula");
      }
      return plan;
    }
  }

  private final String name;
  private final int arity;
  private final Expr formula;
  private final @Nullable Expr[] given;
  private final CompiledFormulas compiled;
  private final @Nullable Gradient[] gradients;
  private final @Nullable GradientGroup[] groups;
  private final Map<Integer, GradientGroup> manyGroups = new ConcurrentHashMap<>(0);

  private PointwisePlan(Pointwise op) {
    this(op.name(), op.arity(), op.formula(inputs(op.arity())), given(op));
  }

  private PointwisePlan(String name, int arity, Expr formula, @Nullable Expr[] given) {
    if (arity > MOST_INPUTS) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          name + ": a formula takes at most " + MOST_INPUTS + " inputs, got " + arity);
    }
    this.name = name;
    this.arity = arity;
    this.formula = formula;
    this.given = given;
    this.compiled = new CompiledFormulas(name, List.of(formula));
    this.gradients = new Gradient[arity];
    this.groups = new GradientGroup[arity <= FEW_INPUTS ? 1 << arity : 0];
  }

  /// Returns the plan of an operation, the same one for all of its form.
  static PointwisePlan of(Pointwise op) {
    if (op instanceof PointwiseGradient g) {
      return of(g.of()).gradient(g.input()).computed();
    }
    return PLANS.get(op.getClass()).find(op);
  }

  private static Expr[] inputs(int n) {
    Expr[] x = new Expr[n];
    for (int i = 0; i < n; i++) {
      x[i] = Expr.input(i);
    }
    return x;
  }

  private static @Nullable Expr[] given(Pointwise op) {
    int n = op.arity();
    @Nullable Expr[] all = op.differentiable() ? op.derivatives(inputs(n), Expr.input(n)) : null;
    return all == null ? new @Nullable Expr[n] : all;
  }

  int arity() {
    return arity;
  }

  String name() {
    return name;
  }

  /// Returns the formula, over `Expr.input(0)`, `Expr.input(1)`, ….
  Expr formula() {
    return formula;
  }

  // --- derivatives -----------------------------------------------------------------------------

  /// Returns the gradient with respect to an input.
  Gradient gradient(int input) {
    Gradient known = gradients[input];
    if (known == null) {
      known = derive(input);
      gradients[input] = known;
    }
    return known;
  }

  private Gradient derive(int input) {
    Expr result = Expr.input(arity);
    Expr g = Expr.input(arity + 1);
    Expr derivative = given[input];
    if (derivative == null) {
      derivative = ExprWalk.rewrite(formula.derivative(input), e -> e.equals(formula) ? result : e);
    }
    Expr product = ExprWalk.times(g, derivative);
    if (product.equals(g)) {
      return new Gradient(false, new int[0], null);
    }
    BitSet symbols = ExprWalk.inputs(List.of(product));
    if (!symbols.get(arity + 1)) {
      return new Gradient(true, new int[0], null);
    }
    symbols.clear(arity + 1);
    int[] saved = symbols.stream().toArray();
    Expr packed = pack(product, saved);
    return new Gradient(
        false,
        saved,
        new PointwisePlan(
            name + "_gradient", saved.length + 1, packed, new @Nullable Expr[saved.length + 1]));
  }

  /// Numbers the symbols anew: the incoming gradient first, then what is saved.
  private Expr pack(Expr product, int[] saved) {
    int[] place = new int[arity + 2];
    for (int k = 0; k < saved.length; k++) {
      place[saved[k]] = k + 1;
    }
    return ExprWalk.rewrite(
        product, e -> e instanceof Expr.Input i ? Expr.input(place[i.index()]) : e);
  }

  /// Returns what a backward for these wanted inputs does.
  GradientGroup group(int wanted) {
    GradientGroup known = groups.length > 0 ? groups[wanted] : manyGroups.get(wanted);
    if (known == null) {
      known = GradientGroup.of(this, wanted);
      if (groups.length > 0) {
        groups[wanted] = known;
      } else {
        manyGroups.put(wanted, known);
      }
    }
    return known;
  }

  // --- running ---------------------------------------------------------------------------------

  Tensor forward(Pointwise op, Context ctx, Tensor... in) {
    if (in.length != arity) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, name + ": takes " + arity + " inputs, got " + in.length);
    }
    Typing typing = op.typing();
    DType promoted = op.promote(CompiledFormulas.common(in));
    DType compute = typing.compute(name, promoted);
    double[] params = op.params();
    if (compute == DType.I32) {
      checkFit(params);
    }
    Tensor y = compiled.runOne(compute, typing.result(compute, promoted), params, in);
    int wanted = wanted(ctx);
    if (wanted != 0) {
      int[] saved = group(wanted).saved();
      if (saved.length > 0) {
        Tensor[] values = new Tensor[saved.length];
        for (int k = 0; k < values.length; k++) {
          values[k] = saved[k] == arity ? y : in[saved[k]];
          if (saved[k] == arity) {
            Chain.keep(y, true);
          }
        }
        ctx.save(values);
      }
    }
    return y;
  }

  /// Infinite bounds saturate, which is what they mean; any other number must be an `i32`.
  private void checkFit(double[] params) {
    for (double p : params) {
      if (Math.abs(p) > Integer.MAX_VALUE && Double.isFinite(p)) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            name + ": " + p + " does not fit into i32. Cast first: x.to(DType.I64)");
      }
    }
  }

  private int wanted(Context ctx) {
    int wanted = 0;
    for (int i = 0; i < arity; i++) {
      if (ctx.needs(i)) {
        wanted |= 1 << i;
      }
    }
    return wanted;
  }

  /// Returns the tangent of the result: element by element the derivative times the tangent, as in
  /// backward the derivative times the gradient.
  @Nullable Tensor tangent(Pointwise op, Context ctx, @Nullable Tensor[] tangents) {
    GradientGroup group = group(wanted(ctx));
    Tensor[] inputs = new Tensor[group.saved().length + 1];
    for (int k = 1; k < inputs.length; k++) {
      inputs[k] = ctx.saved(k - 1);
    }
    Tensor sum = null;
    int computed = 0;
    for (int i = 0; i < arity; i++) {
      Tensor v = tangents[i];
      boolean isComputed = ctx.needs(i) && gradient(i).isComputed();
      if (v != null && !gradient(i).isZero()) {
        Tensor product = v;
        if (isComputed) {
          inputs[0] = v;
          product = new PointwiseGradient(op, i).apply(group.pick(computed, inputs));
        }
        sum = sum == null ? product : sum.add(product);
      }
      computed += isComputed ? 1 : 0;
    }
    return sum;
  }

  /// Returns the incoming gradient and everything saved.
  private static Tensor[] inputs(Context ctx, GradientGroup group, Tensor g) {
    Tensor[] inputs = new Tensor[group.saved().length + 1];
    inputs[0] = g;
    for (int k = 1; k < inputs.length; k++) {
      inputs[k] = ctx.saved(k - 1);
    }
    return inputs;
  }

  @Nullable Tensor[] backward(Pointwise op, Context ctx, Tensor g) {
    int wanted = wanted(ctx);
    GradientGroup group = group(wanted);
    @Nullable Tensor[] dx = new Tensor[arity];
    int[] computed = group.computed();
    Tensor[] inputs = computed.length == 0 ? NO_TENSORS : inputs(ctx, group, g);
    if (computed.length > 1 && !GradMode.isEnabled()) {
      // Not while backward is recorded: a node of several outputs would seem to depend on all
      // inputs.
      Tensor[] all = new PointwiseGradients(op, wanted).apply(inputs);
      for (int k = 0; k < computed.length; k++) {
        dx[computed[k]] = all[k];
      }
    } else {
      for (int k = 0; k < computed.length; k++) {
        dx[computed[k]] = group.gradient(op, k).apply(group.pick(k, inputs));
      }
    }
    int handedOn = 0;
    for (int i = 0; i < arity; i++) {
      if ((wanted & 1 << i) != 0 && dx[i] == null) {
        boolean isZero = gradient(i).isZero();
        dx[i] = isZero ? Tensor.zeros(ctx.inputShape(i), ctx.inputType(i)) : g;
        handedOn += isZero ? 0 : 1;
      }
    }
    if (handedOn > 1 && !GradMode.isEnabled() && !Vmap.isMapped(g)) {
      // Summed for what was broadcast, and the gradient of another one as it is.
      Chain.keep(g, false);
    }
    return dx;
  }
}
