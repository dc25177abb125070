package dev.autograd.cli;

import picocli.CommandLine.Command;

/// Lists the operations unless told otherwise.
@Command(name = "ops", description = "List operations, or show one.")
final class OpsCommand implements Runnable {
  private final RootCommand root;

  OpsCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public void run() {
    new OpsListCommand(root).run();
  }
}
