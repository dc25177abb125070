package dev.autograd.ops.pointwise;

import static dev.autograd.ops.elementary.ScalarPow.pow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which types and shapes meet, what comes out, and how the rest is refused.
class TypesAndShapesTest {

  private static Tensor of(DType type, double... values) {
    return Tensor.of(values).to(type);
  }

  private static Tensor grad(Tensor x) {
    return Objects.requireNonNull(x.grad());
  }

  private static void refused(Supplier<Tensor> what, ErrorKind kind, String... parts) {
    assertThatThrownBy(what::get)
        .isInstanceOfSatisfying(AutogradException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContainingAll(parts);
  }

  @Test
  void P01_broadcast_dimensions_are_summed_back() {
    Tensor a = Tensor.ones(3, 1).requiresGrad(true);
    Tensor b = Tensor.ones(1, 4).requiresGrad(true);
    a.add(b).sum().backward();
    assertThat(grad(a).shape()).isEqualTo(Shape.of(3, 1));
    assertThat(grad(a).toDoubleArray()).containsOnly(4);
    assertThat(grad(b).shape()).isEqualTo(Shape.of(1, 4));
    assertThat(grad(b).toDoubleArray()).containsOnly(3);
  }

  @Test
  void P02_both_operands_may_be_the_same_tensor() {
    Tensor x = Tensor.of(new double[] {3}).requiresGrad(true);
    x.mul(x).add(x).add(x).backward();
    assertThat(grad(x).item()).isEqualTo(8);
  }

  @Test
  void P03_missing_leading_dimensions_are_summed_back() {
    Tensor x = Tensor.ones(2, 3, 4);
    Tensor b = Tensor.ones(4).requiresGrad(true);
    x.add(b).sum().backward();
    assertThat(grad(b).toDoubleArray()).containsExactly(6, 6, 6, 6);
  }

  @Test
  void P04_an_expanded_element_collects_all_gradients() {
    Tensor x = Tensor.ones(1).requiresGrad(true);
    x.expand(3).mul(Tensor.of(new float[] {1, 2, 3})).sum().backward();
    assertThat(grad(x).toDoubleArray()).containsExactly(6);
  }

  @Test
  void P06_each_gradient_has_its_inputs_type() {
    Tensor a = of(DType.F32, 1, 2).requiresGrad(true);
    Tensor b = of(DType.F64, 3, 4).requiresGrad(true);
    Tensor y = a.mul(b);
    assertThat(y.dtype()).isEqualTo(DType.F64);
    y.sum().backward();
    assertThat(grad(a).dtype()).isEqualTo(DType.F32);
    assertThat(grad(a).toDoubleArray()).containsExactly(3, 4);
    assertThat(grad(b).dtype()).isEqualTo(DType.F64);
  }

  @Test
  void P07_a_tensor_without_dimensions_promotes_by_category_only() {
    assertThat(of(DType.F32, 1, 2).mul(Tensor.scalar(3, DType.F64)).dtype()).isEqualTo(DType.F32);
    assertThat(of(DType.I32, 1, 2).mul(Tensor.scalar(3, DType.I64)).dtype()).isEqualTo(DType.I32);
    assertThat(of(DType.I64, 1, 2).mul(Tensor.scalar(0.5, DType.F64)).dtype()).isEqualTo(DType.F64);
    Tensor s = Tensor.scalar(3, DType.F64).requiresGrad(true);
    of(DType.F32, 1, 2).mul(s).sum().backward();
    assertThat(grad(s).dtype()).isEqualTo(DType.F64);
    assertThat(grad(s).item()).isEqualTo(3);
  }

  @Test
  void P08_a_number_does_not_promote_within_its_category() {
    assertThat(of(DType.F32, 1).mul(2.5).dtype()).isEqualTo(DType.F32);
    assertThat(of(DType.I64, 3).mul(2.5).toDoubleArray()).containsExactly(7.5);
    assertThat(of(DType.I64, 3).mul(2.5).dtype()).isEqualTo(DType.F32);
    assertThat(of(DType.I32, 3).mul(2).dtype()).isEqualTo(DType.I32);
  }

  @ParameterizedTest
  @CsvSource({
    "F32, F32, F32", "F32, F64, F64", "I64, F32, F32", "I32, I64, I64", "U8, I32, I32",
    "BOOL, F32, F32", "BOOL, I64, I64", "U8, U8, U8", "BOOL, BOOL, BOOL", "I64, I64, I64",
  })
  void sumsHaveTheCommonType(DType a, DType b, DType result) {
    Tensor y = of(a, 1, 0).add(of(b, 1, 1));
    assertThat(y.dtype()).isEqualTo(result);
    assertThat(y.toDoubleArray()).containsExactly(result == DType.BOOL ? 1 : 2, 1);
  }

  @Test
  void integersAreExactBeyondDoubles() {
    long big = (1L << 60) + 1;
    Tensor x = Tensor.of(new long[] {big});
    assertThat(x.add(Tensor.of(new long[] {2})).toLongArray()).containsExactly(big + 2);
    assertThat(x.neg().abs().maximum(Tensor.of(new long[] {5})).toLongArray()).containsExactly(big);
    assertThat(Tensor.of(new long[] {3}).pow(39).toLongArray())
        .containsExactly(4052555153018976267L);
    assertThat(Tensor.of(new long[] {-2}).pow(Tensor.of(new long[] {5})).toLongArray())
        .containsExactly(-32);
  }

  @Test
  void unsignedBytesWrapAndTruthValuesStayTruthValues() {
    assertThat(of(DType.U8, 200).add(of(DType.U8, 100)).toLongArray()).containsExactly(44);
    assertThat(of(DType.U8, 200).lt(of(DType.U8, 100)).toLongArray()).containsExactly(0);
    assertThat(of(DType.BOOL, 1, 1).mul(of(DType.BOOL, 1, 0)).dtype()).isEqualTo(DType.BOOL);
    assertThat(of(DType.BOOL, 1, 1).mul(of(DType.BOOL, 1, 0)).toLongArray()).containsExactly(1, 0);
  }

  @Test
  void integersAreDividedAndTakenToFunctionsAsSinglePrecision() {
    assertThat(of(DType.I64, 1).div(of(DType.I64, 4)).dtype()).isEqualTo(DType.F32);
    assertThat(of(DType.I64, 1).div(4).item()).isEqualTo(0.25);
    assertThat(of(DType.I32, 4).sqrt().dtype()).isEqualTo(DType.F32);
    assertThat(pow(2, of(DType.I32, 3)).item()).isEqualTo(8);
    assertThat(of(DType.I64, 7).floor().dtype()).isEqualTo(DType.I64);
  }

  @Test
  void remaindersOfIntegersHaveTheSignOfTheDivisor() {
    assertThat(
            of(DType.I64, -5, 5, -5, 5, 6).remainder(of(DType.I64, 3, -3, -3, 3, 3)).toLongArray())
        .containsExactly(1, -1, -2, 2, 0);
    refused(
        () -> of(DType.I32, 1).remainder(of(DType.I32, 0)),
        ErrorKind.ARGUMENT,
        "remainder",
        "by 0");
  }

  @Test
  void comparisonsReturnTruthValues() {
    Tensor x = Tensor.of(new double[] {1, 2, Double.NaN});
    assertThat(x.lt(2).dtype()).isEqualTo(DType.BOOL);
    assertThat(x.lt(2).toLongArray()).containsExactly(1, 0, 0);
    assertThat(x.ne(x).toLongArray()).containsExactly(0, 0, 1);
    assertThat(x.eq(x).toLongArray()).containsExactly(1, 1, 0);
    assertThat(x.isNan().toLongArray()).containsExactly(0, 0, 1);
    assertThat(of(DType.I64, 1, 2).ge(1.5).toLongArray()).containsExactly(0, 1);
    assertThat(of(DType.I64, 0, 2).logicalNot().toLongArray()).containsExactly(1, 0);
    assertThat(of(DType.I64, 0, 2).logicalOr(of(DType.F32, 0, 0)).toLongArray())
        .containsExactly(0, 1);
    assertThat(x.logicalAnd(x).toLongArray()).containsExactly(1, 1, 1);
  }

  @Test
  void aConditionMustBeBool() {
    refused(
        () -> of(DType.F32, 1).where(of(DType.F32, 1), of(DType.F32, 1)),
        ErrorKind.DTYPE,
        "where",
        "bool",
        "f32");
    refused(
        () -> of(DType.I64, 1).maskedFill(of(DType.BOOL, 1), 0.5), ErrorKind.DTYPE, "masked_fill");
  }

  @Test
  void halfPrecisionIsForStorageOnly() {
    Tensor half = Tensor.of(Storage.of(new short[] {0}, DType.F16), Shape.of(1));
    refused(() -> half.add(half), ErrorKind.DTYPE, "add", "f16", "DType.F32");
    refused(half::exp, ErrorKind.DTYPE, "exp", "f16");
  }

  @Test
  void truthValuesAreNotSubtracted() {
    refused(() -> of(DType.BOOL, 1).sub(of(DType.BOOL, 1)), ErrorKind.DTYPE, "sub", "bool");
    refused(() -> of(DType.BOOL, 1).neg(), ErrorKind.DTYPE, "neg", "logicalNot");
  }

  @Test
  void numbersThatIntegersCannotHoldAreNotCutOff() {
    refused(() -> of(DType.I32, 1).add(3e9), ErrorKind.ARGUMENT, "add_scalar", "i32");
    assertThat(of(DType.I64, 1).add(3e9).toLongArray()).containsExactly(3_000_000_001L);
    assertThat(of(DType.I32, 1).add(Double.POSITIVE_INFINITY).dtype()).isEqualTo(DType.F32);
    assertThat(of(DType.I64, -5, 5).clampMin(0).toLongArray()).containsExactly(0, 5);
    assertThat(of(DType.I64, -5, 5).clampMin(0).dtype()).isEqualTo(DType.I64);
    refused(
        () -> of(DType.I64, 1).maskedFill(of(DType.BOOL, 1), Double.NEGATIVE_INFINITY),
        ErrorKind.DTYPE,
        "masked_fill");
  }

  @Test
  void integersTakeNoNegativeExponent() {
    refused(() -> of(DType.I64, 2).pow(-1), ErrorKind.ARGUMENT, "pow", "negative");
  }

  @Test
  void shapesThatDoNotBroadcastAreNamed() {
    refused(
        () -> Tensor.ones(2, 3).mul(Tensor.ones(2, 4)),
        ErrorKind.SHAPE,
        "mul",
        "[2, 3]",
        "[2, 4]",
        "3 != 4");
  }

  @Test
  void viewsAndOffsetsAreReadWhereTheyAre() {
    Tensor x = Tensor.arange(12).to(DType.F32).reshape(3, 4);
    assertThat(x.select(0, 1).add(x.select(0, 2)).toDoubleArray()).containsExactly(12, 14, 16, 18);
    assertThat(x.slice(1, 1, 4, 2).neg().toDoubleArray()).containsExactly(-1, -3, -5, -7, -9, -11);
    assertThat(x.transpose(0, 1).add(x.transpose(0, 1)).select(0, 1).toDoubleArray())
        .containsExactly(2, 10, 18);
  }
}
