package dev.autograd.ops.linalg;

import static dev.autograd.ops.linalg.Einsum.einsum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.FunctionNode;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Diagonal;
import java.util.List;
import org.junit.jupiter.api.Test;

class EinsumTest {
  private static Tensor random(long seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F64, new Generator(seed)).requiresGrad(true);
  }

  /// Both have the same values and the same gradients under random weights.
  private static void assertSame(Tensor found, Tensor expected, Tensor... of) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    assertNear(found.toDoubleArray(), expected.toDoubleArray());
    Tensor weights = Tensor.randn(found.shape(), DType.F64, new Generator(99));
    List<Tensor> a = Autograd.grad(found.mul(weights).sum(), List.of(of));
    List<Tensor> b = Autograd.grad(expected.mul(weights).sum(), List.of(of));
    for (int i = 0; i < of.length; i++) {
      assertNear(a.get(i).toDoubleArray(), b.get(i).toDoubleArray());
    }
  }

  private static void assertNear(double[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-12));
    }
  }

  @Test
  void q92_stacksOfProductsAreMatmul() {
    Tensor a = random(1, 2, 3, 4);
    Tensor b = random(2, 2, 4, 5);
    assertSame(einsum("bij,bjk->bik", a, b), a.matmul(b), a, b);
    assertSame(einsum("bij,bjk->kbi", a, b), a.matmul(b).permute(2, 0, 1), a, b);
    assertSame(einsum("...ij,...jk", a, b.select(0, 0)), a.matmul(b.select(0, 0)), a, b);
  }

  @Test
  void q92_repeatedLettersAreDiagonals() {
    Tensor a = random(3, 4, 4);
    assertSame(einsum("ii->i", a), Diagonal.diagonal(a), a);
    assertSame(einsum("ii", a), Diagonal.trace(a), a);
    Tensor b = random(4, 3, 2, 3);
    assertSame(einsum("iji->ij", b), Diagonal.diagonal(b, 0, 0, 2).transpose(0, 1), b);
  }

  @Test
  void q92_lettersOfDifferentOperandsAreOuterProducts() {
    Tensor a = random(5, 3);
    Tensor b = random(6, 4);
    assertSame(einsum("i,j->ij", a, b), a.outer(b), a, b);
    assertSame(einsum("i,j", a, b), a.outer(b), a, b);
    assertSame(einsum("i,j->j", a, b), b.mul(a.sum()), a, b);
  }

  @Test
  void q92_whatIsNotNamedInTheResultIsSummed() {
    Tensor a = random(7, 2, 3);
    assertSame(einsum("ij->", a), a.sum(), a);
    assertSame(einsum("ij -> j", a), a.sum(0), a);
    assertSame(einsum("ba", a), a.t(), a);
    assertSame(einsum("ij,ij->i", a, a), a.square().sum(1), a);
  }

  @Test
  void q92_dotsBroadcast() {
    Tensor a = random(8, 2, 1, 3);
    Tensor b = random(9, 4, 3);
    assertSame(einsum("...i,...i->...", a, b), a.mul(b).sum(2), a, b);
    assertSame(einsum("...i,...i->i...", a, b), a.mul(b).permute(2, 0, 1), a, b);
    assertSame(einsum("...i->i", a), a.sum(0, 1), a);
    assertSame(einsum("...", a), a.clone(), a);
  }

  @Test
  void threeOperandsAreMultipliedInTurn() {
    Tensor a = random(10, 3, 2);
    Tensor b = random(11, 2, 5);
    Tensor c = random(12, 3, 5);
    assertSame(einsum("ij,jk,ik->ik", a, b, c), a.matmul(b).mul(c), a, b, c);
  }

  @Test
  void aBilinearFormHasThePromotedTypeAndGradientsInTheirOwn() {
    Tensor x = Tensor.ones(3).requiresGrad(true);
    Tensor a = random(13, 3, 3);
    Tensor y = einsum("i,ij,j->", x, a, x);
    assertThat(y.dtype()).isEqualTo(DType.F64);
    y.backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F32);
    assertThat(a.grad().toDoubleArray()).containsOnly(1);
  }

  @Test
  void onlyWhatOthersNeedIsSaved() {
    Tensor a = random(14, 2, 3);
    Tensor b = random(15, 3, 2).detach();
    assertThat(((FunctionNode) einsum("ij,jk->ik", a, b).gradFn()).savedValues())
        .containsExactly(b);
    assertThat(((FunctionNode) einsum("ij->ji", a).gradFn()).savedValues()).isEmpty();
  }

  @Test
  void theResultIsNeverAView() {
    Tensor a = random(16, 2, 2).detach();
    for (String equation : List.of("ij->ij", "ij->ji", "ii->i")) {
      double[] before = a.toDoubleArray();
      einsum(equation, a).add_(1);
      assertThat(a.toDoubleArray()).isEqualTo(before);
    }
  }

  @Test
  void whatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> einsum("ij,jk->ik", Tensor.ones(2, 3), Tensor.ones(4, 2)))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.SHAPE))
        .hasMessage(
            "einsum: a subscript must have one size, 'j' in 'ij,jk->ik' is both 3 and 4 (operand 1"
                + " of shape [4, 2])");
    assertThatThrownBy(() -> einsum("i.j", Tensor.ones(2, 3))).hasMessageContaining("got '.'");
    assertThatThrownBy(() -> einsum("...i...", Tensor.ones(2, 3))).hasMessageContaining("got '.'");
    assertThatThrownBy(() -> einsum("...ij", Tensor.ones(2))).hasMessageContaining("name 2");
    assertThatThrownBy(() -> einsum("i")).hasMessageContaining("at least one operand");
    assertThatThrownBy(() -> einsum("...i,...i", Tensor.ones(2, 3), Tensor.ones(4, 3)))
        .hasMessageContaining("'...' in '...i,...i' is both 2 and 4");
  }
}
