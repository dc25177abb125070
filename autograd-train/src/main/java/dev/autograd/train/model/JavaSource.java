package dev.autograd.train.model;

import dev.autograd.spi.OpRegistry;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// One Java source file, compiled in memory and loaded.
///
/// Its classes see what this program sees: the modules it runs with, the class path, and the
/// plugins' jars. They live in a class loader of their own, so two files may have classes of the
/// same name.
public final class JavaSource {
  private static final int MOST_ERRORS = 10;

  private final Path file;
  private final List<Class<?>> classes;

  private JavaSource(Path file, List<Class<?>> classes) {
    this.file = file;
    this.classes = classes;
  }

  /// Returns the source file.
  public Path file() {
    return file;
  }

  /// Returns the classes in it, nested ones too, in the order the compiler wrote them.
  public List<Class<?>> classes() {
    return List.copyOf(classes);
  }

  /// Compiles a file.
  ///
  /// @param registry whose plugins' classes the source may use
  /// @throws InputException of kind CONFIG when the file cannot be read, does not compile (with the
  ///   compiler's messages and lines), or this Java has no compiler
  public static JavaSource compile(Path file, OpRegistry registry) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw InputException.config("cannot compile " + file + ": this Java has no compiler")
          .expected("a JDK, with the module jdk.compiler")
          .build();
    }
    String text = read(file);
    Set<ClassLoader> plugins = new LinkedHashSet<>();
    Set<Path> pluginPlaces = new LinkedHashSet<>();
    for (OpRegistry.Entry entry : registry.entries()) {
      Class<?> type = entry.prototype().getClass();
      if (!type.getModule().isNamed() && type.getClassLoader() != null) {
        plugins.add(type.getClassLoader());
        location(type).ifPresent(pluginPlaces::add);
      }
    }
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    Memory memory =
        new Memory(
            compiler.getStandardFileManager(problems, Locale.ENGLISH, StandardCharsets.UTF_8));
    try (memory) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  memory,
                  problems,
                  options(pluginPlaces),
                  null,
                  List.of(new Text(file, text)))
              .call();
      if (!compiled) {
        throw doesNotCompile(file, text, problems.getDiagnostics());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Loader loader = new Loader(memory.bytes(), plugins);
    List<Class<?>> classes = new ArrayList<>();
    for (String name : memory.written.keySet()) {
      try {
        classes.add(loader.loadClass(name));
      } catch (ClassNotFoundException | LinkageError e) {
        throw InputException.config("cannot load the class " + name + ": " + e.getMessage())
            .at(Place.of(file))
            .cause(e)
            .build();
      }
    }
    return new JavaSource(file, classes);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw InputException.io(InputException.Kind.CONFIG, "read the model", Place.of(file), e);
    }
  }

  private static java.util.Optional<Path> location(Class<?> type) {
    CodeSource code = type.getProtectionDomain().getCodeSource();
    return code == null || code.getLocation() == null
        ? java.util.Optional.empty()
        : java.util.Optional.of(Path.of(URI.create(code.getLocation().toString())));
  }

  private static List<String> options(Collection<Path> pluginPlaces) {
    List<String> options =
        new ArrayList<>(List.of("-proc:none", "-g", "-parameters", "-Xlint:none"));
    ModuleLayer layer = JavaSource.class.getModule().getLayer();
    List<String> modules = new ArrayList<>();
    if (layer != null) {
      for (ResolvedModule module : layer.configuration().modules()) {
        module
            .reference()
            .location()
            .filter(at -> "file".equals(at.getScheme()))
            .ifPresent(at -> modules.add(Path.of(at).toString()));
      }
    }
    if (!modules.isEmpty()) {
      options.addAll(
          List.of(
              "--module-path",
              String.join(File.pathSeparator, modules),
              "--add-modules",
              "ALL-MODULE-PATH"));
    }
    List<String> classPath = new ArrayList<>();
    pluginPlaces.forEach(at -> classPath.add(at.toString()));
    classPath.add(System.getProperty("java.class.path", ""));
    options.addAll(List.of("-classpath", String.join(File.pathSeparator, classPath)));
    return options;
  }

  private static InputException doesNotCompile(
      Path file, String text, List<Diagnostic<? extends JavaFileObject>> problems) {
    List<Diagnostic<? extends JavaFileObject>> errors =
        problems.stream().filter(d -> d.getKind() == Diagnostic.Kind.ERROR).toList();
    List<String> lines = text.lines().toList();
    if (errors.isEmpty()) {
      return InputException.config("the model does not compile").at(Place.of(file)).build();
    }
    Diagnostic<? extends JavaFileObject> first = errors.getFirst();
    InputException.Builder error =
        InputException.config("the model does not compile: " + message(first).strip())
            .at(place(file, lines, first));
    for (Diagnostic<? extends JavaFileObject> more :
        errors.subList(1, Math.min(errors.size(), MOST_ERRORS))) {
      error.hint(
          "and in %s: %s"
              .formatted(
                  place(file, lines, more), message(more).lines().findFirst().orElse("").strip()));
    }
    if (errors.size() > MOST_ERRORS) {
      error.hint("and %d more".formatted(errors.size() - MOST_ERRORS));
    }
    return error.build();
  }

  private static String message(Diagnostic<?> problem) {
    return problem.getMessage(Locale.ENGLISH);
  }

  private static Place place(Path file, List<String> lines, Diagnostic<?> problem) {
    int line = (int) Math.max(0, problem.getLineNumber());
    Place place = Place.of(file).at(line, (int) Math.max(0, problem.getColumnNumber()));
    return line > 0 && line <= lines.size() ? place.withText(lines.get(line - 1)) : place;
  }

  /// The source; a public class may be called otherwise than the file, as for `java File.java`.
  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(Path file, String text) {
      super(file.toUri(), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    @Override
    public boolean isNameCompatible(String simpleName, Kind kind) {
      return kind == Kind.SOURCE;
    }
  }

  /// Keeps class files in memory.
  private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

    Memory(StandardJavaFileManager files) {
      super(files);
    }

    Map<String, byte[]> bytes() {
      Map<String, byte[]> bytes = new LinkedHashMap<>();
      written.forEach((name, out) -> bytes.put(name, out.toByteArray()));
      return bytes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String className,
        JavaFileObject.Kind kind,
        @Nullable FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("memory:///" + className.replace('.', '/') + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          written.put(className, out);
          return out;
        }
      };
    }
  }

  /// Defines the compiled classes; others come from this program, then from the plugins.
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> bytes;
    private final Collection<ClassLoader> plugins;

    Loader(Map<String, byte[]> bytes, Collection<ClassLoader> plugins) {
      super(JavaSource.class.getClassLoader());
      this.bytes = bytes;
      this.plugins = plugins;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] own = bytes.get(name);
      if (own != null) {
        return defineClass(name, own, 0, own.length);
      }
      for (ClassLoader plugin : plugins) {
        try {
          return plugin.loadClass(name);
        } catch (ClassNotFoundException notThere) {
          // The next plugin may have it.
        }
      }
      throw new ClassNotFoundException(name);
    }
  }
}
