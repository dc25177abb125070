package dev.autograd;

import static dev.autograd.DType.BF16;
import static dev.autograd.DType.BOOL;
import static dev.autograd.DType.F16;
import static dev.autograd.DType.F32;
import static dev.autograd.DType.F64;
import static dev.autograd.DType.I32;
import static dev.autograd.DType.I64;
import static dev.autograd.DType.U8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DTypeTest {
  @ParameterizedTest
  @CsvSource({
    "BOOL, U8, U8", "BOOL, F32, F32", "U8, I32, I32", "I32, I64, I64", "I64, F32, F32",
    "I64, F16, F16", "F32, F64, F64", "F16, BF16, F32", "F16, F32, F32", "F64, F64, F64",
  })
  void promotionPicksTheWiderKindThenTheWiderType(DType a, DType b, DType expected) {
    assertThat(DType.promote(a, b)).isEqualTo(expected);
    assertThat(DType.promote(b, a)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "F32, 2.5, F32",
    "F64, 1, F64",
    "I32, 2, I32",
    "I64, 2.5, F32",
    "U8, Infinity, F32",
    "I32, NaN, F32",
    "BOOL, 1, I64",
    "BOOL, 0.5, F32"
  })
  void aNumberPromotesOnlyAcrossKinds(DType tensor, double number, DType expected) {
    assertThat(DType.promoteScalar(tensor, number)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void arraysFitTheirTypes(DType type) {
    Object array = type.newArray(3);
    assertThat(Array.getLength(array)).isEqualTo(3);
    assertThat(Storage.of(array, type).dtype()).isEqualTo(type);
    assertThat(Storage.zeros(type, 3).getDouble(2)).isZero();
    assertThat(type).hasToString(type.name().toLowerCase(Locale.ROOT));
  }

  @Test
  void kinds() {
    assertThat(DType.values()).filteredOn(DType::isFloating).containsExactly(F16, BF16, F32, F64);
    assertThat(DType.values()).filteredOn(DType::isInteger).containsExactly(U8, I32, I64);
    assertThat(BOOL.bytes() + U8.bytes() + I32.bytes() + I64.bytes()).isEqualTo(14);
    assertThat(F64.bytes()).isEqualTo(8);
  }

  @Test
  void storagesReadEveryType() {
    assertThat(Storage.of(new byte[] {-1}, U8).getDouble(0)).isEqualTo(255);
    assertThat(Storage.of(new byte[] {1}, BOOL).getLong(0)).isEqualTo(1);
    assertThat(Storage.of(new short[] {0x3c00}, F16).getDouble(0)).isEqualTo(1);
    assertThat(Storage.of(new short[] {0x4049}, BF16).getDouble(0)).isEqualTo(3.140625);
    assertThat(Storage.of(new float[] {-2.75f}, F32).getLong(0)).isEqualTo(-2);
    assertThat(Storage.of(new long[] {Long.MAX_VALUE}, I64).getLong(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(Storage.of(new int[] {-7}, I32).getDouble(0)).isEqualTo(-7);
  }

  @Test
  void aStorageRefusesAnArrayOfAnotherType() {
    assertThatThrownBy(() -> Storage.of(new double[1], F32))
        .isInstanceOf(AutogradException.class)
        .hasMessage("storage: f32 cannot be kept in a double[]");
  }

  @Test
  void aStorageCountsWrites() {
    Storage s = Storage.zeros(F32, 1);
    assertThat(s.version()).isZero();
    s.bumpVersion();
    s.bumpVersion();
    assertThat(s.version()).isEqualTo(2);
  }
}
