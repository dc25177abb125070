package dev.autograd.optim;

import dev.autograd.GradMode;
import dev.autograd.Tensor;
import java.util.Map;

/// Adam (Kingma and Ba 2015), and AdamW with decoupled weight decay (Loshchilov and Hutter 2019).
///
/// - **Formula** `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `p ← p − lr · m̂ / (√v̂ + ε)`
///   with `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`. Adam adds `weightDecay · p` to the gradient;
///   AdamW first shrinks `p` by `1 − lr · weightDecay`.
public final class Adam implements Optimizer {
  private static final String FIRST = "exp_avg";
  private static final String SECOND = "exp_avg_sq";

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
    Tensor g = p.grad();
    if (g == null) {
      return;
    }
    if (options.weightDecay() != 0) {
      if (decoupled) {
        p.mul_(1 - learningRate * options.weightDecay());
      } else {
        g = g.add(p.mul(options.weightDecay()));
      }
    }
    Tensor m = slots.get(name, FIRST, p);
    Tensor v = slots.get(name, SECOND, p);
    m.lerp_(g, 1 - options.beta1());
    v.mul_(options.beta2()).add_(g.square().mul(1 - options.beta2()));
    Tensor denominator = v.sqrt().mul(1 / Math.sqrt(correction2)).add(options.epsilon());
    p.sub_(m.div(denominator).mul(learningRate / correction1));
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
