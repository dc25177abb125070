package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @TempDir Path folder;

  @Test
  void everyCommandOfItSucceeds() {
    for (List<String> command : Rehearsal.commands(folder)) {
      CommandLineFixture.Outcome outcome =
          new CommandLineFixture(folder).run(command.toArray(String[]::new));
      assertThat(outcome.status()).as("%s: %s", command, outcome.err()).isZero();
    }
  }
}
