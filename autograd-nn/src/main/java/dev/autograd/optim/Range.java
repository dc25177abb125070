package dev.autograd.optim;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;

/// The ranges that attributes must lie in.
final class Range {
  private Range() {}

  static void finiteNotNegative(String who, String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw refused(who, what, "be finite and not negative", value);
    }
  }

  static void notNegative(String who, String what, double value) {
    if (!(value >= 0)) {
      throw refused(who, what, "not be negative", value);
    }
  }

  static void belowOne(String who, String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw refused(who, what, "lie in [0, 1)", value);
    }
  }

  private static AutogradException refused(String who, String what, String rule, double value) {
    return new AutogradException(
        ErrorKind.ARGUMENT, who + ": the " + what + " must " + rule + ", got " + value);
  }
}
