package dev.autograd.gradcheck;

/// What is checked, and how hard.
///
/// @param order 1 for first derivatives, 2 for second ones too
/// @param seed the start of all random choices; replays a report
/// @param rounds how many times the samples of an operation are drawn, each time with other shapes
/// @param firstOrder tolerance of first derivatives
/// @param secondOrder tolerance of second derivatives
public record OperationCheckOptions(
    int order, long seed, int rounds, Tolerance firstOrder, Tolerance secondOrder) {
  /// First and second order, three rounds, seed 0.
  public static final OperationCheckOptions DEFAULTS =
      new OperationCheckOptions(2, 0, 3, Tolerance.FIRST_ORDER, Tolerance.SECOND_ORDER);

  /// Refuses orders other than 1 and 2, and fewer than one round.
  public OperationCheckOptions {
    if (order < 1 || order > 2) {
      throw new IllegalArgumentException("order: must be 1 or 2, got " + order);
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds: must be at least 1, got " + rounds);
    }
  }

  /// Returns these options with another order.
  public OperationCheckOptions withOrder(int order) {
    return new OperationCheckOptions(order, seed, rounds, firstOrder, secondOrder);
  }

  /// Returns these options with another seed.
  public OperationCheckOptions withSeed(long seed) {
    return new OperationCheckOptions(order, seed, rounds, firstOrder, secondOrder);
  }

  /// Returns these options with another number of rounds.
  public OperationCheckOptions withRounds(int rounds) {
    return new OperationCheckOptions(order, seed, rounds, firstOrder, secondOrder);
  }
}
