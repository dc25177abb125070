package dev.autograd.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/// Starts the program.
public final class Main {
  private Main() {}

  /// Runs a command and ends the process with its status.
  public static void main(String[] args) {
    int status = run(args, Path.of(""), System.out, System.err);
    System.out.flush();
    System.err.flush();
    System.exit(status);
  }

  /// Runs a command.
  ///
  /// @param folder where runs are looked for and made
  /// @param out takes the result, as UTF-8
  /// @param err takes progress and errors, as UTF-8
  /// @return the exit status
  static int run(String[] args, Path folder, OutputStream out, OutputStream err) {
    PrintStream results = new PrintStream(out, false, StandardCharsets.UTF_8);
    PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    RootCommand root = new RootCommand(List.of(args), folder, results, messages);
    CommandLine commands = Commands.of(root);
    try {
      return commands.execute(args);
    } catch (Error e) {
      // The commands' own handler gets exceptions only; running out of memory is told in words too.
      return new Errors(root).handle(e);
    } finally {
      results.flush();
      messages.flush();
    }
  }
}
