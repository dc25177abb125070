package dev.autograd.train.run;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The runs in a folder.
///
/// @param root the folder, such as `runs`
public record Runs(Path root) {
  /// Finds a run as the user names it: a path, `latest` (or `last`), the name of its folder, or the
  /// name it was given, of which the newest counts.
  ///
  /// @throws InputException of kind DATA when there is none
  public RunDirectory resolve(String reference) {
    if (reference.equals(RunDirectory.LATEST) || reference.equals("last")) {
      Path link = root.resolve(RunDirectory.LATEST);
      if (Files.isRegularFile(link.resolve("run.json"))) {
        try {
          return RunDirectory.open(root.resolve(link.toRealPath().getFileName()));
        } catch (IOException e) {
          throw InputException.io(Kind.DATA, "read", Place.of(link), e);
        }
      }
      List<RunDirectory> runs = list();
      if (runs.isEmpty()) {
        throw InputException.data("there are no runs in " + root)
            .hint("Train one first: autograd train --data digits")
            .build();
      }
      return runs.getLast();
    }
    if (reference.contains("/")
        || reference.contains("\\")
        || Files.isDirectory(Path.of(reference))) {
      return RunDirectory.open(Path.of(reference));
    }
    List<RunDirectory> runs = list();
    RunDirectory found = null;
    for (RunDirectory run : runs) {
      if (run.id().equals(reference)) {
        return run;
      }
      if (run.name().equals(reference)) {
        found = run;
      }
    }
    if (found == null) {
      throw InputException.data("no run '" + reference + "' in " + root)
          .didYouMean(reference, runs.stream().flatMap(r -> Stream.of(r.name(), r.id())).toList())
          .expected("a path, 'latest', or the name of a run")
          .hint(
              runs.isEmpty()
                  ? "There are no runs there."
                  : "newest: "
                      + String.join(
                          ", ", runs.reversed().stream().limit(5).map(RunDirectory::id).toList()))
          .build();
    }
    return found;
  }

  /// Lists the runs, oldest first; a missing folder has none.
  public List<RunDirectory> list() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(root)) {
      return inside
          .filter(p -> !Files.isSymbolicLink(p) && Files.isRegularFile(p.resolve("run.json")))
          .map(RunDirectory::open)
          .sorted(Comparator.comparing(Runs::order))
          .toList();
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "list", Place.of(root), e);
    }
  }

  /// Sorts by name, but `-10` behind `-9`.
  private static String order(RunDirectory run) {
    String id = run.id();
    int dash = id.lastIndexOf('-');
    String tail = id.substring(dash + 1);
    return tail.matches("\\d{1,9}") && dash > 19
        ? id.substring(0, dash) + " %09d".formatted(Integer.parseInt(tail))
        : id;
  }
}
