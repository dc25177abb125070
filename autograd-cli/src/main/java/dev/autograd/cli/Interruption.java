package dev.autograd.cli;

import dev.autograd.train.Trainer;
import java.util.concurrent.CountDownLatch;

/// Turns Ctrl-C into a checkpoint: asks the trainer to end, and ends the process when it has.
///
/// Java gives programs no other portable way to hear of the signal than a shutdown hook, in which
/// the status of the process can be set by halting only.
final class Interruption implements AutoCloseable {
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile int status = ExitStatus.INTERRUPTED.code();

  Interruption(RootCommand root, Trainer trainer) {
    hook =
        new Thread(
            () -> {
              root.say("\ninterrupted: writing a checkpoint after this batch ...");
              trainer.stop();
              try {
                done.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              root.out.flush();
              root.err.flush();
              Runtime.getRuntime().halt(status);
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Says how the process is to end if it is ending already.
  void ended(ExitStatus how) {
    status = how.code();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The hook waits for this.
      done.countDown();
    }
  }
}
