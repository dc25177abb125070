package dev.autograd.benchmarks;

import dev.autograd.kernel.Simd;

/// Prints the bits of the widest vectors that this machine has, 0 without the vector module.
public final class Widest {
  private Widest() {}

  /// Runs the program.
  public static void main(String[] args) {
    System.out.println(Simd.widest());
  }
}
