package dev.autograd.train.run;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of one training run, from which it can be resumed, evaluated and run again.
///
/// It is named by the time (UTC) and the run's name, holds `run.json`, `config.yaml`,
/// `metrics.jsonl`, `metrics.csv`, `log.txt` and `checkpoints/`, and is never overwritten by
/// another run. `latest` beside the runs points to the newest, where the system has symbolic links.
public final class RunDirectory {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss").withZone(ZoneOffset.UTC);
  static final String LATEST = "latest";

  private final Path path;

  private RunDirectory(Path path) {
    this.path = path;
  }

  /// Makes the folder of a new run: `ROOT/2026-11-23T07-10-02_NAME`, with `-2`, `-3`, ... behind it
  /// when that is taken.
  ///
  /// @param root made if need be
  /// @param name letters, digits, `.`, `_` and `-`; other characters become `-`
  /// @throws InputException of kind DATA when it cannot be made
  public static RunDirectory create(Path root, String name, Instant now) {
    String plain = name.replaceAll("[^\\p{L}\\p{N}._-]+", "-").replaceAll("^[.-]+|-+$", "");
    String base = TIME.format(now) + "_" + (plain.isEmpty() ? "run" : plain);
    Path folder = root.resolve(base);
    try {
      Files.createDirectories(root);
      for (int copy = 2; !created(folder); copy++) {
        folder = root.resolve(base + "-" + copy);
      }
      Files.createDirectory(folder.resolve("checkpoints"));
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "make", Place.of(folder), e);
    }
    RunDirectory run = new RunDirectory(folder);
    run.pointLatestHere();
    return run;
  }

  /// Makes exactly this folder, for a user who names it; it must not exist, or be empty.
  ///
  /// @throws InputException of kind DATA when something is in it
  public static RunDirectory createAt(Path folder) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> inside = Files.list(folder)) {
        if (inside.findAny().isPresent()) {
          throw InputException.data("will not overwrite " + folder + ": it is not empty")
              .hint("Name another folder, or resume the run in it.")
              .build();
        }
      }
      Files.createDirectory(folder.resolve("checkpoints"));
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "make", Place.of(folder), e);
    }
    return new RunDirectory(folder);
  }

  private static boolean created(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException taken) {
      return false;
    }
  }

  private void pointLatestHere() {
    Path link = path.resolveSibling(LATEST);
    Path fresh = path.resolveSibling("." + path.getFileName() + "." + LATEST);
    try {
      if (Files.exists(link) && !Files.isSymbolicLink(link)) {
        return;
      }
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, path.getFileName());
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UnsupportedOperationException noLinksHere) {
      // `latest` is then found by the times in the names.
      return;
    }
  }

  /// Opens an existing run.
  ///
  /// @throws InputException of kind DATA when the folder is missing or is no run
  public static RunDirectory open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw InputException.data(
              "no run in "
                  + folder
                  + (Files.exists(folder) ? ": it is a file" : ": no such folder"))
          .build();
    }
    if (!Files.isRegularFile(folder.resolve("run.json"))) {
      throw InputException.data("no run in " + folder + ": it has no run.json")
          .expected("a folder that 'autograd train' made")
          .build();
    }
    return new RunDirectory(folder);
  }

  /// Returns the folder.
  public Path path() {
    return path;
  }

  /// Returns the name of the folder, which is the run's id.
  public String id() {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }

  /// Returns the name the run was given, without time and number.
  public String name() {
    return id().replaceFirst("^\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d_", "")
        .replaceFirst("-\\d+$", "");
  }

  /// Returns `config.yaml`, the resolved configuration.
  public Path configFile() {
    return path.resolve("config.yaml");
  }

  /// Returns `metrics.jsonl`.
  public Path metricsFile() {
    return path.resolve("metrics.jsonl");
  }

  /// Returns `metrics.csv`.
  public Path metricsCsv() {
    return path.resolve("metrics.csv");
  }

  /// Returns the folder of the checkpoints.
  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /// Writes `run.json`, whole or not at all.
  public void write(RunRecord record) {
    AtomicFiles.write(path.resolve("run.json"), Json.pretty(record.toJson()));
  }

  /// Reads `run.json`.
  ///
  /// @throws InputException of kind DATA when it is missing or malformed
  public RunRecord record() {
    Path file = path.resolve("run.json");
    try {
      Place place = Place.of(file);
      return RunRecord.fromJson(Json.parse(Files.readAllBytes(file), place, 0), place);
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "read", Place.of(file), e);
    }
  }

  /// Adds a line with the time to `log.txt`.
  public void log(Instant now, String line) {
    Path file = path.resolve("log.txt");
    try {
      Files.writeString(
          file,
          now.truncatedTo(ChronoUnit.MILLIS) + " " + line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "write", Place.of(file), e);
    }
  }

  /// Takes the run for this process alone, and cleans up what a killed one left behind. The lock
  /// ends with the process at the latest.
  ///
  /// @throws InputException of kind DATA when another process trains in it
  public Lock lock() {
    Path file = path.resolve(".lock");
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock != null) {
        AtomicFiles.cleanLeftovers(path);
        if (Files.isDirectory(checkpoints())) {
          AtomicFiles.cleanLeftovers(checkpoints());
        }
        return new Lock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "lock", Place.of(path), e);
    }
    throw InputException.data("another process is training in " + path)
        .hint("Wait for it or stop it; two would overwrite each other's checkpoints.")
        .build();
  }

  /// Tells whether a process trains in it now.
  public boolean active() {
    Path file = path.resolve(".lock");
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return tryLock(channel) == null;
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "read", Place.of(file), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldInThisProcess) {
      return null;
    }
  }

  /// A run held by this process.
  public static final class Lock implements AutoCloseable {
    private final FileChannel channel;

    private Lock(FileChannel channel) {
      this.channel = channel;
    }

    /// Lets go of the run.
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
