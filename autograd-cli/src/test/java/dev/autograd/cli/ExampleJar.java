package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Builds the jar of an example as its Maven project does: main classes and resources.
final class ExampleJar {
  private ExampleJar() {}

  static Path of(String example, Path folder) throws IOException {
    Path main = Path.of("..", "examples", example, "src", "main").toAbsolutePath().normalize();
    Path classes = Files.createDirectory(folder.resolve(example + "-classes"));
    compile(files(main.resolve("java")), classes);
    return jar(folder.resolve(example + ".jar"), classes, main.resolve("resources"));
  }

  /// Puts the files of some folders into a jar.
  static Path jar(Path jar, Path... roots) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (Path root : roots) {
        for (Path file : files(root)) {
          entries.putNextEntry(new ZipEntry(root.relativize(file).toString().replace('\\', '/')));
          Files.copy(file, entries);
        }
      }
    }
    return jar;
  }

  /// Compiles sources against the library.
  static void compile(List<Path> files, Path classes) throws IOException {
    List<String> options =
        List.of("-d", classes.toString(), "--class-path", System.getProperty("java.class.path"));
    StringWriter messages = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager sources = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  sources,
                  null,
                  options,
                  null,
                  sources.getJavaFileObjectsFromPaths(files))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
