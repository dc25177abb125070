package dev.autograd.optim;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Update;
import java.util.Map;

/// Stochastic gradient descent with momentum.
///
/// - **Formula** `g ← g + weightDecay · p`, `m ← momentum · m + g`, `p ← p − lr · m`, with
///   Nesterov's form `p ← p − lr · (g + momentum · m)`: Sutskever et al. 2013. The first step sets
///   `m = g`.
public final class Sgd implements Optimizer {
  private static final String MOMENTUM = "momentum";

  private final Slots slots;
  private final Options options;
  private final Update update;
  private double learningRate;
  private long steps;

  /// The attributes beside the learning rate.
  ///
  /// @param momentum how much of the last direction is kept, in `[0, 1)`
  /// @param nesterov whether to look ahead along the momentum
  /// @param weightDecay factor of the parameter that is added to its gradient
  public record Options(double momentum, boolean nesterov, double weightDecay) {
    /// Checks the attributes.
    ///
    /// @throws AutogradException (`ARGUMENT`) if one is negative or not finite, or Nesterov's form
    ///   is asked for without momentum
    public Options {
      Range.finiteNotNegative("sgd", "momentum", momentum);
      Range.finiteNotNegative("sgd", "weight decay", weightDecay);
      if (nesterov && momentum == 0) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            "sgd: nesterov looks ahead along the momentum, which is 0. Set a momentum, usually 0.9,"
                + " or leave nesterov out.");
      }
    }

    /// Plain gradient descent.
    public static final Options PLAIN = new Options(0, false, 0);

    /// Plain gradient descent with this momentum.
    public static Options momentum(double momentum) {
      return new Options(momentum, false, 0);
    }
  }

  /// Makes an optimizer of named parameters, as `layer.namedParameters()` gives them.
  public Sgd(Map<String, Tensor> parameters, double learningRate, Options options) {
    Range.finiteNotNegative("sgd", "learning rate", learningRate);
    this.slots = new Slots(parameters, MOMENTUM);
    this.learningRate = learningRate;
    this.options = options;
    this.update = update(options);
  }

  /// Makes plain gradient descent.
  public Sgd(Map<String, Tensor> parameters, double learningRate) {
    this(parameters, learningRate, Options.PLAIN);
  }

  @Override
  public void step() {
    steps++;
    try (var _ = GradMode.noGrad()) {
      slots.parameters().forEach(this::step);
    }
  }

  private void step(String name, Tensor p) {
    Tensor g = p.borrowGrad();
    if (g == null) {
      return;
    }
    double[] params = {learningRate, options.momentum(), options.weightDecay()};
    if (options.momentum() == 0) {
      update.apply(params, p, g);
    } else {
      update.apply(params, p, slots.get(name, MOMENTUM, p), g);
    }
  }

  /// Returns the step as formulas. Without decay or momentum these have no part in them: 0 times an
  /// infinite parameter is not nothing.
  private static Update update(Options options) {
    boolean hasMomentum = options.momentum() != 0;
    int inputs = hasMomentum ? 3 : 2;
    return new Update(
        "sgd",
        x -> {
          Expr p = x[0];
          Expr g = x[inputs - 1];
          if (options.weightDecay() != 0) {
            g = g.add(p.mul(Expr.param(2)));
          }
          if (!hasMomentum) {
            return new Expr[] {p.sub(g.mul(Expr.param(0)))};
          }
          Expr m = x[1].mul(Expr.param(1)).add(g);
          Expr direction = options.nesterov() ? g.add(m.mul(Expr.param(1))) : m;
          return new Expr[] {p.sub(direction.mul(Expr.param(0))), m};
        },
        inputs);
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
    Range.finiteNotNegative("sgd", "learning rate", learningRate);
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
