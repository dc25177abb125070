package dev.autograd.kernel.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.support.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepsTest {
  private static final int[] LENGTHS = {0, 1, 7, 16, 31, 32, 33, 100, 1024};

  // Twins: f32 as f64.

  private static List<SweepsF32.Sweep> allF32(SweepsF32 p) {
    return List.of(
        p.scale(),
        p.affine(),
        p.shifted(),
        p.times(),
        p.minus(),
        p.product(),
        p.add(),
        p.addCentred(),
        p.affineSums(),
        p.centredSums(),
        p.affineGradient(),
        p.centredGradient(),
        p.shiftedEach(),
        p.centredGradientEach(),
        p.parameterSums(),
        p.weighted(),
        p.rest(),
        p.minusEach(),
        p.weightedEach(),
        p.restEach());
  }

  @Test
  void everyPassHasTheSameBitsInVectorsAndInPlainJavaF32() {
    var plain = allF32(SweepsF32.PLAIN);
    var vector = allF32(Sweeps.vectorF32());
    for (int n : LENGTHS) {
      for (int k = 0; k < plain.size(); k++) {
        float[] a = Samples.floats(1, n + 1);
        float[] b = Samples.floats(2, n + 2);
        float[] c = Samples.floats(3, n + 9);
        float[] expected = Samples.floats(4, n + 200);
        float[] y = expected.clone();
        float[] expectedSums = Samples.floats(5, SweepsF32.length(n));
        float[] s = expectedSums.clone();
        SweepsF32.run(plain.get(k), n, a, 1, b, 2, c, 3, expected, 4, expectedSums);
        SweepsF32.run(vector.get(k), n, a, 1, b, 2, c, 3, y, 4, s);
        assertThat(y).as("pass %s of %s", k, n).isEqualTo(expected);
        assertThat(s).as("pass %s of %s", k, n).isEqualTo(expectedSums);
      }
    }
  }

  // End of twins.
}
