package dev.autograd.optim;

import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.arithmetic.Lerp;
import dev.autograd.ops.pointwise.Update;
import java.util.Map;

/// Adam (Kingma and Ba 2015), and AdamW with decoupled weight decay (Loshchilov and Hutter 2019).
///
/// - **Formula** `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `p ← p − lr · m̂ / (√v̂ + ε)`
///   with `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`. Adam adds `weightDecay · p` to the gradient;
///   AdamW first shrinks `p` by `1 − lr · weightDecay`.
public final class Adam implements Optimizer {
  private static final String FIRST = "exp_avg";
  private static final String SECOND = "exp_avg_sq";

  private static final Update PLAIN = new Update("adam", x -> moved(x[0], x[1], x[2], x[3]), 4);
  private static final Update DECAYED =
      new Update("adam", x -> moved(x[0].mul(Expr.param(6)), x[1], x[2], x[3]), 4);
  private static final Update REGULARIZED =
      new Update("adam", x -> moved(x[0], x[1], x[2], x[3].add(x[0].mul(Expr.param(6)))), 4);

  private final Slots slots;
  private final Options options;
  private final boolean decoupled;
  private double learningRate;
  private long steps;

  /// The attributes beside the learning rate.
  ///
  /// @param beta1 decay of the mean of gradients, in `[0, 1)`
  /// @param beta2 decay of the mean of squared gradients, in `[0, 1)`
  /// @param epsilon added to the denominator
  /// @param weightDecay how strongly parameters are drawn to zero
  public record Options(double beta1, double beta2, double epsilon, double weightDecay) {
    /// Checks the attributes.
    ///
    /// @throws dev.autograd.AutogradException (`ARGUMENT`) if one is outside its range
    public Options {
      Range.belowOne("adam", "beta1", beta1);
      Range.belowOne("adam", "beta2", beta2);
      Range.finiteNotNegative("adam", "epsilon", epsilon);
      Range.finiteNotNegative("adam", "weight decay", weightDecay);
    }

    /// The values of the paper, without weight decay.
    public static final Options DEFAULTS = new Options(0.9, 0.999, 1e-8, 0);

    /// Returns these options with another weight decay.
    public Options withWeightDecay(double weightDecay) {
      return new Options(beta1, beta2, epsilon, weightDecay);
    }
  }

  private Adam(
      Map<String, Tensor> parameters, double learningRate, Options options, boolean decoupled) {
    Range.finiteNotNegative("adam", "learning rate", learningRate);
    this.slots = new Slots(parameters, FIRST, SECOND);
    this.learningRate = learningRate;
    this.options = options;
    this.decoupled = decoupled;
  }

  /// Makes Adam for named parameters, as `layer.namedParameters()` gives them.
  public static Adam adam(Map<String, Tensor> parameters, double learningRate, Options options) {
    return new Adam(parameters, learningRate, options, false);
  }

  /// Makes AdamW for named parameters; its usual weight decay is 0.01.
  public static Adam adamW(Map<String, Tensor> parameters, double learningRate, Options options) {
    return new Adam(parameters, learningRate, options, true);
  }

  @Override
  public void step() {
    steps++;
    double correction1 = 1 - StrictMath.pow(options.beta1(), (double) steps);
    double correction2 = 1 - StrictMath.pow(options.beta2(), (double) steps);
    try (var _ = GradMode.noGrad()) {
      slots.parameters().forEach((name, p) -> step(name, p, correction1, correction2));
    }
  }

  private void step(String name, Tensor p, double correction1, double correction2) {
    Tensor g = p.borrowGrad();
    if (g == null) {
      return;
    }
    double decay = options.weightDecay();
    double[] params = {
      1 - options.beta1(),
      options.beta2(),
      1 - options.beta2(),
      1 / Math.sqrt(correction2),
      options.epsilon(),
      learningRate / correction1,
      decoupled ? 1 - learningRate * decay : decay
    };
    Update update = decay == 0 ? PLAIN : decoupled ? DECAYED : REGULARIZED;
    update.apply(params, p, slots.get(name, FIRST, p), slots.get(name, SECOND, p), g);
  }

  private static Expr[] moved(Expr p, Expr m, Expr v, Expr g) {
    Expr first = new Lerp().formula(m, g);
    Expr second = v.mul(Expr.param(1)).add(g.mul(g).mul(Expr.param(2)));
    Expr denominator = Formulas.sqrt(second).mul(Expr.param(3)).add(Expr.param(4));
    return new Expr[] {p.sub(first.div(denominator).mul(Expr.param(5))), first, second};
  }

  @Override
  public void zeroGrad() {
    slots.parameters().values().forEach(Tensor::zeroGrad);
  }

  @Override
  public double learningRate() {
    return learningRate;
  }

  @Override
  public void learningRate(double learningRate) {
    Range.finiteNotNegative("adam", "learning rate", learningRate);
    this.learningRate = learningRate;
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public Map<String, Tensor> state() {
    return slots.state();
  }

  @Override
  public void load(Map<String, Tensor> state, long steps) {
    slots.load(state);
    this.steps = steps;
  }
}
