package dev.autograd;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where in the program an operation was applied.
///
/// @param lines the innermost lines of the user's code, the library's and the platform's left out
/// @param parent the node in whose backward the operation was applied, if it was in one
public record ForwardPlace(List<StackTraceElement> lines, @Nullable Node parent) {
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final List<String> OTHERS = List.of("dev.autograd.", "java.", "jdk.", "sun.");

  /// Copies the list.
  public ForwardPlace {
    lines = List.copyOf(lines);
  }

  static ForwardPlace here(int limit) {
    List<StackTraceElement> lines =
        WALKER.walk(
            frames ->
                frames
                    .filter(ForwardPlace::isUsers)
                    .limit(limit)
                    .map(StackFrame::toStackTraceElement)
                    .toList());
    BackwardCall walk = ThreadState.current().walk;
    return new ForwardPlace(lines, walk == null ? null : walk.running());
  }

  private static boolean isUsers(StackFrame frame) {
    String name = frame.getClassName();
    return OTHERS.stream().noneMatch(name::startsWith);
  }

  /// Says where `node` was recorded.
  static String sentence(FunctionNode node) {
    ForwardPlace place = node.forwardPlace();
    if (place == null) {
      return "No forward place of " + node.name() + ": anomaly mode was off when it was recorded";
    }
    Node parent = place.parent;
    String begin = "The forward pass of " + node.name() + " ran " + place;
    return parent instanceof FunctionNode made
        ? begin + ", in the backward of " + made.name() + ". " + sentenceOfParent(made)
        : begin;
  }

  /// The parent's own parent is left to the note, which has room.
  private static String sentenceOfParent(FunctionNode made) {
    ForwardPlace place = made.forwardPlace();
    return place == null
        ? "No forward place of " + made.name()
        : "The forward pass of " + made.name() + " ran " + place;
  }

  /// Returns an exception to attach whose stack trace is the place, and whose causes are the places
  /// of the nodes in whose backward the node was made.
  static Throwable note(FunctionNode node) {
    Note note = null;
    Note first = null;
    for (Node each = node; each instanceof FunctionNode f; ) {
      ForwardPlace place = f.forwardPlace();
      Note next =
          new Note(
              place == null
                  ? sentence(f)
                  : (note == null ? "the forward pass of " : "made in the backward of ")
                      + f.name()
                      + (note == null ? " ran here" : ", whose forward pass ran here"));
      if (place != null) {
        next.setStackTrace(place.lines.toArray(new StackTraceElement[0]));
      }
      if (note == null || first == null) {
        first = next;
      } else {
        note.initCause(next);
      }
      note = next;
      each = place == null ? null : place.parent;
    }
    return first == null ? new Note("no place") : first;
  }

  /// Carries a place to whoever prints the error.
  private static final class Note extends Exception {
    private static final long serialVersionUID = 1L;

    Note(String message) {
      super(message);
      setStackTrace(new StackTraceElement[0]);
    }
  }

  /// Returns the innermost line: `at Model.forward(Model.java:12)`.
  @Override
  public String toString() {
    if (lines.isEmpty()) {
      return "at an unknown line";
    }
    StackTraceElement line = lines.getFirst();
    return "at "
        + line.getClassName()
        + "."
        + line.getMethodName()
        + "("
        + line.getFileName()
        + ":"
        + line.getLineNumber()
        + ")";
  }
}
