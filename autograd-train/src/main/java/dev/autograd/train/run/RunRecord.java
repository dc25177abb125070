package dev.autograd.train.run;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `run.json` says about a run.
///
/// @param id the name of the run's folder
/// @param argv the command line, the program's name left out
/// @param versions of the program, Java and the operating system, by name
/// @param threads how many worker threads compute
/// @param simd which vector kernels compute, such as `512` or `off`
/// @param ended when it ended, unless it is running
/// @param seconds time spent, added up over resumptions
/// @param best the best value of the watched metric so far
/// @param failure the message it failed with
public record RunRecord(
    String id,
    RunStatus status,
    List<String> argv,
    Map<String, String> versions,
    long seed,
    int threads,
    String simd,
    Instant started,
    @Nullable Instant ended,
    double seconds,
    @Nullable Best best,
    @Nullable String failure) {
  /// The layout of `run.json` this program writes and reads.
  public static final int SCHEMA = 1;

  /// The best value of a metric.
  ///
  /// @param epoch the epoch that reached it, from 1
  public record Best(String metric, double value, int epoch) {}

  public RunRecord {
    argv = List.copyOf(argv);
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
  }

  /// Describes a run that begins now.
  public static RunRecord starting(
      String id,
      List<String> argv,
      Map<String, String> versions,
      long seed,
      int threads,
      String simd,
      Instant now) {
    return new RunRecord(
        id, RunStatus.RUNNING, argv, versions, seed, threads, simd, now, null, 0, null, null);
  }

  /// Returns this record with another best value.
  public RunRecord withBest(Best newBest) {
    return new RunRecord(
        id, status, argv, versions, seed, threads, simd, started, ended, seconds, newBest, failure);
  }

  /// Returns this record of a run that goes on: running again, without an end.
  public RunRecord resumed() {
    return new RunRecord(
        id,
        RunStatus.RUNNING,
        argv,
        versions,
        seed,
        threads,
        simd,
        started,
        null,
        seconds,
        best,
        null);
  }

  /// Returns this record of a run that came to its end.
  ///
  /// @param spent seconds since it started or was resumed
  /// @param message why it failed, if it did
  public RunRecord ended(RunStatus how, Instant now, double spent, @Nullable String message) {
    return new RunRecord(
        id, how, argv, versions, seed, threads, simd, started, now, seconds + spent, best, message);
  }

  /// Writes it as JSON.
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject().put("schema", SCHEMA).put("id", id).put("status", status.word());
    json.put("argv", argv);
    JsonObject numbers = json.putObject("versions");
    versions.forEach(numbers::put);
    json.put("seed", seed).put("threads", threads).put("simd", simd);
    json.put("started", started.toString());
    if (ended != null) {
      json.put("ended", ended.toString());
    }
    json.put("seconds", seconds);
    if (best != null) {
      json.putObject("best")
          .put("metric", best.metric())
          .put("value", best.value())
          .put("epoch", best.epoch());
    }
    if (failure != null) {
      json.put("failure", failure);
    }
    return json;
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws InputException of kind DATA when it is no such object
  public static RunRecord fromJson(JsonObject json, Place place) {
    long schema = json.integer("schema", place);
    if (schema != SCHEMA) {
      throw InputException.data("the run is of schema " + schema)
          .at(place)
          .expected("schema " + SCHEMA)
          .hint("It was written by another version of the program.")
          .build();
    }
    String word = json.text("status", place);
    RunStatus status =
        RunStatus.of(word)
            .orElseThrow(
                () ->
                    InputException.data("unknown status '" + word + "'")
                        .at(place)
                        .expected("running, finished, failed or interrupted")
                        .build());
    Map<String, String> versions = new LinkedHashMap<>();
    JsonObject listed = json.object("versions", place);
    listed.names().forEach(name -> versions.put(name, listed.text(name, place)));
    JsonObject best = json.has("best") ? json.object("best", place) : null;
    return new RunRecord(
        json.text("id", place),
        status,
        json.list("argv", String.class, place),
        versions,
        json.integer("seed", place),
        json.count("threads", place),
        json.text("simd", place),
        instant(json.text("started", place), place),
        json.has("ended") ? instant(json.text("ended", place), place) : null,
        json.number("seconds", place),
        best == null
            ? null
            : new Best(
                best.text("metric", place),
                best.number("value", place),
                best.count("epoch", place)),
        json.has("failure") ? json.text("failure", place) : null);
  }

  private static Instant instant(String text, Place place) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw InputException.data("malformed time '" + text + "'")
          .at(place)
          .expected("a UTC time such as 2026-11-23T07:10:02Z")
          .cause(e)
          .build();
    }
  }
}
