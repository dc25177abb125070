package dev.autograd.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Operation;
import dev.autograd.Tensor;
import dev.autograd.spi.OpProvider;
import dev.autograd.spi.OpRegistry;
import dev.autograd.spi.TensorOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Provides;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The library is found on the class path and on the module path alike, and lists all it has.
class ProvidersTest {

  @Test
  void theModuleAndTheServiceFilesNameTheSameProviders() throws IOException {
    ModuleDescriptor module;
    try (InputStream in = CoreOps.class.getResourceAsStream("/module-info.class")) {
      module = ModuleDescriptor.read(Objects.requireNonNull(in));
    }
    assertThat(module.provides())
        .extracting(Provides::service)
        .containsExactlyInAnyOrder(OpProvider.class.getName(), TensorOperations.class.getName());
    for (Provides provides : module.provides()) {
      assertThat(provides.providers())
          .as(provides.service())
          .isEqualTo(serviceFile(provides.service()));
    }
  }

  private static List<String> serviceFile(String service) throws IOException {
    String file = "/META-INF/services/" + service;
    try (InputStream in = CoreOps.class.getResourceAsStream(file)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(l -> !l.isBlank()).toList();
    }
  }

  @Test
  void theFluentMethodsFindTheLibrary() {
    assertThat(Tensor.operations()).isInstanceOf(Operations.class);
  }

  @Test
  void theRegistryHoldsTheLibraryWithoutAProblem() {
    OpRegistry registry = OpRegistry.load();
    assertThat(registry.problems()).isEmpty();
    for (Operation op : new CoreOps().operations()) {
      assertThat(registry.require(op.name()).prototype()).isEqualTo(op);
    }
  }

  @Test
  void namesAreUnique() {
    Set<String> names = new HashSet<>();
    for (Operation op : new CoreOps().operations()) {
      assertThat(names.add(op.name())).as(op.name()).isTrue();
      assertThat(op.name()).matches("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    }
  }

  /// A room has a public static method for users; the gradients of others, which have none, are not
  /// registered.
  @Test
  void everyRoomIsListed() throws Exception {
    Set<Class<?>> listed = new HashSet<>();
    for (Operation op : new CoreOps().operations()) {
      listed.add(op.getClass());
    }
    List<Class<?>> missing = new ArrayList<>();
    for (Class<?> type : operationClasses()) {
      boolean room =
          Stream.of(type.getDeclaredMethods())
              .anyMatch(
                  m ->
                      java.lang.reflect.Modifier.isPublic(m.getModifiers())
                          && java.lang.reflect.Modifier.isStatic(m.getModifiers())
                          && m.getReturnType() == Tensor.class);
      if (room && !listed.contains(type)) {
        missing.add(type);
      }
    }
    assertThat(missing).isEmpty();
    assertThat(listed.size()).isGreaterThan(90);
  }

  private static List<Class<?>> operationClasses() throws Exception {
    Path root = Path.of(CoreOps.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve("dev/autograd/ops"))) {
      files
          .map(f -> root.relativize(f).toString())
          .filter(f -> f.endsWith(".class") && !f.endsWith("package-info.class"))
          .map(f -> f.substring(0, f.length() - ".class".length()).replace('/', '.'))
          .forEach(name -> found.add(load(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.stream().filter(c -> c.isRecord() && Operation.class.isAssignableFrom(c)).toList();
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, CoreOps.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
