package dev.autograd.profile;

import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Writes profiles in the Trace Event Format: a list of JSON objects, one for each event.
///
/// **Source** "Trace Event Format" of the Chromium project, complete events (`X`) and flows (`s`,
/// `f`).
final class ChromeTrace {
  private ChromeTrace() {}

  static void write(Profile profile, Appendable out) throws IOException {
    Set<Long> walked = new HashSet<>();
    for (ProfileEvent e : profile.events()) {
      if (e.kind() == ProfileEvent.Kind.BACKWARD && e.sequenceNumber() >= 0) {
        walked.add(e.sequenceNumber());
      }
    }
    out.append("{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n");
    out.append("  {\"ph\": \"M\", \"name\": \"process_name\", \"pid\": 1, \"args\": ");
    out.append("{\"name\": \"autograd\"}}\n");
    Set<Long> left = new HashSet<>();
    for (ProfileEvent e : profile.events()) {
      out.append(", ").append(event(profile, e)).append('\n');
      long number = e.sequenceNumber();
      if (e.kind() == ProfileEvent.Kind.OPERATION && walked.contains(number)) {
        left.add(number);
        out.append(flow("s", profile, e, ""));
      } else if (e.kind() == ProfileEvent.Kind.BACKWARD && left.contains(number)) {
        out.append(flow("f", profile, e, ", \"bp\": \"e\""));
      }
    }
    out.append("]}\n");
  }

  private static String event(Profile profile, ProfileEvent e) {
    return String.format(
        Locale.ROOT,
        "{\"ph\": \"X\", \"cat\": %s, \"name\": %s, \"pid\": 1, \"tid\": %d, \"ts\": %.3f,"
            + " \"dur\": %.3f, \"args\": {\"shapes\": %s, \"bytes\": %d, \"sequence\": %d}}",
        quoted(e.kind().name().toLowerCase(Locale.ROOT)),
        quoted(e.name()),
        profile.threadId(),
        e.startNanos() / 1e3,
        e.totalNanos() / 1e3,
        quoted(e.shapes().toString()),
        e.bytes(),
        e.sequenceNumber());
  }

  private static String flow(String phase, Profile profile, ProfileEvent e, String rest) {
    return String.format(
        Locale.ROOT,
        ", {\"ph\": \"%s\", \"cat\": \"backward\", \"name\": \"backward\", \"id\": %d, \"pid\": 1,"
            + " \"tid\": %d, \"ts\": %.3f%s}\n",
        phase,
        e.sequenceNumber(),
        profile.threadId(),
        e.startNanos() / 1e3,
        rest);
  }

  /// Returns a JSON string: quotes, backslashes and control characters are escaped, and so are
  /// halves of surrogate pairs, which no encoding could write.
  static String quoted(String s) {
    StringBuilder b = new StringBuilder(s.length() + 2).append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < s.length()
              && Character.isLowSurrogate(s.charAt(i + 1));
      if (c == '"' || c == '\\') {
        b.append('\\').append(c);
      } else if (pair) {
        b.append(c).append(s.charAt(++i));
      } else if (c < ' ' || Character.isSurrogate(c)) {
        b.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        b.append(c);
      }
    }
    return b.append('"').toString();
  }
}
