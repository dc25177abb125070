package com.example;

import dev.autograd.Autograd;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.List;

/// A program of a user, whose lines are to be found: it lies outside the library's packages.
public final class Program {
  private Program() {}

  /// Takes the root, which is NaN for what is negative.
  public static Tensor root(Tensor x) {
    return x.sqrt();
  }

  /// Takes the square, which saves its argument.
  public static Tensor square(Tensor x) {
    return x.pow(2);
  }

  /// Takes a power whose second derivative at 0 is infinite.
  public static Tensor power(Tensor x) {
    return x.pow(1.5);
  }

  /// Overwrites its argument.
  public static void overwrite(Tensor x) {
    x.mul_(2);
  }

  /// Overwrites a part of its argument.
  public static void overwritePart(Tensor x) {
    x.narrow(0, 0, 1).add_(2);
  }

  /// Returns a recorded derivative.
  public static Tensor slope(Tensor y, Tensor x) {
    return Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
  }
}
