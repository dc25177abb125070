package dev.autograd.benchmarks.micro;

import java.util.regex.Pattern;

/// The numbers in a parameter such as `128x128x128`.
final class Parts {
  private Parts() {}

  static int[] ints(String text, String between) {
    return Pattern.compile(between, Pattern.LITERAL)
        .splitAsStream(text)
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
