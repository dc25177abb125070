package dev.autograd.cli;

import dev.autograd.train.InputException;
import dev.autograd.train.json.JsonObject;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunRecord;
import dev.autograd.train.run.RunStatus;
import dev.autograd.train.run.Runs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Lists the runs in a folder, oldest first.
@Command(name = "runs", description = "List training runs.")
final class RunsCommand implements Runnable {
  private final RootCommand root;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder of the runs (default: runs).")
  @Nullable Path folder;

  RunsCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public void run() {
    Path where = folder == null ? root.folder.resolve("runs") : folder;
    List<RunDirectory> runs = new Runs(where).list();
    if (root.json()) {
      List<JsonObject> records = new ArrayList<>();
      for (RunDirectory run : runs) {
        records.add(json(run));
      }
      root.print(RootCommand.result().put("runs", records));
      return;
    }
    if (runs.isEmpty()) {
      root.say("no runs in " + where + "; train one: autograd train --data digits");
      return;
    }
    Table table = new Table("run", "status", ">seconds", ">best", "metric");
    for (RunDirectory run : runs) {
      RunRecord record;
      try {
        record = run.record();
      } catch (InputException unreadable) {
        table.row(run.id(), "damaged", "", "", String.valueOf(unreadable.summary()));
        continue;
      }
      boolean killed = record.status() == RunStatus.RUNNING && !run.active();
      RunRecord.Best best = record.best();
      table.row(
          run.id(),
          killed ? "killed" : record.status().word(),
          String.format(Locale.ROOT, "%.1f", record.seconds()),
          best == null ? "" : String.format(Locale.ROOT, "%.4f", best.value()),
          best == null ? "" : best.metric() + " in epoch " + best.epoch());
    }
    table.print(root.out);
  }

  private static JsonObject json(RunDirectory run) {
    JsonObject record;
    try {
      record = run.record().toJson();
    } catch (InputException unreadable) {
      record = new JsonObject().put("id", run.id()).put("error", unreadable.summary());
    }
    return record.put("path", run.path().toString());
  }
}
