package dev.autograd.train.model;

import dev.autograd.Function;
import dev.autograd.MultiFunction;
import dev.autograd.Operation;
import dev.autograd.nn.Lambda;
import dev.autograd.nn.Layer;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.config.LayerSpec;
import dev.autograd.train.config.Options;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns registered operations into layers: any of one tensor, a plugin's as well as the library's.
///
/// An operation is a record whose components are its attributes; options of the layer set them by
/// name, the others keep the values of the registered prototype.
record OperationLayers(OpRegistry registry) {

  List<String> names() {
    return registry.entries().stream().map(OpRegistry.Entry::name).toList();
  }

  boolean has(String name) {
    return registry.find(name) != null;
  }

  /// Makes a layer without options, such as an activation.
  Layer make(String name) {
    return layer(registry.require(name).prototype());
  }

  /// Makes a layer of the operation that the specification names.
  Layer make(LayerSpec spec) {
    Operation prototype = registry.require(spec.name()).prototype();
    RecordComponent[] components = prototype.getClass().getRecordComponents();
    List<String> attributes =
        components == null
            ? List.of()
            : Arrays.stream(components).map(RecordComponent::getName).toList();
    Options options =
        spec.options(attributes.isEmpty() ? null : attributes.getFirst())
            .accept(attributes.toArray(String[]::new));
    return layer(
        components == null || options.names().isEmpty()
            ? prototype
            : with(prototype, components, options, spec.place()));
  }

  private static Layer layer(Operation operation) {
    String name = operation.toString().replace("[]", "");
    return switch (operation) {
      case Function f -> new Lambda(name, f::apply);
      case MultiFunction f -> new Lambda(name, x -> f.apply(x)[0]);
    };
  }

  private static Operation with(
      Operation prototype, RecordComponent[] components, Options options, Place place) {
    List<Object> values = new ArrayList<>();
    try {
      for (RecordComponent c : components) {
        if (options.has(c.getName())) {
          values.add(value(c, options));
        } else {
          values.add(open(c.getAccessor()).invoke(prototype));
        }
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<? extends Operation> canonical =
          open(prototype.getClass().getDeclaredConstructor(types));
      return canonical.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw refused(prototype, e.getCause(), place);
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (e instanceof InputException wrong) {
        throw wrong;
      }
      throw refused(prototype, e, place);
    }
  }

  /// Opens what a plugin on the class path left non-public; in modules only exported types count.
  private static <T extends AccessibleObject> T open(T member) {
    member.trySetAccessible();
    return member;
  }

  private static InputException refused(
      Operation prototype, @Nullable Throwable cause, Place place) {
    return InputException.config(
            "operation '%s' does not take these options: %s"
                .formatted(prototype.name(), cause == null ? "" : cause.getMessage()))
        .at(place)
        .cause(cause)
        .build();
  }

  private static Object value(RecordComponent c, Options options) {
    String name = c.getName();
    Class<?> type = c.getType();
    if (type == int.class) {
      return options.integer(name, Integer.MIN_VALUE);
    } else if (type == long.class) {
      return (long) options.integer(name, Integer.MIN_VALUE);
    } else if (type == double.class) {
      return options.number(name, 0);
    } else if (type == float.class) {
      return (float) options.number(name, 0);
    } else if (type == boolean.class) {
      return options.truth(name, false);
    } else if (type == String.class) {
      return options.text(name, "");
    } else if (type == int[].class) {
      return options.integers(name, Integer.MIN_VALUE);
    } else if (type.isEnum()) {
      return constant(type, name, options);
    }
    throw InputException.config(
            "option '%s' of type %s cannot be written in a model file"
                .formatted(name, type.getSimpleName()))
        .at(options.place(name))
        .expected("one that is a number, a truth value, a text, or a list of whole numbers")
        .build();
  }

  private static Object constant(Class<?> type, String name, Options options) {
    Object[] constants = type.getEnumConstants();
    List<String> words = new ArrayList<>();
    for (Object each : constants) {
      words.add(((Enum<?>) each).name().toLowerCase(java.util.Locale.ROOT));
    }
    return constants[words.indexOf(options.word(name, words, words.getFirst()))];
  }
}
