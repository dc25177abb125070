package dev.autograd.benchmarks.micro;

/// A family of benchmarks that knows how much each of its methods does.
interface Measured {
  /// Returns the work of one operation of `method` with the parameters that are set.
  Work work(String method);
}
