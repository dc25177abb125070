package dev.autograd;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Hooks in the order of their registration; safe to change while they run.
final class HookList<H> {
  /// Equal hooks registered twice are two entries, so an entry is found by identity.
  private record Entry<H>(H hook, Object identity) {}

  private final List<Entry<H>> entries = new CopyOnWriteArrayList<>();

  RemovableHandle add(H hook) {
    Entry<H> entry = new Entry<>(hook, new Object());
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  List<H> hooks() {
    return entries.stream().map(Entry::hook).toList();
  }
}
