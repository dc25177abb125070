package dev.autograd.train.data;

import dev.autograd.train.data.ColumnEncoding.Numeric;
import dev.autograd.train.data.TargetEncoding.ClassTarget;
import java.util.List;

/// Data made on the spot: two classes in the plane that no line divides.
///
/// Sines and logarithms are those of `StrictMath`, so the points are the same on every machine.
final class Synthetic {
  private static final long STREAM = 0x6D616B65L;
  private static final List<String> NAMES = List.of("0", "1");

  private Synthetic() {}

  static Dataset make(DataSpec.Synthetic spec, long seed) {
    SplitMix64 random = SplitMix64.of(seed, STREAM);
    float[] features = new float[2 * spec.samples()];
    int[] ids = new int[spec.samples()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i % 2;
      double t = random.nextDouble();
      double[] point =
          switch (spec.shape()) {
            case MOONS -> moon(t, ids[i]);
            case SPIRALS -> spiral(t, ids[i]);
          };
      features[2 * i] = (float) (point[0] + spec.noise() * random.nextGaussian());
      features[2 * i + 1] = (float) (point[1] + spec.noise() * random.nextGaussian());
    }
    return new Dataset(
        spec.toString(), features, new int[] {2}, new Targets.Classes(ids, NAMES), encoding());
  }

  static TableEncoding encoding() {
    return new TableEncoding(
        List.of(new Numeric("x", 0, 1), new Numeric("y", 0, 1)), new ClassTarget("class", NAMES));
  }

  /// Two half circles of radius 1 that reach into each other.
  private static double[] moon(double t, int id) {
    double angle = Math.PI * t;
    double x = StrictMath.cos(angle);
    double y = StrictMath.sin(angle);
    return id == 0 ? new double[] {x, y} : new double[] {1 - x, 0.5 - y};
  }

  /// Two arms of an Archimedean spiral, one and a half turns each, out to radius 1.
  private static double[] spiral(double t, int id) {
    double angle = 3 * Math.PI * t + id * Math.PI;
    return new double[] {t * StrictMath.cos(angle), t * StrictMath.sin(angle)};
  }
}
