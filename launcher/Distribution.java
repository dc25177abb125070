import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// Lays out the distribution: every jar of the run-time module path in `lib`, and a `stamp`.
///
/// Jars whose classes are older than class-file version 50 are rewritten for the release that runs
/// this: class-data sharing and AOT caches skip such classes, which costs about 0.1 s at every
/// start.
///
/// Usage: `java Distribution.java JARS-FOLDER OWN-JAR DIST`
final class Distribution {
  private static final int MAGIC = 0xCAFEBABE;
  private static final int FIRST_SHAREABLE = 50;

  public static void main(String[] args) throws IOException {
    Path jars = Path.of(args[0]);
    Path own = Path.of(args[1]);
    Path dist = Path.of(args[2]);
    Path next = dist.resolveSibling(dist.getFileName() + ".next");
    delete(next);
    Path lib = Files.createDirectories(next.resolve("lib"));
    try (Stream<Path> files = Files.list(jars)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
        place(jar, lib.resolve(jar.getFileName()));
      }
    }
    Files.copy(own, lib.resolve(own.getFileName()));
    Files.createFile(next.resolve("stamp"));
    // A jar of an older version must not be there the next time.
    delete(jars);
    delete(dist);
    Files.move(next, dist, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void place(Path from, Path to) throws IOException {
    Map<String, byte[]> classes = new HashMap<>();
    boolean old = false;
    try (JarFile jar = new JarFile(from.toFile(), false)) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().endsWith(".class")) {
          byte[] bytes = jar.getInputStream(entry).readAllBytes();
          classes.put(entry.getName(), bytes);
          old |= version(bytes) < FIRST_SHAREABLE;
        }
      }
      if (!old) {
        Files.copy(from, to);
        return;
      }
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
        for (JarEntry entry : jar.stream().toList()) {
          JarEntry written = new JarEntry(entry.getName());
          written.setTimeLocal(entry.getTimeLocal());
          out.putNextEntry(written);
          byte[] bytes = classes.get(entry.getName());
          if (bytes == null) {
            bytes = jar.getInputStream(entry).readAllBytes();
          } else if (version(bytes) < FIRST_SHAREABLE) {
            bytes = modern(bytes, classes);
          }
          out.write(bytes);
          out.closeEntry();
        }
      }
    }
  }

  private static int version(byte[] c) {
    int magic = (c[0] & 0xFF) << 24 | (c[1] & 0xFF) << 16 | (c[2] & 0xFF) << 8 | (c[3] & 0xFF);
    if (magic != MAGIC) {
      throw new IllegalArgumentException("not a class file");
    }
    return (c[6] & 0xFF) << 8 | (c[7] & 0xFF);
  }

  /// The class with the running release's version and the stack maps that this version asks for.
  private static byte[] modern(byte[] bytes, Map<String, byte[]> classes) {
    ClassHierarchyResolver siblings =
        ClassHierarchyResolver.ofResourceParsing(
            type -> {
              String d = type.descriptorString();
              byte[] sibling = classes.get(d.substring(1, d.length() - 1) + ".class");
              return sibling == null ? null : new ByteArrayInputStream(sibling);
            });
    // A new constant pool makes the methods be written anew, with stack maps, instead of copied.
    ClassFile file =
        ClassFile.of(
            ClassFile.ConstantPoolSharingOption.NEW_POOL,
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                siblings.orElse(ClassHierarchyResolver.defaultResolver())));
    // Without the old version element the running release's version is written.
    ClassTransform raise =
        ClassTransform.dropping(ClassFileVersion.class::isInstance)
            .andThen(ClassTransform.transformingMethodBodies(CodeBuilder::with));
    byte[] result = file.transformClass(file.parse(bytes), raise);
    List<VerifyError> errors = file.verify(result);
    if (!errors.isEmpty()) {
      throw errors.getFirst();
    }
    return result;
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
