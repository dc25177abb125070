package dev.autograd.train;

import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says that the user's input is wrong: a flag, a configuration, a data file or a checkpoint.
///
/// The message is complete as it stands: what is wrong and where, the line in question, what was
/// expected, and what to do. It is meant to be printed without a stack trace; [#kind] decides the
/// exit status.
public final class InputException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// Whose fault it is, and thereby the exit status.
  public enum Kind {
    /// The command line.
    USAGE(2),
    /// A configuration or model file, or a setting given on the command line.
    CONFIG(2),
    /// A data file, checkpoint or run directory: missing, unreadable, truncated or malformed.
    DATA(4);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /// Returns the status the process ends with.
    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;
  private final String summary;
  private final transient @Nullable Place place;
  private final @Nullable String expected;
  private final @Nullable String suggestion;
  private final String[] hints;

  private InputException(Builder b) {
    super(b.render(), b.cause);
    this.kind = b.kind;
    this.summary = b.summary;
    this.place = b.place;
    this.expected = b.expected;
    this.suggestion = b.suggestion;
    this.hints = b.hints.toArray(String[]::new);
  }

  /// Starts an error about the command line.
  public static Builder usage(String summary) {
    return new Builder(Kind.USAGE, summary);
  }

  /// Starts an error about a configuration.
  public static Builder config(String summary) {
    return new Builder(Kind.CONFIG, summary);
  }

  /// Starts an error about a data file, a checkpoint or a run.
  public static Builder data(String summary) {
    return new Builder(Kind.DATA, summary);
  }

  /// Words a failed file operation: `cannot read iris.csv: no such file`.
  public static InputException io(Kind kind, String doing, Place place, Exception failure) {
    return new Builder(kind, "cannot " + doing + " " + place.source() + ": " + reason(failure))
        .silentlyAt(place)
        .cause(failure)
        .build();
  }

  private static String reason(Exception failure) {
    return switch (failure) {
      case NoSuchFileException e -> "no such file or folder";
      case AccessDeniedException e -> "permission denied";
      case FileAlreadyExistsException e -> "it exists already";
      case NotDirectoryException e -> "not a folder";
      case FileSystemException e when e.getReason() != null -> lower(e.getReason());
      default ->
          failure.getMessage() == null
              ? failure.getClass().getSimpleName()
              : lower(failure.getMessage());
    };
  }

  private static String lower(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  /// Returns whose fault it is.
  public Kind kind() {
    return kind;
  }

  /// Returns the status the process should end with: 2 or 4.
  public int exitCode() {
    return kind.exitCode();
  }

  /// Returns the first sentence, without the place.
  public String summary() {
    return summary;
  }

  /// Returns where it stands, if known.
  public Optional<Place> place() {
    return Optional.ofNullable(place);
  }

  /// Returns what would have been right, if it can be said.
  public Optional<String> expected() {
    return Optional.ofNullable(expected);
  }

  /// Returns the nearest right word, if one is near.
  public Optional<String> suggestion() {
    return Optional.ofNullable(suggestion);
  }

  /// Returns further lines of advice.
  public List<String> hints() {
    return List.of(hints);
  }

  /// Collects the facts of an [InputException].
  public static final class Builder {
    private static final int LONGEST_SNIPPET = 96;

    private final Kind kind;
    private final String summary;
    private final List<String> hints = new ArrayList<>();
    private @Nullable Place place;
    private boolean placeInSummary;
    private @Nullable String expected;
    private @Nullable String suggestion;
    private @Nullable Throwable cause;

    private Builder(Kind kind, String summary) {
      this.kind = kind;
      this.summary = summary;
    }

    /// Says where; the message gets `in PLACE` and the line itself when the place has it.
    public Builder at(Place where) {
      place = where;
      placeInSummary = false;
      return this;
    }

    private Builder silentlyAt(Place where) {
      place = where;
      placeInSummary = true;
      return this;
    }

    /// Says what would have been right.
    public Builder expected(String what) {
      expected = what;
      return this;
    }

    /// Suggests the candidate nearest to the word, if one is near enough.
    public Builder didYouMean(String word, Collection<String> candidates) {
      return didYouMean(DidYouMean.nearest(word, candidates).orElse(null));
    }

    /// Suggests a word; null suggests nothing.
    public Builder didYouMean(@Nullable String word) {
      suggestion = word;
      return this;
    }

    /// Adds a line of advice.
    public Builder hint(String line) {
      hints.add(line);
      return this;
    }

    /// Keeps the failure that led here.
    public Builder cause(@Nullable Throwable failure) {
      cause = failure;
      return this;
    }

    /// Makes the exception.
    public InputException build() {
      return new InputException(this);
    }

    private String render() {
      StringBuilder text = new StringBuilder(summary);
      if (place != null && !placeInSummary) {
        text.append(" in ").append(place);
      }
      if (place != null && place.text() != null && place.line() > 0) {
        String line = place.text().stripTrailing();
        String shown =
            line.length() <= LONGEST_SNIPPET ? line : line.substring(0, LONGEST_SNIPPET) + "...";
        text.append("\n  ").append(place.line()).append(" | ").append(shown);
      }
      if (expected != null) {
        text.append("\n  expected ").append(expected);
      }
      if (suggestion != null) {
        text.append("\n  did you mean '").append(suggestion).append("'?");
      }
      for (String hint : hints) {
        text.append("\n  ").append(hint);
      }
      return text.toString();
    }
  }
}
