package dev.autograd.cli;

/// What the process's exit status means.
public enum ExitStatus {
  /// All went well.
  OK(0),
  /// A mistake in this program.
  INTERNAL(1),
  /// A wrong command line or configuration.
  USAGE(2),
  /// What was checked is wrong: a gradient, an exported model, a score.
  CHECK_FAILED(3),
  /// A data, model or run file is missing or unreadable.
  DATA(4),
  /// Training met NaN or infinity.
  DIVERGED(5),
  /// An operation or a plugin cannot be used.
  PLUGIN(6),
  /// The user stopped it.
  INTERRUPTED(130);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /// Returns the number the process ends with.
  public int code() {
    return code;
  }
}
