package dev.autograd.kernel;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Which form the families of kernels run in, for whoever wants to know why something is slow.
///
/// All forms give the same bits.
public final class KernelForms {
  /// A form, and how it came to it.
  public enum Form {
    /// Plain Java, since vectors are switched off or absent.
    PLAIN,
    /// Nothing has been computed with it yet.
    UNUSED,
    /// Plain Java, until the vector form has proved faster; it is being tried.
    WARMING,
    /// Plain Java for good: the vector form never proved faster.
    REFUSED,
    /// Vectors.
    VECTOR
  }

  private static final Map<String, Supplier<Form>> FAMILIES = new ConcurrentHashMap<>();

  private KernelForms() {}

  /// Adds a family that can tell its form.
  public static void add(String family, Supplier<Form> form) {
    FAMILIES.put(family, form);
  }

  /// Returns the form of every family that is loaded, by name.
  public static Map<String, Form> now() {
    Map<String, Form> now = new TreeMap<>();
    FAMILIES.forEach((family, form) -> now.put(family, form.get()));
    return now;
  }
}
