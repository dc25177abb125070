package dev.autograd.profile;

import dev.autograd.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a [Profiler] has seen.
///
/// @param threadId the thread that was profiled
/// @param events in the order in which they ended
public record Profile(long threadId, List<ProfileEvent> events) {
  /// What rows are sorted by, the largest first.
  public enum Order {
    /// Time without what is inside.
    SELF_TIME(Comparator.comparingLong(ProfileRow::selfNanos).reversed()),
    /// Time with what is inside.
    TOTAL_TIME(Comparator.comparingLong(ProfileRow::totalNanos).reversed()),
    /// How often.
    CALLS(Comparator.comparingLong(ProfileRow::calls).reversed()),
    /// Memory of the results.
    BYTES(Comparator.comparingLong(ProfileRow::bytes).reversed());

    @SuppressWarnings("ImmutableEnumChecker") // it compares by a getter, and keeps nothing
    private final Comparator<ProfileRow> comparator;

    Order(Comparator<ProfileRow> comparator) {
      this.comparator = comparator;
    }
  }

  private static final int WIDEST = 48;

  /// Returns the sums of the events of each name, sorted.
  public List<ProfileRow> averages(Order order) {
    return summed(order, false);
  }

  /// Returns the sums of the events of each name with inputs of the same shapes, sorted.
  public List<ProfileRow> averagesByShape(Order order) {
    return summed(order, true);
  }

  private record Key(ProfileEvent.Kind kind, String name, List<Shape> shapes) {}

  private List<ProfileRow> summed(Order order, boolean byShape) {
    Map<Key, ProfileRow> sums = new LinkedHashMap<>();
    for (ProfileEvent e : events) {
      Key key = new Key(e.kind(), e.name(), byShape ? e.shapes() : List.of());
      sums.merge(
          key,
          new ProfileRow(
              e.kind(), e.name(), key.shapes, 1, e.totalNanos(), e.selfNanos(), e.bytes()),
          ProfileRow::plus);
    }
    List<ProfileRow> rows = new ArrayList<>(sums.values());
    rows.sort(order.comparator.thenComparing(ProfileRow::name));
    return rows;
  }

  /// Returns how long the outermost events took together.
  public long totalNanos() {
    return events.stream().mapToLong(ProfileEvent::selfNanos).sum();
  }

  /// Returns a table of the 20 names that took most time themselves.
  public String table() {
    return table(Order.SELF_TIME, 20, false);
  }

  /// Returns a table of the first `rows` sums.
  ///
  /// @param byShape whether events of different shapes are kept apart
  public String table(Order order, int rows, boolean byShape) {
    List<ProfileRow> all = summed(order, byShape);
    List<ProfileRow> shown = all.subList(0, Math.min(rows, all.size()));
    long total = totalNanos();
    StringBuilder b = new StringBuilder();
    b.append(
        String.format(
            Locale.ROOT,
            "%-" + WIDEST + "s %8s %11s %6s %11s %11s %12s\n",
            "name",
            "calls",
            "self ms",
            "self",
            "total ms",
            "mean us",
            "bytes"));
    for (ProfileRow row : shown) {
      String name = row.shapes().isEmpty() ? row.name() : row.name() + " " + row.shapes();
      b.append(
          String.format(
              Locale.ROOT,
              "%-" + WIDEST + "s %8d %11.3f %5.1f%% %11.3f %11.2f %12d\n",
              name.length() <= WIDEST ? name : name.substring(0, WIDEST - 1) + "…",
              row.calls(),
              row.selfNanos() / 1e6,
              total == 0 ? 0 : 100.0 * row.selfNanos() / total,
              row.totalNanos() / 1e6,
              row.meanNanos() / 1e3,
              row.bytes()));
    }
    if (shown.size() < all.size()) {
      b.append("and ").append(all.size() - shown.size()).append(" more\n");
    }
    return b.append(String.format(Locale.ROOT, "%.3f ms in all\n", total / 1e6)).toString();
  }

  /// Writes the events in the format of Chrome's trace viewer and Perfetto, with an arrow from each
  /// recorded operation to the backward node it left.
  ///
  /// @throws IOException if `out` cannot be written
  public void writeChromeTrace(Appendable out) throws IOException {
    ChromeTrace.write(this, out);
  }
}
