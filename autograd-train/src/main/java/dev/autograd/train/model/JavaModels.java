package dev.autograd.train.model;

import dev.autograd.nn.Layer;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes models that are Java classes.
///
/// The first of these constructors is called: `(int[] sampleShape, int outputs)`, `(int inputs, int
/// outputs)`, and one without parameters.
final class JavaModels {
  private static final String CONSTRUCTORS =
      "a constructor (int[] sampleShape, int outputs), (int inputs, int outputs) or ()";

  private JavaModels() {}

  /// Makes the model of a source file: its one public class that extends `Layer`, or its only one.
  static Layer make(JavaSource source, ModelShape shape) {
    Place place = Place.of(source.file());
    List<Class<?>> models = source.classes().stream().filter(JavaModels::isModel).toList();
    List<Class<?>> top = models.stream().filter(c -> c.getEnclosingClass() == null).toList();
    List<Class<?>> candidates = top.isEmpty() ? models : top;
    List<Class<?>> open =
        candidates.stream().filter(c -> Modifier.isPublic(c.getModifiers())).toList();
    if (open.size() == 1) {
      return make(open.getFirst(), shape, place);
    }
    if (candidates.size() == 1) {
      return make(candidates.getFirst(), shape, place);
    }
    if (candidates.isEmpty()) {
      throw InputException.config("there is no model")
          .at(place)
          .expected("a class that extends dev.autograd.nn.Layer and is not abstract")
          .hint(
              source.classes().isEmpty()
                  ? "The file declares no class."
                  : "classes: " + names(source.classes()))
          .build();
    }
    throw InputException.config("there are several models: " + names(candidates))
        .at(place)
        .hint("Make the one to train public.")
        .build();
  }

  private static String names(List<Class<?>> classes) {
    return String.join(", ", classes.stream().map(Class::getName).toList());
  }

  private static boolean isModel(Class<?> type) {
    return Layer.class.isAssignableFrom(type)
        && !Modifier.isAbstract(type.getModifiers())
        && (type.getEnclosingClass() == null || Modifier.isStatic(type.getModifiers()));
  }

  /// Makes the model of a class on the class path or in a plugin.
  static Layer named(String className, OpRegistry registry, ModelShape shape, Place place) {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    loaders.add(JavaModels.class.getClassLoader());
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null) {
      loaders.add(context);
    }
    for (OpRegistry.Entry entry : registry.entries()) {
      ClassLoader loader = entry.prototype().getClass().getClassLoader();
      if (loader != null) {
        loaders.add(loader);
      }
    }
    for (ClassLoader loader : loaders) {
      try {
        Class<?> type = Class.forName(className, true, loader);
        if (!isModel(type)) {
          throw InputException.config("class " + className + " is no model")
              .at(place)
              .expected("one that extends dev.autograd.nn.Layer and is not abstract")
              .build();
        }
        return make(type, shape, place);
      } catch (ClassNotFoundException notThere) {
        // The next loader may have it.
      } catch (LinkageError e) {
        throw InputException.config("cannot load the class %s: %s".formatted(className, e))
            .at(place)
            .cause(e)
            .build();
      }
    }
    throw InputException.config("there is no class " + className)
        .at(place)
        .hint("Name it in full, such as com.example.Net, and give the jar that holds it.")
        .build();
  }

  private static Layer make(Class<?> type, ModelShape shape, Place place) {
    List<Class<?>[]> signatures =
        List.of(
            new Class<?>[] {int[].class, int.class},
            new Class<?>[] {int.class, int.class},
            new Class<?>[] {});
    List<Object[]> arguments =
        List.of(
            new Object[] {shape.sample(), shape.outputs()},
            new Object[] {shape.inputs(), shape.outputs()},
            new Object[] {});
    for (int i = 0; i < signatures.size(); i++) {
      Constructor<?> constructor = constructor(type, signatures.get(i));
      if (constructor != null) {
        return call(constructor, arguments.get(i), place);
      }
    }
    List<String> found =
        Stream.of(type.getDeclaredConstructors()).map(Constructor::toString).toList();
    throw InputException.config("cannot make a " + type.getName())
        .at(place)
        .expected(CONSTRUCTORS)
        .hint("It has " + String.join(", ", found))
        .build();
  }

  private static @Nullable Constructor<?> constructor(Class<?> type, Class<?>[] parameters) {
    try {
      return type.getDeclaredConstructor(parameters);
    } catch (NoSuchMethodException notThere) {
      return null;
    }
  }

  private static Layer call(Constructor<?> constructor, Object[] arguments, Place place) {
    try {
      constructor.trySetAccessible();
      return (Layer) constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      Path file = place.file();
      throw InputException.config("the model's constructor failed: " + said(cause))
          .at(file == null ? place : place(file, cause))
          .cause(cause)
          .build();
    } catch (ReflectiveOperationException e) {
      throw InputException.config(
              "cannot call the constructor of " + constructor.getDeclaringClass().getName())
          .at(place)
          .cause(e)
          .build();
    }
  }

  static String said(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  /// Returns the line of a source file that a failure came through, or the file.
  static Place place(Path file, Throwable failure) {
    String name = String.valueOf(file.getFileName());
    for (StackTraceElement frame : failure.getStackTrace()) {
      if (name.equals(frame.getFileName()) && frame.getLineNumber() > 0) {
        List<String> lines = new ArrayList<>();
        try {
          lines.addAll(Files.readAllLines(file));
        } catch (IOException goneMeanwhile) {
          return Place.of(file).at(frame.getLineNumber(), 0);
        }
        Place place = Place.of(file).at(frame.getLineNumber(), 0);
        return frame.getLineNumber() <= lines.size()
            ? place.withText(lines.get(frame.getLineNumber() - 1))
            : place;
      }
    }
    return Place.of(file);
  }
}
