package dev.autograd.functional;

/// How whole Jacobians are computed.
///
/// @param strict whether a result that does not depend on an argument is an error rather than zeros
/// @param chunkSize how many rows or columns are computed at a time; 0 for all
public record JacobianOptions(Strategy strategy, boolean strict, int chunkSize) {

  /// Where the work goes.
  public enum Strategy {
    /// One vectorized backward for all rows: few results of many arguments.
    REVERSE,
    /// One backward after another, for each row: the least memory.
    ROWS,
    /// One vectorized forward for all columns: many results of few arguments.
    FORWARD
  }

  private static final JacobianOptions DEFAULTS = new JacobianOptions(Strategy.REVERSE, false, 0);

  /// Returns vectorized reverse mode, not strict.
  public static JacobianOptions defaults() {
    return DEFAULTS;
  }

  /// Returns these options with another strategy.
  public JacobianOptions strategy(Strategy choice) {
    return new JacobianOptions(choice, strict, chunkSize);
  }

  /// Returns these options such that independence is an error.
  public JacobianOptions asStrict() {
    return new JacobianOptions(strategy, true, chunkSize);
  }

  /// Returns these options with `size` rows or columns at a time.
  public JacobianOptions chunkSize(int size) {
    return new JacobianOptions(strategy, strict, size);
  }
}
