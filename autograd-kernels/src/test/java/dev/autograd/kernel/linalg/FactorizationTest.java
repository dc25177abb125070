package dev.autograd.kernel.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Factors multiply back to the matrix they come from, up to rounding.
class FactorizationTest {
  private static final long SEED = 20_261_123;

  private static double[] random(int count, long salt) {
    var random = new SplittableRandom(SEED + salt);
    return random.doubles(count, -1, 1).toArray();
  }

  private static double[] product(int m, int k, int n, double[] a, double[] b) {
    double[] c = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < k; l++) {
          c[i * n + j] += a[i * k + l] * b[l * n + j];
        }
      }
    }
    return c;
  }

  private static double[] transposed(int n, double[] a) {
    double[] t = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        t[j * n + i] = a[i * n + j];
      }
    }
    return t;
  }

  private static double[] symmetric(int n, long salt) {
    double[] a = random(n * n, salt);
    double[] t = transposed(n, a);
    for (int i = 0; i < a.length; i++) {
      t[i] = (t[i] + a[i]) / 2;
    }
    return t;
  }

  private static void assertNear(double[] found, double[] expected, double error) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).as("element %d", i).isCloseTo(expected[i], within(error));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 33, 70})
  void solutionsFulfilTheirEquations(int n) {
    double[] a = random(n * n, n);
    double[] b = random(n * 3, n + 1);
    double[] factors = a.clone();
    int[] rows = new int[n];
    Lu.factor(n, factors, 0, rows, 0);
    double[] x = new double[n * 3];
    Lu.solve(n, 3, factors, 0, rows, 0, b, 0, x, 0);

    assertThat(Lu.singularAt(n, factors, 0)).isEqualTo(-1);
    assertNear(product(n, n, 3, a, x), b, 1e-11 * n);
  }

  @Test
  void pivotsKeepTheirSignAndNameTheSingularColumn() {
    double[] swapped = {0, 1, 1, 0};
    int[] rows = new int[2];
    assertThat(Lu.factor(2, swapped, 0, rows, 0)).isEqualTo(-1);
    assertThat(rows).containsExactly(1, 0);

    double[] singular = {1, 2, 3, 2, 4, 6, 1, 0, 1};
    int[] three = new int[3];
    Lu.factor(3, singular, 0, three, 0);
    assertThat(Lu.singularAt(3, singular, 0)).isEqualTo(2);
  }

  @Test
  void aMatrixInTheMiddleOfAnArrayIsTheOnlyOneTouched() {
    double[] a = {9, 9, 4, 2, 2, 3, 9};
    assertThat(Cholesky.factor(2, a, 2)).isZero();
    assertThat(a).containsExactly(9, 9, 2, 0, 1, Math.sqrt(2), 9);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 40})
  void triangularFactorsMultiplyBack(int n) {
    double[] r = random(n * n, n);
    double[] a = product(n, n, n, r, transposed(n, r));
    for (int i = 0; i < n; i++) {
      a[i * n + i] += 1;
    }
    double[] l = a.clone();
    assertThat(Cholesky.factor(n, l, 0)).isZero();
    assertNear(product(n, n, n, l, transposed(n, l)), a, 1e-13 * n);
  }

  @Test
  void theFirstMinorThatIsNotPositiveIsNamed() {
    assertThat(Cholesky.factor(3, new double[] {1, 0, 0, 0, -1, 0, 0, 0, 1}, 0)).isEqualTo(2);
    assertThat(Cholesky.factor(1, new double[] {Double.NaN}, 0)).isEqualTo(1);
    assertThat(Cholesky.factor(1, new double[] {Double.POSITIVE_INFINITY}, 0)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 61, 120})
  void eigenvectorsDiagonaliseAndAreOrthonormal(int n) {
    double[] a = symmetric(n, n);
    double[] w = new double[n];
    double[] v = new double[n * n];
    assertThat(SymmetricEigen.decompose(n, a, 0, w, 0, v, 0)).isTrue();

    double[] scaled = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        scaled[i * n + j] = v[i * n + j] * w[j];
      }
    }
    assertNear(product(n, n, n, scaled, transposed(n, v)), a, 1e-14 * (n + 10));
    double[] identity = new double[n * n];
    for (int i = 0; i < n; i++) {
      identity[i * n + i] = 1;
    }
    assertNear(product(n, n, n, transposed(n, v), v), identity, 1e-14 * (n + 10));
    assertThat(w).isSorted();
    for (int j = 0; j < n; j++) {
      double greatest = 0;
      for (int i = 0; i < n; i++) {
        greatest = Math.abs(v[i * n + j]) > Math.abs(greatest) ? v[i * n + j] : greatest;
      }
      assertThat(greatest).isPositive();
    }
  }

  @Test
  void repeatedAndVanishingEigenvaluesAreFound() {
    int n = 6;
    double[] ones = new double[n * n];
    Arrays.fill(ones, 1);
    double[] w = new double[n];
    assertThat(SymmetricEigen.decompose(n, ones, 0, w, 0, new double[n * n], 0)).isTrue();
    assertNear(w, new double[] {0, 0, 0, 0, 0, 6}, 1e-14);

    assertThat(SymmetricEigen.decompose(n, new double[n * n], 0, w, 0, new double[n * n], 0))
        .isTrue();
    assertThat(w).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-160, 1e150, 1e300})
  void eigenvaluesScaleWithTheMatrix(double scale) {
    double[] a = {2 * scale, scale, scale, 2 * scale};
    double[] w = new double[2];
    assertThat(SymmetricEigen.decompose(2, a, 0, w, 0, new double[4], 0)).isTrue();
    assertThat(w[0] / scale).isCloseTo(1, within(1e-14));
    assertThat(w[1] / scale).isCloseTo(3, within(1e-14));
  }

  @Test
  void gradedMatricesConverge() {
    double[] a = {1, 0, 0, 0, 2e-170, 1e-171, 0, 1e-171, 2e-170};
    double[] w = new double[3];
    assertThat(SymmetricEigen.decompose(3, a, 0, w, 0, new double[9], 0)).isTrue();
    assertThat(w[0]).isCloseTo(1.9e-170, within(1e-184));
    assertThat(w[1]).isCloseTo(2.1e-170, within(1e-184));
    assertThat(w[2]).isEqualTo(1);
  }

  @Test
  void whatIsNotFiniteIsRefused() {
    double[] w = new double[1];
    double[] v = new double[1];
    assertThat(SymmetricEigen.decompose(1, new double[] {Double.NaN}, 0, w, 0, v, 0)).isFalse();
    double[] infinite = {Double.NEGATIVE_INFINITY};
    assertThat(SymmetricEigen.decompose(1, infinite, 0, w, 0, v, 0)).isFalse();
  }
}
