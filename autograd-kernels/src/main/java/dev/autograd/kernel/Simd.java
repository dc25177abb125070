package dev.autograd.kernel;

import java.util.Locale;

/// Which vector width the kernels run with, and why.
///
/// Decided once, from the system property `autograd.simd` (`auto`, `off`, `128`, `256` or `512`)
/// and from whether the module `jdk.incubator.vector` is in the module graph; where it is missing
/// unasked, a warning is logged once. Results do not depend on it.
///
/// # Note [One width]
///
/// All loops over one element type use vectors of one width, wherever the algorithm lets them: the
/// methods of the vector classes have one profile of receivers for the whole program. Once it knows
/// two widths, C2 inlines both into every operation whose receiver it cannot tell, as that of a
/// value which a loop carries; the value then stays an object, for good, and its loop twenty times
/// slower than it was. For the same reason such a value is the argument of the operation, where a
/// cast tells the class, and never its receiver: `p = x.add(p)`.
public final class Simd {

  private static final String PROPERTY = "autograd.simd";

  private static final Simd LIVE = resolve(System.getProperty(PROPERTY, "auto"));

  private final int bits;
  private final String reason;

  private Simd(int bits, String reason) {
    this.bits = bits;
    this.reason = reason;
  }

  /// Returns the width of a vector in bits, or 0 where loops are scalar.
  public static int bits() {
    return LIVE.bits;
  }

  /// Returns whether vector loops are used.
  public static boolean live() {
    return LIVE.bits > 0;
  }

  /// Returns one line for people: the width and what decided it.
  public static String description() {
    return (LIVE.bits > 0 ? LIVE.bits + "-bit vectors: " : "scalar loops: ") + LIVE.reason;
  }

  /// Returns whether the module `jdk.incubator.vector` can be used.
  public static boolean available() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /// Returns the widest vectors in bits that this virtual machine has on this processor, or 0 where
  /// the module is absent. Wider ones work, but are emulated, which is slower than plain Java.
  public static int widest() {
    return available() ? PreferredShape.widest() : 0;
  }

  private static Simd resolve(String setting) {
    String value = setting.trim().toLowerCase(Locale.ROOT);
    int wanted =
        switch (value) {
          case "auto" -> -1;
          case "off" -> 0;
          case "128", "256", "512" -> Integer.parseInt(value);
          default ->
              throw new IllegalArgumentException(
                  PROPERTY + ": must be auto, off, 128, 256 or 512, got " + setting);
        };
    if (wanted == 0) {
      return new Simd(0, "switched off by " + PROPERTY);
    }
    if (!available()) {
      String reason =
          "module jdk.incubator.vector is absent, add it with --add-modules jdk.incubator.vector";
      System.getLogger(Simd.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "Computing with scalar loops, several times slower: {0}",
              reason);
      return new Simd(0, reason);
    }
    if (wanted > 0) {
      int widest = PreferredShape.widest();
      if (wanted > widest) {
        System.getLogger(Simd.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "{0} asks for {1} bits, but vectors here have {2}: they are emulated, slower than"
                    + " plain Java",
                PROPERTY,
                String.valueOf(wanted),
                String.valueOf(widest));
        return new Simd(wanted, "set by " + PROPERTY + ", emulated: vectors here have " + widest);
      }
      return new Simd(wanted, "set by " + PROPERTY);
    }
    return new Simd(PreferredShape.bits(), "preferred by this machine");
  }

  /// Apart, so that the Vector API is not touched where its module is absent.
  private static final class PreferredShape {
    private PreferredShape() {}

    static int bits() {
      return jdk.incubator.vector.VectorShape.preferredShape().vectorBitSize();
    }

    static int widest() {
      return jdk.incubator.vector.VectorShape.S_Max_BIT.vectorBitSize();
    }
  }
}
