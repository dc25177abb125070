package dev.autograd.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The arrows between the modules, what each may use, and names: what a compiler does not refuse.
///
/// Descriptors refuse most wrong arrows already; this also sees a descriptor that allows too much.
class ArchitectureTest {

  /// A module: where its types live, which of ours it may use, which libraries it may use.
  private record Module(Set<String> packages, Set<String> uses, Set<String> libraries) {}

  private static final Map<String, Module> MODULES =
      Map.of(
          "kernels", new Module(Set.of("dev.autograd.kernel"), Set.of(), Set.of("jdk.incubator")),
          "core", new Module(Set.of("dev.autograd"), Set.of(), Set.of()),
          "ops", new Module(Set.of("dev.autograd.ops"), Set.of("kernels", "core"), Set.of()),
          "nn",
              new Module(
                  Set.of("dev.autograd.nn", "dev.autograd.optim"),
                  Set.of("kernels", "core", "ops"),
                  Set.of()),
          "gradcheck",
              new Module(
                  Set.of("dev.autograd.gradcheck"),
                  Set.of("core"),
                  Set.of("net.jqwik", "org.junit", "org.opentest4j", "org.apiguardian")),
          "onnx",
              new Module(
                  Set.of("dev.autograd.onnx"),
                  Set.of("kernels", "core", "ops"),
                  Set.of("com.google.protobuf")),
          "train",
              new Module(
                  Set.of("dev.autograd.train"),
                  Set.of("kernels", "core", "ops", "nn"),
                  Set.of("org.snakeyaml", "tools.jackson", "de.siegmar.fastcsv")),
          "cli",
              new Module(
                  Set.of("dev.autograd.cli"),
                  Set.of("kernels", "core", "ops", "nn", "gradcheck", "onnx", "train"),
                  // The virtual machine's flags, for doctor.
                  Set.of("picocli", "com.sun.management")));

  /// Libraries that any module may use: the JDK's exported packages, and annotations.
  private static final Set<String> EVERYWHERE = Set.of("java", "javax", "org.jspecify");

  private static final Set<String> BANNED_WORDS =
      Set.of(
          "Utils",
          "Util",
          "Helper",
          "Helpers",
          "Manager",
          "Base",
          "Abstract",
          "Impl",
          "Common",
          "Misc",
          "Info",
          "Todo");

  private static final String GENERATED = "dev.autograd.onnx.proto";

  private static final Map<String, List<JavaClass>> CLASSES = new HashMap<>();
  private static final Map<String, String> MODULE_OF = new HashMap<>();

  @BeforeAll
  static void scan() {
    Path root = Path.of("").toAbsolutePath().getParent();
    for (String module : MODULES.keySet()) {
      Path folder = root.resolve("autograd-" + module);
      Path output = folder.resolve("target/classes");
      List<JavaClass> classes = new ArrayList<>();
      if (Files.isDirectory(output)) {
        new ClassFileImporter()
            .importPath(output).stream()
                .filter(c -> !c.getPackageName().equals(GENERATED))
                .filter(c -> !c.getSimpleName().endsWith("-info"))
                .forEach(classes::add);
      }
      if (Files.exists(folder.resolve("src/main/java/module-info.java"))) {
        assertThat(classes).as("classes of %s in %s", module, output).isNotEmpty();
      }
      CLASSES.put(module, classes);
      classes.forEach(c -> MODULE_OF.put(c.getName(), module));
    }
    assertThat(MODULE_OF).as("scanned classes").isNotEmpty();
  }

  @Test
  void typesLiveInThePackagesOfTheirModule() {
    assertThat(
            violations(
                (module, type) ->
                    homeOf(type.getPackageName()).equals(module)
                        ? Stream.of()
                        : Stream.of(
                            "%s is not in a package of %s".formatted(type.getName(), module))))
        .isEmpty();
  }

  @Test
  void arrowsPointOneWay() {
    assertThat(
            violations(
                (module, type) ->
                    targets(type)
                        .filter(d -> MODULE_OF.containsKey(nameOf(d)))
                        .filter(d -> !mayUse(module, MODULE_OF.get(nameOf(d))))
                        .map(Dependency::getDescription)))
        .isEmpty();
  }

  @Test
  void librariesAreUsedOnlyWhereTheyBelong() {
    assertThat(
            violations(
                (module, type) ->
                    targets(type)
                        .filter(d -> !nameOf(d).startsWith("dev.autograd."))
                        .filter(d -> !isWithin(packageOf(d), EVERYWHERE))
                        .filter(d -> !isWithin(packageOf(d), MODULES.get(module).libraries()))
                        .map(Dependency::getDescription)))
        .isEmpty();
  }

  @Test
  void onePackageAloneKnowsJqwik() {
    Set<String> packages = new TreeSet<>();
    for (JavaClass type : CLASSES.get("gradcheck")) {
      if (targets(type).anyMatch(d -> isWithin(packageOf(d), Set.of("net.jqwik")))) {
        packages.add(type.getPackageName());
      }
    }
    assertThat(packages).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void noNativeCodeIsLoadedOrDeclared() {
    assertThat(
            violations(
                (module, type) ->
                    Stream.concat(
                        type.getAccessesFromSelf().stream()
                            .filter(ArchitectureTest::reachesNativeCode)
                            .map(JavaAccess::getDescription),
                        type.getMethods().stream()
                            .filter(m -> m.getModifiers().contains(JavaModifier.NATIVE))
                            .map(JavaMethod::getFullName))))
        .isEmpty();
  }

  @Test
  void onlyTheCommandLineEndsTheProcess() {
    assertThat(
            violations(
                (module, type) ->
                    type.getMethodCallsFromSelf().stream()
                        .filter(c -> !module.equals("cli"))
                        .filter(c -> Set.of("exit", "halt").contains(c.getName()))
                        .filter(
                            c ->
                                c.getTargetOwner().isEquivalentTo(System.class)
                                    || c.getTargetOwner().isEquivalentTo(Runtime.class))
                        .map(JavaAccess::getDescription)))
        .isEmpty();
  }

  @Test
  void typeNamesSayWhatTheTypeIs() {
    assertThat(
            violations(
                (module, type) ->
                    Stream.of(type.getSimpleName().split("(?<=[a-z0-9])(?=[A-Z])|_"))
                        .filter(BANNED_WORDS::contains)
                        .map(word -> "%s: '%s' says nothing".formatted(type.getName(), word))))
        .isEmpty();
  }

  @Test
  void theRulesSeeWhatTheyForbid() {
    JavaClass offender = new ClassFileImporter().importClass(Offender.class);
    assertThat(offender.getAccessesFromSelf()).anyMatch(ArchitectureTest::reachesNativeCode);
    assertThat(targets(offender)).anyMatch(d -> isWithin(packageOf(d), Set.of("com.tngtech")));
    assertThat(homeOf("dev.autograd.kernel.parallel")).isEqualTo("kernels");
    assertThat(homeOf("dev.autograd.graph")).isEqualTo("core");
    assertThat(mayUse("kernels", "core")).isFalse();
    assertThat(mayUse("core", "ops")).isFalse();
    assertThat(mayUse("ops", "core")).isTrue();
  }

  /// Breaks the rules on purpose, for the test above.
  private static final class Offender {
    @SuppressWarnings({"restricted", "UnusedMethod"})
    static void load(JavaClass type) {
      System.loadLibrary(type.getName());
    }
  }

  private static List<String> violations(BiFunction<String, JavaClass, Stream<String>> rule) {
    List<String> found = new ArrayList<>();
    CLASSES.forEach(
        (module, classes) -> classes.forEach(c -> rule.apply(module, c).forEach(found::add)));
    return found;
  }

  private static Stream<Dependency> targets(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream();
  }

  private static String nameOf(Dependency d) {
    return d.getTargetClass().getBaseComponentType().getName();
  }

  private static String packageOf(Dependency d) {
    JavaClass target = d.getTargetClass().getBaseComponentType();
    return target.isPrimitive() ? "java.lang" : target.getPackageName();
  }

  private static boolean isWithin(String name, Set<String> packages) {
    return packages.stream().anyMatch(p -> name.equals(p) || name.startsWith(p + "."));
  }

  private static boolean mayUse(String from, String to) {
    return from.equals(to) || MODULES.get(from).uses().contains(to);
  }

  /// The module with the longest package that holds the name; core has the root package.
  private static String homeOf(String packageName) {
    String home = "";
    int longest = -1;
    for (Map.Entry<String, Module> module : MODULES.entrySet()) {
      for (String p : module.getValue().packages()) {
        if (p.length() > longest && isWithin(packageName, Set.of(p))) {
          longest = p.length();
          home = module.getKey();
        }
      }
    }
    return home;
  }

  private static boolean reachesNativeCode(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    return switch (owner) {
      case "java.lang.System", "java.lang.Runtime" ->
          access.getName().equals("load") || access.getName().equals("loadLibrary");
      case "java.lang.foreign.Linker", "java.lang.foreign.SymbolLookup", "sun.misc.Unsafe" -> true;
      default -> owner.startsWith("jdk.internal.");
    };
  }
}
