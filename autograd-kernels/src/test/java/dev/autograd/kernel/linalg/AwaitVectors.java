package dev.autograd.kernel.linalg;

import dev.autograd.kernel.KernelForms;
import dev.autograd.kernel.KernelForms.Form;
import dev.autograd.kernel.reduce.lanes.Rows;
import java.util.Map;

/// A program that asks for kernels until it is given the vector form of all families.
final class AwaitVectors {
  private static final long LIMIT_MILLIS = 60_000;

  private AwaitVectors() {}

  /// Prints whether the first answers were plain and the last ones vectors.
  public static void main(String[] args) throws InterruptedException {
    boolean plainFirst = vectors() == 0;
    int vectors = 0;
    for (long end = System.currentTimeMillis() + LIMIT_MILLIS;
        vectors < 4 && System.currentTimeMillis() < end; ) {
      Thread.sleep(10);
      vectors = vectors();
    }
    System.out.println("plain first " + plainFirst + ", vectors in the end " + (vectors == 4));
  }

  /// Returns how many of the four families serve their vector form.
  private static int vectors() {
    int n = Tiles.f32() instanceof VectorTileF32 ? 1 : 0;
    n += Tiles.f64() instanceof VectorTileF64 ? 1 : 0;
    float[] f = new float[64];
    double[] d = new double[64];
    Rows.f32().sum(f, 0, f.length);
    Rows.f64().sum(d, 0, d.length);
    Map<String, Form> forms = KernelForms.now();
    n += forms.get("reductions f32") == Form.VECTOR ? 1 : 0;
    return n + (forms.get("reductions f64") == Form.VECTOR ? 1 : 0);
  }
}
