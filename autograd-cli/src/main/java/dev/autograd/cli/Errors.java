package dev.autograd.cli;

import dev.autograd.AutogradException;
import dev.autograd.onnx.OnnxExportException;
import dev.autograd.onnx.OnnxVerificationException;
import dev.autograd.train.DidYouMean;
import dev.autograd.train.DivergedException;
import dev.autograd.train.InputException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Words what went wrong on standard error and chooses the exit status.
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final RootCommand root;

  Errors(RootCommand root) {
    this.root = root;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String message = parsing(e, command);
    return tell(
        ExitStatus.USAGE,
        message + "\n  See " + command.getCommandSpec().qualifiedName() + " --help.",
        e);
  }

  private static String parsing(ParameterException e, CommandLine command) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched.getUnmatched().getFirst(), command);
    }
    return String.valueOf(e.getMessage());
  }

  private static String unmatched(String argument, CommandLine command) {
    List<String> candidates = new ArrayList<>();
    String what;
    String word = argument;
    if (argument.startsWith("-") && argument.length() > 1) {
      what = "unknown option";
      int equals = argument.indexOf('=');
      word = equals > 0 ? argument.substring(0, equals) : argument;
      candidates.addAll(command.getCommandSpec().optionsMap().keySet());
    } else if (!command.getSubcommands().isEmpty()) {
      what = "unknown command";
      candidates.addAll(command.getSubcommands().keySet());
    } else {
      return "one argument too many: '" + argument + "'";
    }
    return what
        + " '"
        + word
        + "'"
        + DidYouMean.nearest(word, candidates)
            .map(near -> "\n  did you mean '" + near + "'?")
            .orElse("");
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return handle(e);
  }

  /// Tells of a failure.
  ///
  /// @return the exit status
  int handle(Throwable e) {
    return switch (e) {
      case CommandException c -> tell(c.status(), String.valueOf(c.getMessage()), c);
      case InputException i -> {
        tell(ExitStatus.USAGE, String.valueOf(i.getMessage()), i);
        yield i.exitCode();
      }
      case AutogradException a -> tell(status(a), String.valueOf(a.getMessage()), a);
      case OnnxExportException x -> tell(ExitStatus.PLUGIN, String.valueOf(x.getMessage()), x);
      case OnnxVerificationException x ->
          tell(ExitStatus.CHECK_FAILED, String.valueOf(x.getMessage()), x);
      case DivergedException d -> tell(ExitStatus.DIVERGED, String.valueOf(d.getMessage()), d);
      case OutOfMemoryError m ->
          tell(
              ExitStatus.INTERNAL,
              "out of memory: "
                  + m.getMessage()
                  + "\n"
                  + "  Give Java more, as with AUTOGRAD_JAVA_OPTS=-Xmx8g, or take smaller batches.",
              m);
      default -> {
        tell(
            ExitStatus.INTERNAL,
            "a mistake in autograd itself: "
                + e
                + "\n  Please report it, with the output of 'autograd doctor'"
                + (root.stacktrace ? " and the lines below." : " and of --stacktrace."),
            e);
        yield ExitStatus.INTERNAL.code();
      }
    };
  }

  private static ExitStatus status(AutogradException e) {
    return switch (e.kind()) {
      case OPERATION, PLUGIN -> ExitStatus.PLUGIN;
      case ANOMALY_NAN -> ExitStatus.DIVERGED;
      default -> ExitStatus.USAGE;
    };
  }

  private int tell(ExitStatus status, String message, Throwable e) {
    root.out.flush();
    root.err.println("error: " + message);
    if (root.stacktrace) {
      e.printStackTrace(root.err);
    }
    return status.code();
  }
}
