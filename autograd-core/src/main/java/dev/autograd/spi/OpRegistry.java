package dev.autograd.spi;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Operation;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The operations of all plugins, by name.
///
/// A plugin that cannot be used is listed in [#problems] with the reason and the fix; it never
/// takes the others down.
public final class OpRegistry {

  /// One operation and where it comes from.
  ///
  /// @param prototype an instance with default attributes
  /// @param provider the name of the plugin
  /// @param source the jar or folder it was loaded from
  public record Entry(Operation prototype, String provider, String source) {
    /// Returns the operation's name.
    public String name() {
      return prototype.name();
    }
  }

  /// A plugin, or a part of one, that could not be used.
  ///
  /// @param source the jar or folder, as far as it is known
  /// @param message what is wrong and how to mend it
  public record Problem(String source, String message) {}

  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<String, Integer> providers = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /// Makes an empty registry.
  public OpRegistry() {}

  /// Returns a registry of the plugins that the context class loader and this class's loader see.
  public static OpRegistry load() {
    OpRegistry registry = new OpRegistry();
    ClassLoader own = OpRegistry.class.getClassLoader();
    registry.load(own, "application");
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null && context != own) {
      registry.load(context, "application");
    }
    return registry;
  }

  /// Adds the plugins that `loader` sees and that are not registered yet.
  ///
  /// @param origin what to call the place in messages: a jar's path
  /// @return how many plugins were added
  public int load(ClassLoader loader, String origin) {
    var found = ServiceLoader.load(OpProvider.class, loader).iterator();
    int added = 0;
    while (true) {
      OpProvider provider;
      try {
        if (!found.hasNext()) {
          return added;
        }
        provider = found.next();
      } catch (ServiceConfigurationError | LinkageError e) {
        problem(origin, "a plugin class cannot be loaded: " + reason(e) + ". Rebuild the plugin.");
        if (!(e instanceof ServiceConfigurationError)) {
          return added;
        }
        continue;
      }
      if (register(provider, origin)) {
        added++;
      }
    }
  }

  /// Adds a plugin's operations.
  ///
  /// @return whether the plugin was new and usable
  public boolean register(OpProvider provider, String origin) {
    String source = source(provider.getClass(), origin);
    List<Operation> operations;
    String name;
    try {
      int version = provider.apiVersion();
      name = provider.name();
      if (version > OpProvider.API_VERSION) {
        problem(
            source,
            "plugin '"
                + name
                + "' was built for plugin API "
                + version
                + ", this autograd offers "
                + OpProvider.API_VERSION
                + ". Update autograd, or use an older build of the plugin.");
        return false;
      }
      if (providers.containsKey(provider.getClass().getName())) {
        return false;
      }
      operations = provider.operations();
    } catch (RuntimeException | LinkageError e) {
      problem(source, "the plugin fails to start: " + reason(e) + ". Report it to its author.");
      return false;
    }
    providers.put(provider.getClass().getName(), operations.size());
    for (Operation op : operations) {
      Entry old = entries.get(op.name());
      if (old != null) {
        problem(
            source,
            "plugin '"
                + name
                + "' brings an operation '"
                + op.name()
                + "' that plugin '"
                + old.provider()
                + "' ("
                + old.source()
                + ") has already; the first one stays. Rename it, or leave one plugin out.");
        continue;
      }
      entries.put(op.name(), new Entry(op, name, source));
    }
    return true;
  }

  /// Returns all operations, by name.
  public Collection<Entry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  /// Returns the entry of an operation, or `null`.
  public @Nullable Entry find(String name) {
    return entries.get(name);
  }

  /// Returns the entry of an operation.
  ///
  /// @throws AutogradException (`OPERATION`) if there is none
  public Entry require(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new AutogradException(
          ErrorKind.OPERATION,
          "operation: there is no '" + name + "' among the " + entries.size() + " registered ones");
    }
    return entry;
  }

  /// Returns what could not be used, and why.
  public List<Problem> problems() {
    return Collections.unmodifiableList(problems);
  }

  private void problem(String source, String message) {
    problems.add(new Problem(source, message));
  }

  private static String reason(Throwable e) {
    Throwable cause = e.getCause() != null ? e.getCause() : e;
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  private static String source(Class<?> type, String origin) {
    CodeSource code = type.getProtectionDomain().getCodeSource();
    URL url = code == null ? null : code.getLocation();
    return url == null ? origin : url.getPath();
  }
}
