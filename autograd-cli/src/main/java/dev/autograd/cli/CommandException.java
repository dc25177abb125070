package dev.autograd.cli;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Ends a command with a message that is complete as it stands, and an exit status.
final class CommandException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  CommandException(ExitStatus status, String message) {
    this(status, message, null);
  }

  CommandException(ExitStatus status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  ExitStatus status() {
    return status;
  }
}
