package dev.autograd.cli;

import dev.autograd.spi.OpRegistry;
import dev.autograd.spi.OpRegistry.Problem;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// Loads plugins from jars, each with a class loader of its own.
final class Plugins {
  private static final String SERVICE = "META-INF/services/dev.autograd.spi.OpProvider";

  private Plugins() {}

  /// Returns the operations of the library and of these plugins.
  ///
  /// @param places jars, or folders of jars
  /// @throws CommandException with status 6 where one of them cannot be used
  static OpRegistry load(List<Path> places) {
    OpRegistry registry = OpRegistry.load();
    refuse("the operation library", registry.problems());
    for (Path place : places) {
      for (Path jar : jars(place)) {
        add(registry, jar);
      }
    }
    return registry;
  }

  private static List<Path> jars(Path place) {
    if (!Files.exists(place)) {
      throw failure(place, "no such file", "Build the plugin first, or correct the path.", null);
    }
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    try (Stream<Path> inside = Files.list(place)) {
      List<Path> jars = inside.filter(p -> p.toString().endsWith(".jar")).sorted().toList();
      if (jars.isEmpty()) {
        throw failure(place, "the folder has no jars", "Name the jar, or its folder.", null);
      }
      return jars;
    } catch (IOException e) {
      throw failure(place, "the folder cannot be read: " + e.getMessage(), "", e);
    }
  }

  // The loader stays open: the plugin's classes are used until the process ends.
  @SuppressWarnings("resource")
  private static void add(OpRegistry registry, Path jar) {
    URL url;
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      if (zip.getEntry(SERVICE) == null) {
        throw failure(
            jar,
            "it names no provider of operations",
            "Name the class in " + SERVICE + " of the jar.",
            null);
      }
      url = jar.toUri().toURL();
    } catch (ZipException e) {
      throw failure(jar, "it is no jar, or is truncated", "Build or copy it again.", e);
    } catch (IOException e) {
      throw failure(jar, "it cannot be read: " + e.getMessage(), "Check its permissions.", e);
    }
    int before = registry.problems().size();
    URLClassLoader loader =
        new URLClassLoader(jar.toString(), new URL[] {url}, Plugins.class.getClassLoader());
    registry.load(loader, jar.toString());
    refuse(jar.toString(), registry.problems().subList(before, registry.problems().size()));
  }

  private static void refuse(String what, List<Problem> problems) {
    if (!problems.isEmpty()) {
      StringBuilder message = new StringBuilder("cannot use plugin " + what);
      problems.forEach(p -> message.append("\n  ").append(p.message()));
      throw new CommandException(ExitStatus.PLUGIN, message.toString());
    }
  }

  private static CommandException failure(
      Path place, String reason, String fix, @Nullable Throwable cause) {
    return new CommandException(
        ExitStatus.PLUGIN,
        "cannot use plugin " + place + ": " + reason + (fix.isEmpty() ? "" : "\n  " + fix),
        cause);
  }
}
