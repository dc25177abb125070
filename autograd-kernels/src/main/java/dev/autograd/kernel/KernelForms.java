package dev.autograd.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Which form the families of kernels run in, for whoever wants to know why something is slow.
///
/// All forms give the same bits.
public final class KernelForms {
  /// A form, and how it came to it.
  public enum Form {
    /// Plain Java for good: the vector form never proved faster.
    REFUSED,
    /// Plain Java, since vectors are switched off or absent.
    PLAIN,
    /// Plain Java, until the vector form has proved faster; it is being tried.
    WARMING,
    /// Vectors.
    VECTOR,
    /// Nothing has been computed with it yet.
    UNUSED
  }

  private static final Map<String, List<Supplier<Form>>> FAMILIES = new ConcurrentHashMap<>();

  private KernelForms() {}

  /// Adds a member of a family that can tell its form.
  public static void add(String family, Supplier<Form> form) {
    FAMILIES.computeIfAbsent(family, _ -> new CopyOnWriteArrayList<>()).add(form);
  }

  /// Returns the form of every family that is loaded, by name: the one furthest from vectors that
  /// any of its used members has.
  public static Map<String, Form> now() {
    Map<String, Form> now = new TreeMap<>();
    FAMILIES.forEach((family, members) -> now.put(family, furthest(members)));
    return now;
  }

  private static Form furthest(List<Supplier<Form>> members) {
    return members.stream().map(Supplier::get).min(Comparator.naturalOrder()).orElseThrow();
  }
}
