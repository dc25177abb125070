package dev.autograd.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  private static final Instant NOW = Instant.parse("2026-11-23T07:10:02.5Z");

  @TempDir Path root;

  private RunDirectory run(String name, Instant when) {
    RunDirectory run = RunDirectory.create(root, name, when);
    run.write(record(run.id()));
    return run;
  }

  private static RunRecord record(String id) {
    return RunRecord.starting(
        id, List.of("train", "--data", "digits"), Map.of("autograd", "0.1.0"), 42, 2, "512", NOW);
  }

  private InputException failure(String reference) {
    InputException e =
        catchThrowableOfType(InputException.class, () -> new Runs(root).resolve(reference));
    assertThat(e).as(reference).isNotNull();
    assertThat(e.exitCode()).isEqualTo(4);
    return e;
  }

  @Test
  void theFolderIsNamedByTimeAndNameAndNeverOverwritten() {
    assertThat(run("moons-mlp", NOW).id()).isEqualTo("2026-11-23T07-10-02_moons-mlp");
    assertThat(run("moons-mlp", NOW).id()).isEqualTo("2026-11-23T07-10-02_moons-mlp-2");
    RunDirectory third = run("moons-mlp", NOW);
    assertThat(third.id()).isEqualTo("2026-11-23T07-10-02_moons-mlp-3");
    assertThat(third.name()).isEqualTo("moons-mlp");
    assertThat(third.checkpoints()).isEmptyDirectory();
  }

  @Test
  void charactersThatDoNotBelongInANameAreReplaced() {
    assertThat(run("../a b/c:d", NOW).id()).isEqualTo("2026-11-23T07-10-02_a-b-c-d");
    assertThat(run("..", NOW).id()).isEqualTo("2026-11-23T07-10-02_run");
  }

  @Test
  void runsAreFoundByPathIdNameAndLatest() {
    RunDirectory first = run("a", NOW);
    RunDirectory second = run("a", NOW.plusSeconds(60));
    RunDirectory third = run("b", NOW.plusSeconds(120));
    assertThat(new Runs(root).resolve(first.id()).path()).isEqualTo(first.path());
    assertThat(new Runs(root).resolve("a").path()).isEqualTo(second.path());
    assertThat(new Runs(root).resolve("latest").id()).isEqualTo(third.id());
    assertThat(new Runs(root).resolve("last").id()).isEqualTo(third.id());
    assertThat(new Runs(root).resolve(first.path().toString()).id()).isEqualTo(first.id());
    assertThat(new Runs(root).list()).hasSize(3);
  }

  @Test
  void latestIsFoundWithoutLinksToo() throws IOException {
    for (int i = 0; i < 11; i++) {
      run("a", NOW);
    }
    Files.deleteIfExists(root.resolve("latest"));
    assertThat(new Runs(root).resolve("latest").id()).isEqualTo("2026-11-23T07-10-02_a-11");
  }

  @Test
  void whatIsNoRunIsNamed() throws IOException {
    assertThat(failure("latest")).hasMessageContaining("there are no runs in " + root);
    run("moons", NOW);
    assertThat(failure("mons"))
        .hasMessageContaining("no run 'mons'")
        .hasMessageContaining("did you mean 'moons'?")
        .hasMessageContaining("newest: 2026-11-23T07-10-02_moons");
    Path other = Files.createDirectory(root.resolve("other"));
    assertThat(failure(other.toString())).hasMessageContaining("it has no run.json");
    assertThat(failure(root + "/gone")).hasMessageContaining("no such folder");
    Path file = Files.writeString(root.resolve("file"), "");
    assertThat(failure(file.toString())).hasMessageContaining("it is a file");
  }

  @Test
  void theRecordComesBackInEveryState() {
    RunDirectory run = run("a", NOW);
    RunRecord record = record(run.id()).withBest(new RunRecord.Best("val_accuracy", 0.97, 3));
    for (RunRecord r :
        List.of(
            record,
            record.ended(RunStatus.FINISHED, NOW.plusSeconds(9), 9, null),
            record.ended(RunStatus.FAILED, NOW.plusSeconds(9), 9, "loss is NaN"),
            record
                .ended(RunStatus.INTERRUPTED, NOW.plusSeconds(9), 9, null)
                .resumed()
                .ended(RunStatus.FINISHED, NOW.plusSeconds(20), 4, null))) {
      run.write(r);
      assertThat(run.record()).isEqualTo(r);
    }
    assertThat(run.record().seconds()).isEqualTo(13);
  }

  @Test
  void aMalformedRecordIsNamedWithItsPlace() throws IOException {
    RunDirectory run = run("a", NOW);
    Path json = run.path().resolve("run.json");
    String good = Files.readString(json);
    Files.writeString(json, good.substring(0, good.length() / 2));
    assertThat(catchThrowableOfType(InputException.class, run::record))
        .hasMessageContaining("malformed JSON")
        .hasMessageContaining("run.json, byte");
    Files.writeString(json, good.replace("running", "walking"));
    assertThat(catchThrowableOfType(InputException.class, run::record))
        .hasMessageContaining("unknown status 'walking'");
    Files.writeString(json, good.replace("\"schema\" : 1", "\"schema\" : 2"));
    assertThat(catchThrowableOfType(InputException.class, run::record))
        .hasMessageContaining("schema 2");
    Files.writeString(json, good.replace("2026-11-23T07:10:02.500Z", "yesterday"));
    assertThat(catchThrowableOfType(InputException.class, run::record))
        .hasMessageContaining("malformed time 'yesterday'");
  }

  @Test
  void aRunIsHeldByOneProcessAndCleanedWhenTaken() throws IOException {
    RunDirectory run = run("a", NOW);
    Path leftover = run.checkpoints().resolve(".last.safetensors.1-1.autograd-tmp");
    Files.writeString(leftover, "half");
    assertThat(run.active()).isFalse();
    try (RunDirectory.Lock held = run.lock()) {
      assertThat(held).isNotNull();
      assertThat(leftover).doesNotExist();
      assertThat(run.active()).isTrue();
      assertThat(catchThrowableOfType(InputException.class, run::lock))
          .hasMessageContaining("another process is training");
    }
    assertThat(run.active()).isFalse();
  }

  @Test
  void aFolderTheUserNamesMustBeEmpty() throws IOException {
    Path folder = root.resolve("mine");
    assertThat(RunDirectory.createAt(folder).path()).isEqualTo(folder);
    assertThat(catchThrowableOfType(InputException.class, () -> RunDirectory.createAt(folder)))
        .hasMessageContaining("will not overwrite");
  }

  @Test
  void linesOfTheLogCarryTheTime() {
    RunDirectory run = run("a", NOW);
    run.log(NOW, "started");
    run.log(NOW.plusSeconds(1), "ended");
    assertThat(run.path().resolve("log.txt"))
        .hasContent("2026-11-23T07:10:02.500Z started\n2026-11-23T07:10:03.500Z ended\n");
  }
}
