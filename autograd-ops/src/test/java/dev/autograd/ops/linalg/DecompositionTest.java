package dev.autograd.ops.linalg;

import static dev.autograd.ops.linalg.Cholesky.cholesky;
import static dev.autograd.ops.linalg.Det.det;
import static dev.autograd.ops.linalg.Eigh.eigh;
import static dev.autograd.ops.linalg.Eigh.eigvalsh;
import static dev.autograd.ops.linalg.Inverse.inverse;
import static dev.autograd.ops.linalg.Slogdet.slogdet;
import static dev.autograd.ops.linalg.Solve.solve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Generator;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Diagonal;
import dev.autograd.ops.shape.Undiagonal;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecompositionTest {
  private static Tensor matrix(int n, double... values) {
    return Tensor.of(values, n, n).requiresGrad(true);
  }

  private static double[] gradient(Tensor y, Tensor x) {
    return Autograd.grad(y, List.of(x)).get(0).toDoubleArray();
  }

  private static void assertNear(double[] found, double... expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).as("element %d", i).isCloseTo(expected[i], within(1e-12));
    }
  }

  @Test
  void emptyStacksMayBePartsOfOthers() {
    assertThat(inverse(Tensor.zeros(Shape.of(2, 0, 3, 3), DType.F64).select(0, 1)).shape())
        .isEqualTo(Shape.of(0, 3, 3));
  }

  @Test
  void q76_theGradientOfAnEigenvalueIsTheProjectionOnItsVector() {
    Tensor a = matrix(2, 2, 0, 0, 3);
    Eigh.EigenvaluesAndVectors e = eigh(a);
    assertThat(e.values().toDoubleArray()).containsExactly(2, 3);
    assertThat(gradient(e.values().select(0, 1), a)).containsExactly(0, 0, 0, 1);
  }

  @Test
  void q76_equalEigenvaluesHaveTheRightGradientInSum() {
    Tensor a = matrix(3, 2, 0, 0, 0, 2, 0, 0, 0, 5);
    // The sum of the two equal ones is smooth, and so is any symmetric function of all.
    Tensor w = eigvalsh(a);
    assertNear(gradient(w.narrow(0, 0, 2).sum(), a), 1, 0, 0, 0, 1, 0, 0, 0, 0);
    assertNear(gradient(eigvalsh(a).square().sum(), a), 4, 0, 0, 0, 4, 0, 0, 0, 10);
  }

  @Test
  void q76_vectorsOfEqualEigenvaluesAreNotDifferentiated() {
    Tensor a = Tensor.stack(List.of(matrix(2, 1, 0, 0, 4), matrix(2, 3, 0, 0, 3)), 0);
    Tensor v = eigh(a).vectors();
    assertThatThrownBy(() -> v.sum().backward())
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ARGUMENT))
        .hasMessage(
            "eigh: eigenvectors have a gradient only where the eigenvalues differ, eigenvalues 0"
                + " and 1 of matrix [1] are equal to working precision. Use the eigenvalues only,"
                + " or move them apart.");
    Tensor single = Tensor.of(new float[] {1, 0, 0, 1 + 0x1p-23f}, 2, 2).requiresGrad(true);
    assertThatThrownBy(() -> eigh(single).vectors().sum().backward())
        .hasMessageContaining("of the matrix are equal");
  }

  @Test
  void matricesComeBackFromTheirEigenvectorsWithTheirGradients() {
    Tensor a = Tensor.randn(Shape.of(2, 5, 5), DType.F64, new Generator(3)).requiresGrad(true);
    Eigh.EigenvaluesAndVectors e = eigh(a);
    Tensor back =
        e.vectors()
            .matmul(Undiagonal.diagEmbed(e.values(), 0))
            .matmul(e.vectors().transpose(-2, -1));
    Tensor symmetric = a.add(a.transpose(-2, -1)).div(2);
    assertNear(back.toDoubleArray(), symmetric.toDoubleArray());
    Tensor weights = Tensor.randn(Shape.of(2, 5, 5), DType.F64, new Generator(4));
    assertNear(gradient(back.mul(weights).sum(), a), gradient(symmetric.mul(weights).sum(), a));
  }

  @Test
  void q78_inversesAndDeterminants() {
    Tensor a = matrix(2, 2, 0, 0, 4);
    assertThat(gradient(inverse(a).sum(), a)).containsExactly(-0.25, -0.125, -0.125, -0.0625);
    assertThat(gradient(det(a), a)).containsExactly(4, 0, 0, 2);
  }

  @Test
  void q79_singularMatricesHaveTheCofactorsAsTheGradientOfTheirDeterminant() {
    Tensor a = matrix(3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertNear(gradient(det(a), a), -3, 6, -3, 6, -12, 6, -3, 6, -3);
    Tensor zeros = matrix(1, 0);
    assertThat(gradient(det(zeros), zeros)).containsExactly(1);
    Tensor rankOne = matrix(3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertNear(gradient(det(rankOne), rankOne), new double[9]);
    Tensor nothing = matrix(5, new double[25]);
    assertNear(gradient(det(nothing), nothing), new double[25]);
  }

  @Test
  void q79_secondDerivativesOfSingularDeterminantsAreExact() {
    // det = ad - bc: the second derivatives do not depend on the matrix.
    Tensor a = matrix(2, 0, 0, 0, 0);
    Tensor g = Autograd.grad(det(a), List.of(a), GradOptions.createGraph()).get(0);
    assertThat(g.toDoubleArray()).containsExactly(0, 0, 0, 0);
    Tensor weights = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    assertNear(gradient(g.mul(weights).sum(), a), 4, -3, -2, 1);
  }

  @Test
  void q79_thirdDerivativesOfTheDeterminantOfZeroAreThoseOfAProduct() {
    Tensor a = matrix(3, new double[9]);
    Tensor diagonal = Diagonal.diagonal(a);
    assertThat(diagonal.numel()).isEqualTo(3);
    Tensor first = Autograd.grad(det(a), List.of(a), GradOptions.createGraph()).get(0);
    Tensor second =
        Autograd.grad(first.select(0, 0).select(0, 0), List.of(a), GradOptions.createGraph())
            .get(0);
    // d³ det / da₀₀ da₁₁ da₂₂ = 1, d³ det / da₀₀ da₁₁ da₁₂ = 0
    assertNear(gradient(second.select(0, 1).select(0, 1), a), 0, 0, 0, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void aStackMayHoldRegularAndSingularMatrices() {
    Tensor a =
        Tensor.of(new double[] {2, 0, 0, 4, 1, 2, 2, 4, 0, 0, 0, 0}, 3, 2, 2).requiresGrad(true);
    Tensor y = det(a);
    assertThat(y.toDoubleArray()).containsExactly(8, 0, 0);
    y.sum().backward();
    assertNear(a.grad().toDoubleArray(), 4, 0, 0, 2, 4, -2, -2, 1, 0, 0, 0, 0);
  }

  @Test
  void q80_theGradientOfACholeskyFactorIsSymmetric() {
    Tensor a = matrix(2, 4, 2, 2, 10);
    Tensor l = cholesky(a);
    assertThat(l.toDoubleArray()).containsExactly(2, 0, 1, 3);
    double[] g = gradient(l.sum(), a);
    assertThat(g[1]).isEqualTo(g[2]);
    // log det a = 2 Σ ln lᵢᵢ, whose gradient is the inverse.
    Tensor logDet = Diagonal.diagonal(cholesky(a)).log().sum().mul(2);
    assertNear(gradient(logDet, a), inverse(a).toDoubleArray());
    assertNear(gradient(slogdet(a).logarithm(), a), inverse(a).toDoubleArray());
  }

  @Test
  void logarithmsOfDeterminantsDoNotOverflow() {
    Tensor a = Undiagonal.diagEmbed(Tensor.full(Shape.of(400), -1e3, DType.F64), 0);
    Slogdet.SignAndLogarithm y = slogdet(a);
    assertThat(y.sign().item()).isEqualTo(1);
    assertThat(y.logarithm().item()).isCloseTo(400 * Math.log(1e3), within(1e-9));
    assertThat(det(a).item()).isInfinite();
    Slogdet.SignAndLogarithm singular = slogdet(Tensor.zeros(2, 2));
    assertThat(singular.sign().item()).isZero();
    assertThat(singular.logarithm().item()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void systemsAreSolvedForVectorsAndStacks() {
    Tensor a = matrix(2, 0, 2, 4, 0);
    Tensor b = Tensor.of(new double[] {2, 8}).requiresGrad(true);
    Tensor x = solve(a, b);
    assertThat(x.toDoubleArray()).containsExactly(2, 1);
    List<Tensor> g = Autograd.grad(x.sum(), List.of(a, b));
    assertThat(g.get(1).toDoubleArray()).containsExactly(0.5, 0.25);
    assertThat(g.get(0).toDoubleArray()).containsExactly(-1, -0.5, -0.5, -0.25);
    Tensor stack = Tensor.ones(Shape.of(3, 1, 2, 5), DType.F64);
    assertThat(solve(a, stack).shape()).isEqualTo(Shape.of(3, 1, 2, 5));
    assertThat(solve(a.to(DType.F32), b).dtype()).isEqualTo(DType.F64);
  }

  @Test
  void singlePrecisionLosesNothingOnTheWay() {
    // Entries are exact in f32; the inverse of this matrix of condition 15514 is whole.
    float[] hilbert = new float[16];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        hilbert[4 * i + j] = 420f / (i + j + 1);
      }
    }
    float[] found = inverse(Tensor.of(hilbert, 4, 4)).mul(420).toFloatArray();
    float[] expected = {
      16, -120, 240, -140, -120, 1200, -2700, 1680, 240, -2700, 6480, -4200, -140, 1680, -4200, 2800
    };
    for (int i = 0; i < 16; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-5f * Math.abs(expected[i])));
    }
  }

  @Test
  void singularAndIndefiniteMatricesAreNamed() {
    Tensor stack = Tensor.of(new double[] {1, 0, 0, 1, 1, 2, 2, 4}, 2, 1, 2, 2);
    assertThatThrownBy(() -> inverse(stack))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ARGUMENT))
        .hasMessage(
            "inverse: matrices must have an inverse, matrix [1, 0] of order 2 is singular (pivot 1"
                + " is 0). Add a small multiple of the identity?");
    assertThatThrownBy(() -> cholesky(stack))
        .hasMessage(
            "cholesky: matrices must be positive definite, the leading minor of order 2 of matrix"
                + " [1, 0] of order 2 is not positive. Add a small multiple of the identity?");
    assertThatThrownBy(() -> solve(stack, Tensor.ones(3)))
        .hasMessageContaining("b must have as many rows as a, got a [2, 1, 2, 2] and b [3]");
  }
}
