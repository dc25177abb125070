package dev.autograd.kernel.norm;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.Warmup;

/// The passes of this machine. The vector forms are loaded only where they can run.
final class Sweeps {
  private static final int N = 256;

  private Sweeps() {}

  // Twins: f32 as f64.

  /// Returns the passes over floats to use now.
  static SweepsF32 f32() {
    return F32.CHOICE.hot() ? F32.VECTOR : SweepsF32.PLAIN;
  }

  /// Returns the passes over floats in vectors, or in plain Java where there are none.
  static SweepsF32 vectorF32() {
    return F32.VECTOR;
  }

  private static final class F32 {
    static final SweepsF32 VECTOR = Simd.live() ? SweepsF32.vector() : SweepsF32.PLAIN;
    static final Warmup CHOICE =
        new Warmup("normalizations f32", exercise(VECTOR), exercise(SweepsF32.PLAIN));

    private F32() {}

    private static Runnable exercise(SweepsF32 p) {
      float[] a = new float[N];
      float[] y = new float[N];
      float[] s = new float[SweepsF32.length(N)];
      SweepsF32.Sweep[] all = {
        p.scale(),
        p.affine(),
        p.shifted(),
        p.times(),
        p.minus(),
        p.add(),
        p.affineSums(),
        p.centredSums(),
        p.affineGradient(),
        p.centredGradient(),
        p.parameterSums(),
        p.weighted(),
        p.rest(),
        p.minusEach(),
        p.weightedEach(),
        p.restEach()
      };
      return () -> {
        for (SweepsF32.Sweep pass : all) {
          SweepsF32.run(pass, N, a, 0, a, 0, a, 0, y, 0, s);
        }
      };
    }
  }

  // End of twins.
}
