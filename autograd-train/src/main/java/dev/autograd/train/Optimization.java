package dev.autograd.train;

import dev.autograd.Tensor;
import dev.autograd.optim.Adam;
import dev.autograd.optim.Optimizer;
import dev.autograd.optim.Schedule;
import dev.autograd.optim.Sgd;
import dev.autograd.train.config.Settings;
import java.util.Map;

/// Makes the optimizer and the schedule that a configuration names.
final class Optimization {
  private Optimization() {}

  static Optimizer optimizer(Settings s, Map<String, Tensor> parameters) {
    double lr = s.number("lr");
    double decay = s.number("weightDecay");
    return switch (s.type()) {
      case "sgd" ->
          new Sgd(
              parameters, lr, new Sgd.Options(s.number("momentum"), s.truth("nesterov"), decay));
      case "adam" -> Adam.adam(parameters, lr, moments(s, decay));
      default -> Adam.adamW(parameters, lr, moments(s, decay));
    };
  }

  private static Adam.Options moments(Settings s, double decay) {
    return new Adam.Options(s.number("beta1"), s.number("beta2"), s.number("eps"), decay);
  }

  /// Makes the schedule, as a factor of `lr` by optimizer step.
  static Schedule schedule(Settings s, double lr, long stepsPerEpoch, int epochs) {
    long warmup = s.integer("warmup");
    long total = Math.max(1, stepsPerEpoch * epochs - warmup);
    Schedule after =
        switch (s.type()) {
          case "step" -> Schedule.step(stepsPerEpoch * s.integer("stepSize"), s.number("gamma"));
          case "exponential" -> Schedule.step(stepsPerEpoch, s.number("gamma"));
          case "cosine" -> Schedule.cosine(total, s.number("minLr") / lr);
          case "linear" -> Schedule.linear(total, s.number("endFactor"));
          default -> Schedule.constant();
        };
    return warmup == 0 ? after : Schedule.warmUp(warmup, after);
  }
}
