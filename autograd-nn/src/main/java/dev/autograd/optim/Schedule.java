package dev.autograd.optim;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;

/// The learning rate as a function of the step, as a factor of the base rate.
///
/// A schedule has no state: a resumed run asks for the factor of the step it is at.
@FunctionalInterface
public interface Schedule {
  /// Returns the factor for step `step`, counted from 0.
  double factor(long step);

  /// The base rate throughout.
  static Schedule constant() {
    return _ -> 1;
  }

  /// Multiplies by `gamma` every `every` steps.
  static Schedule step(long every, double gamma) {
    requirePositive("step", every);
    return step -> StrictMath.pow(gamma, (double) Math.floorDiv(step, every));
  }

  /// Falls along half a cosine to `floor` at step `total`, and stays there: Loshchilov and Hutter
  /// 2017.
  static Schedule cosine(long total, double floor) {
    requirePositive("cosine", total);
    return step -> {
      double done = Math.min(1, (double) step / total);
      return floor + (1 - floor) * (1 + StrictMath.cos(Math.PI * done)) / 2;
    };
  }

  /// Falls linearly to `end` at step `total`, and stays there.
  static Schedule linear(long total, double end) {
    requirePositive("linear", total);
    return step -> 1 + (end - 1) * Math.min(1, (double) step / total);
  }

  /// Rises linearly over the first `steps` steps, then follows `after`, counted from there.
  static Schedule warmUp(long steps, Schedule after) {
    if (steps < 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "warm-up schedule: the number of steps cannot be negative, got " + steps);
    }
    return step -> step < steps ? (step + 1.0) / (steps + 1) : after.factor(step - steps);
  }

  private static void requirePositive(String who, long steps) {
    if (steps <= 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          who + " schedule: the number of steps must be positive, got " + steps);
    }
  }
}
