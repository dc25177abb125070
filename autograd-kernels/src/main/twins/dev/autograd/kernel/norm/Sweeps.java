package dev.autograd.kernel.norm;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.Warmup;

/// The passes of this machine. The vector forms are loaded only where they can run.
final class Sweeps {
  private static final int N = 256;

  private Sweeps() {}

  // Twins: f32 as f64.

  /// Returns the passes over floats, each of which goes over to vectors by itself.
  static SweepsF32 f32() {
    return F32.CHOSEN;
  }

  /// Returns the passes over floats in vectors, or in plain Java where there are none.
  static SweepsF32 vectorF32() {
    return F32.VECTOR;
  }

  private static final class F32 {
    static final float[] A = new float[N];
    static final float[] Y = new float[N];
    static final float[] S = new float[SweepsF32.length(N)];
    static final SweepsF32 VECTOR = Simd.live() ? SweepsF32.vector() : SweepsF32.PLAIN;
    static final SweepsF32 CHOSEN = SweepsF32.PLAIN.with(VECTOR, F32::choice);

    private F32() {}

    private static SweepsF32.Sweep choice(SweepsF32.Sweep plain, SweepsF32.Sweep vector) {
      var choice = new Warmup("normalizations f32", exercise(vector), exercise(plain));
      return (n, a, ai, b, bi, c, ci, y, o, s) ->
          SweepsF32.run(choice.hot() ? vector : plain, n, a, ai, b, bi, c, ci, y, o, s);
    }

    private static Runnable exercise(SweepsF32.Sweep pass) {
      return () -> SweepsF32.run(pass, N, A, 0, A, 0, A, 0, Y, 0, S);
    }
  }

  // End of twins.
}
